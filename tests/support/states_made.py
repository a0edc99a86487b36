"""States to tell of, made by hand."""

from typing import Any

from standfast.observe.state.configuration import Configuration
from standfast.observe.state.instance import Address, Instance
from standfast.observe.state.process import Process
from standfast.observe.state.status import Status

NOW = 1_000_000.0


def instance(**changed: Any) -> Instance:
    given: dict[str, Any] = {
        "name": "VI_1",
        "state": "master",
        "since": NOW - 100,
        "reason": "master-down",
        "detail": "10.0.0.2 silent for 3.6 s",
        "interface": "eth0",
        "virtual_router_id": 51,
        "family": "ipv4",
        "version": 3,
        "priority": 150,
        "base_priority": 150,
        "arithmetic": "150 = 150",
        "preempt": True,
        "preempt_delay": 0.0,
        "owner": False,
        "accept": True,
        "interval": 1.0,
        "addresses": (address(),),
        "statistics": {"advert_sent": 7},
    }
    return Instance(**given | changed)


def address(*, wanted: bool = True, present: bool = True) -> Address:
    return Address(address="10.0.0.100/24", interface="eth0", wanted=wanted, present=present)


def status(*instances: Instance, **changed: Any) -> Status:
    given: dict[str, Any] = {
        "version": "1.0",
        "host": "a",
        "pid": 7,
        "started": NOW - 200,
        "taken": NOW,
        "configuration": Configuration(path="/etc/k.conf", generation=1, since=NOW - 200),
        "processes": (Process(name="vrrp", state="running", pid=8, since=NOW - 200),),
        "instances": instances or (instance(),),
    }
    return Status(**given | changed)

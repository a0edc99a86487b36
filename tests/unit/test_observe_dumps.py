"""The dumps in Keepalived's form: what tools read, and what nobody may read."""

import json
from typing import Any, Final

import pytest
from exporter import instances, scripts
from written import config_of

from standfast.base.addresses import Family
from standfast.base.times import SECOND, Instant
from standfast.core.track.snapshot import TrackerSnapshot, TrackersSnapshot
from standfast.core.track.verdict import GOOD, TrackerKey, TrackerKind
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.configured import routers_of
from standfast.core.vrrp.snapshot import NodeSnapshot, RouterSnapshot
from standfast.core.vrrp.standing import Standing
from standfast.core.vrrp.state import Backup, Fault, Master, State
from standfast.model.config import Config
from standfast.observe.counters import Counters
from standfast.observe.dump_json import json_text
from standfast.observe.dump_scripts import tracked_text
from standfast.observe.dump_vrrp import Seen, topology_text
from standfast.observe.state.moment import Moment

NOW: Final = Instant(100 * SECOND)
WALL: Final = 1_800_000_000.0
TEXT: Final = """
vrrp_script chk {
    script "/usr/bin/check 'two words'"
    interval 2
}
vrrp_track_process web {
    process nginx
    quorum 2
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    authentication {
        auth_type PASS
        auth_pass geheimni
    }
    track_script {
        chk
    }
    track_process {
        web weight 3
    }
    virtual_ipaddress {
        10.0.0.100/24
    }
    notify "/usr/bin/tell it"
}
"""


def seen(state: State, text: str = TEXT) -> Seen:
    read = config_of(text)
    routers = tuple(
        RouterSnapshot(
            router=router,
            state=state,
            changed_at=Instant(90 * SECOND),
            reason="started",
            detail="",
            faults=(),
            configured=router,
            standing=Standing(router.priority),
        )
        for router in routers_of(read)
    )
    return Seen(NodeSnapshot(NOW, routers), read, {}, Moment(NOW, WALL), account=lambda _: "0:0")


MASTER: Final = Master(NOW, NOW, Announcing(Cause.MASTER, NOW))
TRACKED: Final = TrackersSnapshot(
    NOW,
    (
        TrackerSnapshot(TrackerKey(TrackerKind.SCRIPT, "chk"), GOOD, NOW, running=True),
        TrackerSnapshot(TrackerKey(TrackerKind.PROCESS, "web"), GOOD, NOW, count=2),
    ),
)


def objects(state: State, text: str = TEXT) -> Any:
    return json.loads(json_text(seen(state, text), Counters(), TRACKED))


@pytest.mark.parametrize(
    ("state", "number", "held"),
    [
        pytest.param(MASTER, 2, True, id="a master"),
        pytest.param(Backup(NOW, SECOND), 1, False, id="a backup"),
        pytest.param(Fault(("interface-down:eth0",)), 3, False, id="in fault"),
    ],
)
def test_an_instance_is_told_alike_in_both_forms(state: State, number: int, held: bool) -> None:
    read = instances(topology_text(seen(state)))
    (one,) = objects(state)

    assert read == {
        "VI_1": {
            "state": number, "wantstate": number, "interface": "eth0", "garp_delay": 5, "vrid": 51,
            "addresses": [("10.0.0.100/24", "eth0")],
        }
    }  # fmt: skip
    assert (one["data"]["state"], one["data"]["vipset"]) == (number, held)
    assert one["data"]["vips"] == ["10.0.0.100/24 dev eth0 scope global" + " set" * held]
    assert one["data"]["last_transition"] == WALL - 10


def test_scripts_are_told_with_their_status_and_what_they_do_now() -> None:
    assert scripts(tracked_text(seen(MASTER), TRACKED)) == {"chk": (1, 1)}


def test_commands_are_quoted_word_by_word() -> None:
    (one,) = objects(MASTER)

    assert one["data"]["script"] == "'/usr/bin/tell' 'it'"
    assert one["data"]["track_script"] == ["'/usr/bin/check' 'two words'"]


def test_the_second_form_has_the_processes_too() -> None:
    whole = objects(MASTER, "global_defs {\n json_version 2\n}\n" + TEXT)

    assert list(whole) == ["vrrp", "track_process"]
    (process,) = whole["track_process"]
    assert (process["process"], process["min_processes"], process["current_processes"]) == ("nginx", 2, 2)
    assert process["have_quorum"] is True


def test_without_instances_there_is_no_json() -> None:
    nothing = Seen(NodeSnapshot(NOW, ()), Config(), {}, Moment(NOW, WALL), account=lambda _: "")

    assert json_text(nothing, Counters(), TRACKED) == ""


def test_the_password_is_in_none_of_them() -> None:
    written = topology_text(seen(MASTER)) + json.dumps(objects(MASTER))

    assert "geheimni" not in written
    assert "Password = ********" in written


def test_version_3_has_its_interval_in_milliseconds() -> None:
    text = TEXT.replace("virtual_router_id 51", "virtual_router_id 51\n version 3\n advert_int 0.25")
    text = text.replace("auth_type PASS", "").replace("auth_pass geheimni", "")

    assert "   Advert interval = 250 milli-sec" in topology_text(seen(MASTER, text)).splitlines()
    assert objects(MASTER, text)[0]["data"]["adver_int"] == 0.25
    assert seen(MASTER, text).snapshot.routers[0].router.family is Family.IPV4

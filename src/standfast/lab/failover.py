"""A failover, played in a lab and watched: two hosts share an address, the master's power is cut."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from standfast.base.addresses import IpAddress, parse_address
from standfast.base.times import MILLISECOND, SECOND, Duration, after, in_seconds, times
from standfast.lab.clock import now
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.patience import expect
from standfast.lab.timeline import Observed, Rules

ADDRESS: Final = parse_address("10.99.0.100")
OLD, NEW = ("a", "10.99.0.1"), ("b", "10.99.0.2")  # the master that dies, the backup that takes over
OLD_PRIORITY, NEW_PRIORITY = 150, 100
ASK_EVERY: Final = times(2, MILLISECOND)
_BEFORE, _AFTER = 2.4, 1.3  # intervals that the client asks before the kill and after the move
_ECHO_LATE: Final = times(20, MILLISECOND)  # the last answers of the dead may still be on their way

_CONFIG: Final = """\
vrrp_instance VI_1 {{
    state {state}
    interface eth0
    virtual_router_id 51
    priority {priority}
    advert_int {interval}
{flavour}
    virtual_ipaddress {{
        {address}/24
    }}
}}
"""
_AUTHENTICATION: Final = "    authentication {\n        auth_type PASS\n        auth_pass failover\n    }"


@dataclass(frozen=True, slots=True)
class Stage:
    """The lab with its hosts, the daemons running, the first one master."""

    lab: Lab
    old: Host
    new: Host
    client: Host
    rules: Rules

    def expect(self, condition: Callable[[], object], otherwise: str) -> None:
        """Wait for it.

        Raises:
            Refused: it did not come true.
        """
        expect(self.rules, condition, "not-moved", otherwise)


def rules_of(interval: Duration) -> Rules:
    """What the backup is told; only version 3 knows parts of a second."""
    return Rules(version=3 if interval % SECOND else 2, interval=interval, priority=NEW_PRIORITY)


def set_up(lab: Lab, rules: Rules) -> Stage:
    """Put up two hosts with a daemon each, and a client.

    Raises:
        Refused: the stronger one did not become master.
    """
    old, new = (lab.host(name, f"{address}/24") for name, address in (OLD, NEW))
    stage = Stage(lab, old, new, lab.host("client", "10.99.0.9/24"), rules)
    old.run(_config(rules, "MASTER", OLD_PRIORITY))
    new.run(_config(rules, "BACKUP", NEW_PRIORITY))
    stage.expect(lambda: old.holds(ADDRESS), f"{old.name} did not become master")
    return stage


def play(stage: Stage, tell: Callable[[str], None]) -> Observed:
    """Cut the master's power, and watch until the other one answers.

    Raises:
        Refused: it never did.
    """
    old, new, interval, started = stage.old, stage.new, stage.rules.interval / SECOND, now()
    with (
        stage.lab.capture() as wire,
        new.address_events() as changes,
        stage.client.probe(ADDRESS, every=ASK_EVERY) as probe,
    ):
        stage.expect(lambda: probe.answers_since(started), f"{ADDRESS} did not answer")
        time.sleep(_BEFORE * interval)
        tell(f"The power of {old.name} is cut: its cable is dead, and so are all its processes.")
        killed_at = old.power_off()
        silent_at = after(killed_at, _ECHO_LATE)
        stage.expect(lambda: probe.answers_since(silent_at), f"{new.name} did not answer for {ADDRESS}")
        tell(f"{new.name} answers.")
        time.sleep(_AFTER * interval)
    mac = new.mac()
    return Observed(
        killed_at=killed_at,
        old_adverts=[at for at, _ in wire.adverts(source=_source(OLD))],
        new_adverts=[at for at, _ in wire.adverts(source=_source(NEW))],
        held=[event.at for event in changes.of(ADDRESS) if event.added],
        announced=[at for at, said in wire.announcements(ADDRESS) if said.mac == mac],
        questions=probe.questions,
    )


def _source(host: tuple[str, str]) -> IpAddress:
    return parse_address(host[1])


def _config(rules: Rules, state: str, priority: int) -> str:
    """An ordinary keepalived.conf."""
    flavour = "    version 3" if rules.version == 3 else _AUTHENTICATION
    interval = in_seconds(rules.interval)
    return _CONFIG.format(state=state, priority=priority, interval=interval, flavour=flavour, address=ADDRESS)

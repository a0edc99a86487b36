"""Two directors, two web servers, a client: a web server is killed and comes back, then a director is killed."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from standfast.base.errors import Refused
from standfast.base.times import MILLISECOND, Instant, in_seconds, times
from standfast.lab.clock import now
from standfast.lab.failover import NEW_PRIORITY, OLD_PRIORITY
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.patience import expect
from standfast.lab.processes import Process
from standfast.lab.timeline import Rules
from standfast.lab.visitors import Visit, Visitors

SERVICE: Final = "10.99.0.200"
DIRECTORS: Final = (("d1", "10.99.0.21", OLD_PRIORITY), ("d2", "10.99.0.22", NEW_PRIORITY))
WEBS: Final = (("w1", "10.99.0.31"), ("w2", "10.99.0.32"))
VISIT_EVERY: Final = times(25, MILLISECOND)
_QUIET: Final = 1.5  # seconds between the events, so that a person can tell them apart
_SETTLED: Final = 20  # visitors in a row who show that something is so now

_CONFIG: Final = """\
global_defs {{
    lvs_engine nftables
}}
vrrp_instance WEB {{
    interface eth0
    version 3
    virtual_router_id 52
    priority {priority}
    advert_int {interval}
    virtual_ipaddress {{
        {address}/24
    }}
}}
virtual_server {address} 80 {{
    delay_loop 0.4
    lvs_sched rr
    lvs_method NAT
    protocol TCP
{servers}
}}
"""
_SERVER: Final = """\
    real_server {address} 80 {{
        HTTP_GET {{
            url {{
                path /
                status_code 200
            }}
            connect_timeout 1
            retry 0
            warmup 0
        }}
    }}"""
_TRIAL: Final = """\
add table ip trial
add chain ip trial post { type nat hook postrouting priority 100; }
add rule ip trial post masquerade
delete table ip trial
"""
_WEB: Final = """\
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(sys.argv[1].encode())
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer(("", 80), Page).serve_forever()
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everybody is up, and the service answers."""

    lab: Lab
    directors: Sequence[Host]
    webs: Sequence[Host]
    client: Host
    first: Process  # the first web server
    rules: Rules

    def expect(self, condition: Callable[[], object], otherwise: str) -> None:
        """Wait for it.

        Raises:
            Refused: it did not come true.
        """
        expect(self.rules, condition, "not-balanced", otherwise)


@dataclass(frozen=True, slots=True)
class Story:
    """What happened when; instants are of the lab's clock."""

    killed: Instant  # the first web server
    left_out: Instant  # from here on nobody was sent to it
    returned: Instant  # it was started again
    back: Instant  # somebody was sent to it again
    cut: Instant  # the first director's power
    taken_over: Instant  # the first answer through the second director
    visits: tuple[Visit, ...]

    @property
    def lost(self) -> int:
        """Visitors whom nobody answered."""
        return sum(not visit.by for visit in self.visits)

    def lost_between(self, start: Instant, end: Instant) -> int:
        """Of those who came between two moments."""
        return sum(not visit.by for visit in self.visits if start <= visit.at < end)


def set_up(lab: Lab, rules: Rules) -> Stage:
    """Put up the hosts with their programs.

    Raises:
        Refused: the machine does not allow it, or the first director did not become master.
    """
    webs = [lab.host(name, f"{address}/24") for name, address in WEBS]
    first, *_ = [_start_web(web) for web in webs]
    directors = [lab.host(name, f"{address}/24") for name, address, _ in DIRECTORS]
    client = lab.host("visitor", "10.99.0.29/24")
    stage = Stage(lab, directors, webs, client, first, rules)
    for director, (_, _, priority) in zip(directors, DIRECTORS, strict=True):
        _let_it_balance(director)
        director.direct(_config(rules, priority))
    stage.expect(lambda: directors[0].holds(SERVICE), f"{directors[0].name} did not become master")
    return stage


def play(stage: Stage, tell: Callable[[str], None]) -> Story:
    """Kill a web server, bring it back, cut a director's power; all the while visitors come.

    Raises:
        Refused: what should follow did not.
    """
    first, second = (web.name for web in stage.webs)
    with Visitors(stage.client, SERVICE, every=VISIT_EVERY) as visitors:

        def answered_by(*names: str) -> bool:
            return set(visitors.latest(_SETTLED)) == set(names) and len(visitors.visits) >= _SETTLED

        stage.expect(lambda: answered_by(first, second), "not both web servers answered")
        time.sleep(_QUIET)
        killed = stage.first.kill()
        tell(f"The web server {first} is killed.")
        stage.expect(lambda: answered_by(second), f"{first} was not left out")
        left_out = _after_the_last_loss(visitors.visits, killed)
        time.sleep(_QUIET)
        returned = now()
        _start_web(stage.webs[0])
        tell(f"{first} is started again.")
        stage.expect(lambda: answered_by(first, second), f"{first} was not taken back")
        back = next(visit.at for visit in visitors.visits if visit.at > returned and visit.by == first)
        time.sleep(_QUIET)
        cut = stage.directors[0].power_off()
        tell(f"The power of the director {stage.directors[0].name} is cut.")
        stage.expect(lambda: stage.directors[1].holds(SERVICE), "the other director did not take over")
        stage.expect(lambda: answered_by(first, second), "the other director did not balance")
        time.sleep(_QUIET)
    taken_over = _after_the_last_loss(visitors.visits, cut)
    return Story(killed, left_out, returned, back, cut, taken_over, visitors.visits)


def _after_the_last_loss(visits: Sequence[Visit], since: Instant) -> Instant:
    """When the first visitor after the last one who was not answered came; that moment, if none was lost."""
    lost = max((visit.at for visit in visits if visit.at >= since and not visit.by), default=since)
    return next((visit.at for visit in visits if visit.at > lost), lost)


def _let_it_balance(director: Host) -> None:
    """Have its kernel pass packets on.

    Raises:
        Refused: `no-nftables`, the machine has no nftables for us.
    """
    director.command("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
    try:
        director.command("nft", "-f", "-", text=_TRIAL)
    except Refused as refused:
        words = f"nftables cannot be used ({refused})"
        raise Refused("no-nftables", words, remedy="apt install nftables") from None


def _start_web(host: Host) -> Process:
    return host.start(sys.executable, "-I", "-c", _WEB, host.name)


def _config(rules: Rules, priority: int) -> str:
    servers = "\n".join(_SERVER.format(address=address) for _, address in WEBS)
    interval = in_seconds(rules.interval)
    return _CONFIG.format(priority=priority, interval=interval, address=SERVICE, servers=servers)

"""One host with all processes of the daemon, what can be done to it, and what must be true meanwhile.

Its router is the owner of its address and speaks once a second, so an advert may be 100 ms late. Its run directory
is a small file system of its own, which a test can fill or close; `/dev/log` is a path on the host's /run.
"""

import re
import signal
from itertools import pairwise
from statistics import median
from typing import Final

from standfast.base.times import MILLISECOND, SECOND, Duration, Instant, between
from standfast.lab.capture import Capture
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab, standfastd
from standfast.lab.packets import Advert

VIP: Final = "10.99.0.100"
INTERVAL: Final = SECOND
LEFT_OUT: Final[Duration] = Duration(2 * SECOND)  # from one advert to the next but one
TOLERANCE: Final[Duration] = Duration(100 * MILLISECOND)  # a tenth of the interval
PATIENCE: Final = 30.0  # seconds for what a machine at rest does in tenths of one
STATE: Final = "/run/state"  # pid files, records, history and the control socket are here
HELPERS: Final = ("checker", "bfd", "messenger")

FILL: Final = f"cat /dev/zero > {STATE}/filler 2>/dev/null"

# The daemon sees a small file system of its own for its state, and a /dev whose log is on its host's /run.
_WORLD: Final = f"""
mkdir -p {STATE} /run/dev && mount -t tmpfs -o size=64k state {STATE} && mount --rbind /dev /run/dev &&
mount -t tmpfs dev /dev && for each in null zero full random urandom; do
    touch /dev/$each && mount --bind /run/dev/$each /dev/$each; done
ln -s /proc/self/fd /dev/fd; ln -s /proc/self/fd/2 /dev/stderr; ln -s /run/log /dev/log
{{}}
exec "$0" "$@"
"""
_STARTED: Final = r"tarted the {} process  pid=(\d+)"  # or restarted
_OWN_FILES: Final = ("standfastd.history", "standfastd.history.1")  # what outlives a daemon on purpose


class World(Lab):
    """A lab whose daemons live so, and a capture of all that they send."""

    def __init__(self, *, before: str = "") -> None:
        """Make an empty one; `before` is a command that runs in it before each daemon."""
        super().__init__(daemon=("sh", "-c", _WORLD.format(before), *standfastd()))
        self.seen: Capture = self.capture()

    def close(self) -> None:
        """End and remove everything."""
        self.seen.close()
        super().close()


SECOND_ROUTER: Final = """
    vrrp_instance VI_2 {
        interface eth0
        virtual_router_id 99
        version 3
        priority 100
        virtual_ipaddress { 10.99.0.199/24 }
        track_interface { spare }
        notify /run/wild
    }
"""


def text(globals_: str = "", *, all_children: bool = True, vrid: int = 51) -> str:
    """A configuration with one router, and if wanted with work for every child."""
    others = f"""
        bfd_instance wan {{ neighbor_ip 10.99.0.77
            source_ip 10.99.0.{vrid - 50}
        }}
        virtual_server 10.99.0.200 80 {{
            delay_loop 1
            lvs_sched rr
            lvs_method NAT
            protocol TCP
            real_server 10.99.0.78 80 {{
                TCP_CHECK {{ connect_timeout 1 }}
            }}
        }}
    """
    return f"""global_defs {{
            script_user root
            enable_script_security
            lvs_engine nftables
            {"notify_fifo /run/all.fifo" if all_children else ""}
            {globals_}
        }}
        vrrp_instance VI_1 {{
            interface eth0
            state MASTER
            virtual_router_id {vrid}
            version 3
            priority 255
            advert_int 1
            virtual_ipaddress {{ 10.99.0.{vrid + 49}/24 }}
        }}
        {others if all_children else ""}
    """


class Victim:
    """A host with its daemon, watched by a capture of all that it sends."""

    def __init__(
        self, lab: World, configuration: str, *, name: str = "a", vrid: int = 51, script: str = ""
    ) -> None:
        """Start it, and wait until all its processes run and it is master.

        Args:
            lab: where it is.
            configuration: of the daemon.
            name: of the host.
            vrid: of its router, which names its addresses, too.
            script: the text of /run/wild, a script that can be named in the configuration.
        """
        self.lab = lab
        self.vrid = vrid
        self.host: Host = lab.host(name, f"10.99.0.{vrid - 50}/24")
        self.vip = f"10.99.0.{vrid + 49}"
        self.host.write("wild", f"#!/bin/sh\n{script}\n", mode=0o755)
        pair = "link add spare type veth peer name other\nlink set spare up\nlink set other up\n"
        self.host.command("ip", "-batch", "-", text=pair)
        files = [f"-p{STATE}/standfastd.pid", f"-r{STATE}/vrrp.pid", f"-b{STATE}/bfd.pid"]
        self.daemon: Daemon = self.host.direct(configuration, *files, f"-c{STATE}/checkers.pid")
        assert lab.within(PATIENCE, lambda: "Startup complete" in self.daemon.log() or not self.daemon.alive)
        assert lab.within(PATIENCE, lambda: self.host.holds(self.vip))

    def pid(self, child: str) -> int:
        """Of a child, the last one that was started."""
        return int(self._pids(child)[-1])

    def born(self, child: str) -> int:
        """How many of a child were started."""
        return len(self._pids(child))

    def _pids(self, child: str) -> list[str]:
        return re.findall(_STARTED.format(child), self.daemon.log())

    def hit(self, number: signal.Signals, *children: str) -> Instant:
        """Send a signal to children; to the parent if none is named."""
        return self.daemon.signal(number, *(self.pid(child) for child in children))

    def inside(self, *argv: str) -> str:
        """Run a program that sees the files as the daemon does."""
        return self.host.command("nsenter", "-m", "-t", str(self.daemon.pid), *argv)

    def hears(self, count: int, *, since: Instant) -> None:
        """Wait for so many adverts after a moment, and for the time of one more."""
        assert self.lab.within(count + PATIENCE, lambda: len(self._times(since)) >= count)

    def change_states(self) -> None:
        """Have the second router change its state six times: there is much to tell."""
        for state in ("down", "up") * 3:
            self._change(state)

    def _change(self, state: str) -> None:
        before = self._changes()
        self.host.command("ip", "link", "set", "spare", state)
        assert self.lab.within(PATIENCE, lambda: self._changes() > before)

    def _changes(self) -> int:
        return self.daemon.log().count("(VI_2) Entering")

    def assert_on_time(self, since: Instant, until: Instant | None = None) -> None:
        """Adverts were at most a tenth of their interval late, but for when the machine itself stood still.

        Whoever is held up is so for a second and more (a connection that is not made, a script that sleeps), or
        each time: no advert is left out, and most have come when they were due.
        """
        at = [each for each in self._times(Instant(0)) if until is None or each <= until]
        gaps = [between(first, second) for first, second in pairwise(at) if second >= since]
        assert gaps, "nothing was heard"
        assert median(gaps) <= INTERVAL + TOLERANCE, f"adverts were late: {gaps}"
        assert max(gaps) < LEFT_OUT, f"an advert was left out: {gaps}"

    def stop(self) -> None:
        """Stop it, and see that nothing of it is left."""
        assert self.daemon.stop() == 0, self.daemon.log()
        self.assert_nothing_left()

    def assert_nothing_left(self) -> None:
        """No address, no process, no rule, no pipe, and no file but the history."""
        assert self.lab.within(PATIENCE, lambda: not self.daemon.tree()), self.daemon.tree()
        assert not self.host.holds(self.vip)
        assert "standfast" not in self.host.command("nft", "list", "ruleset")
        assert "all.fifo" not in self.host.command("ls", "/run")

    def _times(self, since: Instant) -> list[Instant]:
        return [at for at, advert in self.adverts(since) if advert.priority > 0]

    def adverts(self, since: Instant = Instant(0)) -> tuple[tuple[Instant, Advert], ...]:
        """All adverts of its router."""
        return self.lab.seen.adverts(self.vrid, since=since)

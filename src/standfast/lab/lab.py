"""A lab: hosts on switches, made for a moment.

```python
with Lab() as lab:
    left, right = lab.host("a", "10.99.0.1/24"), lab.host("b", "10.99.0.2/24")
    left.run(config_text)
    assert lab.within(5.0, lambda: left.holds("10.99.0.100"))
```
"""

import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Self

from standfast.lab.capture import BUFFER, Capture
from standfast.lab.clock import within
from standfast.lab.hosts import INTERFACE, Host, command
from standfast.lab.namespaces import Namespaces

SWITCH: Final = "switch"  # where every host has its first interface
DAEMON_VARIABLE: Final = "STANDFAST_LAB_DAEMON"  # another daemon to run everywhere, for comparison
_FROM_SOURCE: Final = "import sys; from standfast.daemon.main import main; sys.exit(main())"


class Lab:
    """A context manager; whatever happens inside, even to this process, nothing is left behind."""

    def __init__(self, *, daemon: Sequence[str] = ()) -> None:
        """Make an empty lab with one switch.

        Args:
            daemon: the command that `Host.run` starts, without Keepalived's flags; `standfastd` if empty.

        Raises:
            Refused: the machine does not allow it; the sentence says what to do.
        """
        self.daemon = tuple(daemon) or standfastd()
        self._hosts: dict[str, Host] = {}
        self._namespaces = Namespaces()
        try:
            self.switch(SWITCH)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End and remove everything."""
        self._namespaces.close()
        for host in self._hosts.values():
            host.close()

    def switch(self, name: str) -> None:
        """Add a switch; `Host.connect` lays cables to it."""
        # It neither filters multicast nor waits before it forwards, and a capture on it sees every frame.
        made = f"link add {name} type bridge stp_state 0 forward_delay 0 mcast_snooping 0\n"
        quiet = f"link set {name} addrgenmode none\n"
        text = f"{made}{quiet}link set {name} promisc on up\n"
        command(self._namespaces, "", ["ip", "-batch", "-"], text)

    def host(self, name: str, *addresses: str) -> Host:
        """Add a host whose `eth0` has these addresses (each with its prefix length) and is on the switch.

        Args:
            name: at most 10 letters, so that the switch's port can be named after it.
            addresses: of both families; a link-local IPv6 address is there in any case.
        """
        host = Host(self._namespaces, name, number=len(self._hosts) + 1, daemon=self.daemon)
        self._hosts[name] = host
        host.connect(INTERFACE, SWITCH, addresses)
        return host

    def capture(self, switch: str = SWITCH) -> Capture:
        """Take every frame that passes a switch from now on, once."""
        made = self._namespaces.socket("", socket.AF_PACKET, socket.SOCK_RAW, buffer=BUFFER)
        return Capture(made, switch)

    def within(self, seconds: float, condition: Callable[[], object]) -> bool:
        """Whether the condition becomes true in that time."""
        return within(seconds, condition)

    def log(self) -> str:
        """What all programs of all hosts wrote: for a person who looks for what went wrong."""
        return "\n".join(host.log() for host in self._hosts.values())


def standfastd() -> tuple[str, ...]:
    """The daemon's command: as the environment says, else as installed, else from the source beside us."""
    if named := os.environ.get(DAEMON_VARIABLE):
        return (named,)
    installed = Path(sys.executable).with_name("standfastd")
    if installed.exists():
        return (str(installed),)
    return (sys.executable, "-P", "-c", _FROM_SOURCE)

"""Which addresses may be on this host because of us, written down beside the pid file of the parent.

A process that was killed leaves its addresses, and the configuration that it is started with next need not name
them any more. The mark on an address says that VRRP put it there, not that it was we: a Keepalived beside us marks
its own alike. See docs/decisions, "Addresses that are on the host when we start".
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from standfast.base.addresses import HostAddress, parse_address
from standfast.core.vrrp.configured import routers_of
from standfast.daemon.whole_file import write_whole
from standfast.model.config import Config


class AddressRecord:
    """The file; whoever holds the pid file may write it. What goes wrong with it never stops the work."""

    def __init__(self, pid_file: str) -> None:
        self._path = Path(f"{pid_file.removesuffix('.pid')}.addresses")

    def read(self) -> tuple[HostAddress, ...]:
        """What was written last; nothing if there is no file, and of a damaged one what can be read."""
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ()
        return tuple(address for line in lines if (address := _read(line)) is not None)

    def write(self, addresses: Iterable[HostAddress]) -> None:
        """Write these instead, whole or not at all."""
        text = "".join(f"{line}\n" for line in dict.fromkeys(map(_written, addresses)))
        write_whole(self._path, text.encode())

    def add(self, addresses: Iterable[HostAddress]) -> None:
        """Write these besides."""
        self.write((*self.read(), *addresses))

    def remove(self) -> None:
        """Nothing of ours is on the host."""
        with suppress(OSError):
            self._path.unlink()


def addresses_of(config: Config) -> tuple[HostAddress, ...]:
    """All addresses that the host may have because of a configuration."""
    default = config.global_defs.default_interface
    static = (entry.on(default) for entry in config.static_ipaddress)
    return (*static, *(address for router in routers_of(config) for address in router.held))


def _written(address: HostAddress) -> str:
    peer = f" {address.peer}" if address.peer else ""
    return f"{address.interface} {address.address}/{address.prefix}{peer}"


def _read(line: str) -> HostAddress | None:
    try:
        interface, whole, *peer = line.split()
        address, _, prefix = whole.partition("/")
        return HostAddress(
            parse_address(address), int(prefix), interface, peer=parse_address(peer[0]) if peer else None
        )
    except ValueError:
        return None

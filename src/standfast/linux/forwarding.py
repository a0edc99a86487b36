"""Whether the kernel passes packets on: NAT needs it, and it is the administrator's to allow."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from standfast.base.addresses import Family
from standfast.linux.network_namespace import visiting

_SETTINGS: Final = {Family.IPV4: "net/ipv4/ip_forward", Family.IPV6: "net/ipv6/conf/all/forwarding"}
_ROOT: Final = "/proc/sys"


class ForwardingSettings:
    """Says once that it is off, and again when it was on meanwhile; changes nothing."""

    def __init__(self, complain: Callable[[str], None], *, root: str = _ROOT) -> None:
        """Make it; nothing is looked at yet.

        Args:
            complain: gets words about a setting that is off.
            root: where the settings stand.
        """
        self._complain = complain
        self._root = Path(root)
        self._place: str | None = None
        self._needed: tuple[Family, ...] = ()
        self._said: set[Family] = set()

    def need(self, families: Iterable[Family], place: str | None) -> None:
        """Packets of these families must be passed on from now on; see whether they are.

        Args:
            families: none, if nothing has to be.
            place: the file of the network namespace that it is about; None: that which the process runs in.
        """
        self._needed, self._place = tuple(sorted(families)), place
        self.look()

    def look(self) -> None:
        """See again, and say what has changed."""
        off = self._off()
        self._said.intersection_update(off)
        for family in off:
            if family not in self._said:
                self._said.add(family)
                name = _name(family)
                self._complain(
                    f"{name} is off: the kernel does not pass packets on to real servers over IPv{family}; "
                    f"allow it (sysctl -w {name}=1, and in /etc/sysctl.d for good)"
                )

    @property
    def lacking(self) -> tuple[str, ...]:
        """The settings that are needed and are off at this moment, as `sysctl` calls them."""
        return tuple(map(_name, self._off()))

    def _off(self) -> tuple[Family, ...]:
        try:
            with visiting(self._place):
                return tuple(family for family in self._needed if self._is_off(_SETTINGS[family]))
        except OSError:
            return ()  # nobody can tell

    def _is_off(self, setting: str) -> bool:
        try:
            return (self._root / setting).read_text().strip() == "0"
        except OSError:
            return False


def _name(family: Family) -> str:
    return _SETTINGS[family].replace("/", ".")

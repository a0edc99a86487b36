"""Whether the kernel passes packets on: NAT needs it, and it is the administrator's to allow."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from standfast.base.addresses import Family

_SETTINGS: Final = {Family.IPV4: "net/ipv4/ip_forward", Family.IPV6: "net/ipv6/conf/all/forwarding"}
_ROOT: Final = "/proc/sys"


class ForwardingSettings:
    """Says once that it is off, and again when it was on meanwhile; changes nothing."""

    def __init__(self, complain: Callable[[str], None], *, root: str = _ROOT) -> None:
        self._complain = complain
        self._root = Path(root)
        self._said: set[Family] = set()

    def look(self, families: Iterable[Family]) -> None:
        """Look at the settings of these families."""
        for family in sorted(families):
            setting = _SETTINGS[family]
            if not self._is_off(setting):
                self._said.discard(family)
            elif family not in self._said:
                self._said.add(family)
                name = setting.replace("/", ".")
                self._complain(
                    f"{name} is off: the kernel does not pass packets on to real servers over IPv{family}; "
                    f"allow it (sysctl -w {name}=1, and in /etc/sysctl.d for good)"
                )

    def _is_off(self, setting: str) -> bool:
        try:
            return (self._root / setting).read_text().strip() == "0"
        except OSError:
            return False  # nobody can tell

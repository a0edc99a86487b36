"""Which signed adverts a host believes, read from their bytes without the code that is judged (AU-12, AU-13)."""

from standfast.base.addresses import Family, IpAddress
from standfast.base.times import SECOND
from standfast.core.vrrp.router import Router
from standfast.sim.host import SimHost
from standfast.sim.network import Packet
from standfast.wire.vrrp_hmac import TRAILER_SIZE

_Whose = tuple[str, int, Family, IpAddress]  # host, VRID, family, sender


class Believed:
    """What each host has heard of each sender."""

    def __init__(self) -> None:
        self._latest: dict[_Whose, int] = {}  # sequence numbers

    def judge(self, host: SimHost, packet: Packet, router: Router) -> bool:
        """Whether an advert that arrives for this router now is fresh and no copy; from now on it is a copy."""
        if router.signature is None:
            return True
        window = _in_sequence(router.signature.window)
        now = _in_sequence(host.hardware.time_of_day.now())
        said = int.from_bytes(packet.payload[-TRAILER_SIZE:][4:12], "big")
        whose = host.name, router.vrid, packet.family, packet.source
        last = self._latest.get(whose)
        copied = last is not None and abs(now - last) <= window and said <= last
        if abs(now - said) > window or copied:
            return False
        self._latest[whose] = said
        return True

    def ended(self, host: SimHost) -> None:
        """Its process remembers nothing any more."""
        self._latest = {whose: said for whose, said in self._latest.items() if whose[0] != host.name}


def _in_sequence(microseconds: int) -> int:
    """A time as a sequence number tells it: 64 bits, of which 32 are whole seconds (AU-04)."""
    return (microseconds << 32) // SECOND

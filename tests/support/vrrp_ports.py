"""Ports that write down what they are asked for, in one list, in order."""

from collections.abc import Callable, Sequence

from standfast.base.addresses import HostAddress, IpAddress
from standfast.base.routes import Routing
from standfast.base.times import Instant, WallTime
from standfast.core.vrrp.firewall import RuleSet
from standfast.core.vrrp.router import Link, Part, Router
from standfast.engine.signing import Signer
from standfast.engine.vrrp import VrrpEffects

Call = tuple[object, ...]


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, now: int = 0) -> None:
        self.at = Instant(now)

    def now(self) -> Instant:
        return self.at


class SetTimeOfDay:
    """A wall clock that stands where it is put."""

    def __init__(self, now: int = 1_800_000_000_000_000) -> None:
        self.at = WallTime(now)

    def now(self) -> WallTime:
        return self.at


class WrittenAdverts:
    def __init__(self, calls: list[Call]) -> None:
        self._calls = calls

    def listen(self, routers: Sequence[tuple[Router, Link]]) -> None:
        self._calls.append(("listen", [router.name for router, _ in routers]))

    def prepare(self, router: Router, link: Link, source: IpAddress) -> None:
        self._calls.append(("prepare adverts", router.name, link.name, source))

    def ready(self, router: str, datagrams: Sequence[bytes]) -> None:
        """Written of nothing: it has no consequence."""

    def send(self, router: str, datagrams: Sequence[bytes]) -> None:
        self._calls.append(("send", router, *(data[2] for data in datagrams)))  # the priority byte

    def flush(self) -> None:
        self._calls.append(("flush",))

    def drain(self, until: Instant | None = None) -> bool:
        return False

    def forget(self, router: str) -> None:
        self._calls.append(("forget adverts", router))


class WrittenAddresses:
    def __init__(self, calls: list[Call]) -> None:
        self._calls = calls

    def prepare(self, parts: Sequence[Part]) -> None:
        self._calls.append(("prepare addresses", *(part.router for part in parts)))

    def hold(self, part: Part) -> None:
        self._calls.append(("hold", part))

    def release(self, addresses: Sequence[HostAddress]) -> None:
        self._calls.append(("release", *addresses))

    def read(self) -> None:
        self._calls.append(("read",))

    def forget(self, router: str) -> None:
        self._calls.append(("forget addresses", router))


class WrittenAnnouncements:
    def __init__(self, calls: list[Call]) -> None:
        self._calls = calls

    def prepare(self, parts: Sequence[Part], router: Router) -> None:
        self._calls.append(("prepare frames", router.name, len(parts)))

    def announce(self, part: Part) -> None:
        self._calls.append(("announce", part))

    def withdraw(self, addresses: Sequence[HostAddress]) -> None:
        """Written of nothing: what is withdrawn was released."""

    def forget(self, router: str) -> None:
        self._calls.append(("forget frames", router))


class WrittenRouting:
    def __init__(self, calls: list[Call]) -> None:
        self._calls = calls

    def hold(self, items: Sequence[Routing]) -> None:
        self._calls.append(("hold routing", *items))

    def release(self, items: Sequence[Routing]) -> None:
        self._calls.append(("release routing", *items))

    def read(self) -> None:
        self._calls.append(("read routing",))


class WrittenFirewall:
    def __init__(self, calls: list[Call]) -> None:
        self._calls = calls

    def shield(self, rules: RuleSet) -> None:
        self._calls.append(("shield", rules))

    def check(self) -> None:
        self._calls.append(("check shield",))


class WrittenFacts:
    """A listener."""

    def __init__(self, calls: list[Call], wants: Callable[[type], bool] = lambda _: True) -> None:
        self._calls = calls
        self._wants = wants
        self.asked: list[type] = []

    def wants(self, kind: type) -> bool:
        self.asked.append(kind)
        return self._wants(kind)

    def tell(self, fact: object, now: Instant) -> None:
        self._calls.append(("tell", fact, now))


def written(calls: list[Call], *, listeners: Sequence[WrittenFacts] = (), clock: SetClock) -> VrrpEffects:
    """An interpreter of effects all of whose ports write into the list."""
    return VrrpEffects(
        adverts=WrittenAdverts(calls),
        addresses=WrittenAddresses(calls),
        announcer=WrittenAnnouncements(calls),
        firewall=WrittenFirewall(calls),
        routing=WrittenRouting(calls),
        listeners=listeners,
        clock=clock,
        signer=Signer(SetTimeOfDay()),
    )

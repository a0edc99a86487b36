"""Carries out what the routers ask for, through the ports; decides nothing itself."""

from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

from standfast.base.addresses import IpAddress
from standfast.base.errors import broken
from standfast.base.priorities import LEAVING
from standfast.base.times import Instant
from standfast.core.vrrp.effects import (
    AddressMissing,
    AddressNotHeld,
    AdvertDropped,
    AdvertHeard,
    AdvertSent,
    Announce,
    CheckShield,
    Effect,
    FirewallRefused,
    FirewallSet,
    FirewallTouched,
    Forget,
    GroupChanged,
    HoldAddresses,
    HoldRouting,
    Listen,
    OneMaster,
    Overslept,
    OwnersConflict,
    PeerDiffers,
    Prepare,
    PrepareAdvert,
    PriorityChanged,
    ReadAddresses,
    ReadRouting,
    ReleaseAddresses,
    ReleaseRouting,
    RouterChanged,
    RoutingMissing,
    RoutingNotHeld,
    SendAdvert,
    Shield,
    TwoMasters,
    WeakerHeard,
)
from standfast.core.vrrp.router import Router
from standfast.engine.adverts import datagrams_of
from standfast.engine.audience import Audience
from standfast.engine.ports import (
    AddressPort,
    AdvertPort,
    AnnouncePort,
    Clock,
    FirewallPort,
    Listener,
    RoutingPort,
)
from standfast.engine.signing import Signer

_Asked = Shield | CheckShield | HoldRouting | ReleaseRouting | ReadRouting


class VrrpEffects:
    """The interpreter of the core's effects."""

    def __init__(
        self,
        *,
        adverts: AdvertPort,
        addresses: AddressPort,
        announcer: AnnouncePort,
        firewall: FirewallPort,
        routing: RoutingPort,
        listeners: Sequence[Listener],
        clock: Clock,
        signer: Signer,
    ) -> None:
        self._adverts = adverts
        self._addresses = addresses
        self._announcer = announcer
        self._firewall = firewall
        self._routing = routing
        self._audience = Audience(listeners, clock)
        self._clock = clock
        self._signer = signer
        self._speak: Callable[[Instant], Iterable[SendAdvert]] = _nothing
        self._untold: list[AdvertSent] = []
        self._routers: dict[str, tuple[Router, IpAddress]] = {}
        self._ready: dict[str, dict[int, tuple[bytes, ...]]] = {}  # adverts, by router and by priority
        self._signing: set[str] = set()  # routers whose adverts are signed when they leave

    def speak_with(self, speak: Callable[[Instant], Iterable[SendAdvert]]) -> None:
        """Ask this, in the midst of long work, for adverts that came due meanwhile: they come first."""
        self._speak = speak

    def run(self, effects: Iterable[Effect]) -> None:
        """Do and tell, in the order given; adverts that follow each other leave together."""
        queued = False
        for effect in effects:
            if isinstance(effect, SendAdvert):
                queued |= self._queue(effect)
                continue
            if queued:
                self._adverts.flush()
                queued = False
            self._do(effect)
        if queued:
            self._adverts.flush()
        self._tell_sent()

    def rehearsing(
        self,
        adverts: AdvertPort,
        addresses: AddressPort,
        announcer: AnnouncePort,
        *,
        firewall: FirewallPort,
        routing: RoutingPort,
    ) -> "VrrpEffects":
        """The same interpreter with what it has made ready, on other ports, and told to nobody."""
        other = VrrpEffects(
            adverts=adverts,
            addresses=addresses,
            announcer=announcer,
            firewall=firewall,
            routing=routing,
            listeners=(),
            clock=self._clock,
            signer=self._signer,
        )
        other._ready, other._routers, other._signing = self._ready, self._routers, self._signing
        return other

    def _do(self, effect: Effect) -> None:
        match effect:
            case HoldAddresses(part):
                self._addresses.hold(part)
                self._send_due()
            case Announce(part):
                self._announcer.announce(part)
            case ReleaseAddresses(addresses=addresses):
                self._addresses.release(addresses)
                self._announcer.withdraw(addresses)
                self._send_due()
            case Prepare():
                self._prepare(effect)
                self._send_due()
            case PrepareAdvert(router, priority):
                self._make_ready(router, priority)
            case Listen(routers):
                self._adverts.listen(routers)
            case Forget(router):
                self._forget(router)
            case ReadAddresses():
                self._addresses.read()
            case Shield() | CheckShield() | HoldRouting() | ReleaseRouting() | ReadRouting():
                self._ask_host(effect)
            case SendAdvert():
                broken("adverts are sent by run")
            case (
                RouterChanged()
                | GroupChanged()
                | PriorityChanged()
                | AdvertSent()
                | AdvertHeard()
                | AdvertDropped()
                | PeerDiffers()
                | WeakerHeard()
                | TwoMasters()
                | OneMaster()
                | OwnersConflict()
                | AddressMissing()
                | AddressNotHeld()
                | RoutingMissing()
                | RoutingNotHeld()
                | Overslept()
                | FirewallSet()
                | FirewallRefused()
                | FirewallTouched()
            ):
                self._tell_sent()
                self._audience.tell(effect)
            case _:
                assert_never(effect)

    def _ask_firewall(self, effect: Shield | CheckShield) -> None:
        match effect:
            case Shield(rules):
                self._firewall.shield(rules)
            case CheckShield():
                self._firewall.check()

    def _ask_host(self, effect: _Asked) -> None:
        match effect:
            case HoldRouting(items):
                self._routing.hold(items)
                self._send_due()
            case ReleaseRouting(items):
                self._routing.release(items)
                self._send_due()
            case ReadRouting():
                self._routing.read()
            case _:
                self._ask_firewall(effect)

    def _send_due(self) -> None:
        queued = [self._queue(effect) for effect in self._speak(self._clock.now())]
        if any(queued):
            self._adverts.flush()

    def _queue(self, effect: SendAdvert) -> bool:
        """Queue an advert; False if the router has no source address, so nothing can be sent."""
        ready = self._ready.get(effect.router)
        if ready is None:
            return False
        datagrams = ready.get(effect.priority)
        if datagrams is None:
            datagrams = datagrams_of(*self._routers[effect.router], effect.priority)
            ready[effect.priority] = datagrams
        if effect.router in self._signing:
            router, source = self._routers[effect.router]
            datagrams = self._signer.signed(router, source, datagrams, counter=effect.sequence)
        self._adverts.send(effect.router, datagrams)
        self._untold.append(AdvertSent(effect.router, leaving=effect.priority == LEAVING))
        return True

    def _tell_sent(self) -> None:
        """Tell of the adverts that have left: after what is urgent, before what else is told."""
        if self._untold:
            sent, self._untold = self._untold, []
            for fact in sent:
                self._audience.tell(fact)

    def _prepare(self, effect: Prepare) -> None:
        router, source = effect.router, effect.source
        self._routers[router.name] = router, source
        self._ready[router.name] = {
            priority: datagrams_of(router, source, priority) for priority in (router.priority, LEAVING)
        }
        self._adverts.prepare(router, effect.link, source)
        for priority in (router.priority, LEAVING):
            self._adverts.ready(router.name, self._as_sent(router, source, priority))
        self._addresses.prepare(router.parts)
        self._announcer.prepare(router.parts, router)

    def _as_sent(self, router: Router, source: IpAddress, priority: int) -> tuple[bytes, ...]:
        """The advert as it will leave, but for what a signature tells of the time.

        The first signature of a process takes long: a library is loaded for it.
        """
        datagrams = self._ready[router.name][priority]
        if not router.signs:
            self._signing.discard(router.name)
            return datagrams
        self._signing.add(router.name)
        return self._signer.signed(router, source, datagrams, counter=0)

    def _make_ready(self, name: str, priority: int) -> None:
        known = self._routers.get(name)
        if known is not None:
            self._ready[name][priority] = datagrams_of(*known, priority)
            self._adverts.ready(name, self._as_sent(*known, priority))

    def _forget(self, router: str) -> None:
        self._signing.discard(router)
        self._signer.forget(router)
        self._ready.pop(router, None)
        self._routers.pop(router, None)
        self._adverts.forget(router)
        self._addresses.forget(router)
        self._announcer.forget(router)


def _nothing(_now: Instant) -> tuple[SendAdvert, ...]:
    return ()

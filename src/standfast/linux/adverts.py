"""The adverts of all routers: heard on the sockets of each medium, sent by one system call for each interface.

Routers that share an interface share its sockets (behaviour WI-21). What of them cannot be had is derived from
the sockets that are there, and told when that changes.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from standfast.base.addresses import Family, IpAddress
from standfast.base.errors import Refused
from standfast.base.times import Instant
from standfast.engine.ports import Link, Router, SocketFailed, SocketOpened, Tell, destinations
from standfast.linux.mmsg import Inbox, Outbox
from standfast.linux.rawsock import VRRP, Medium
from standfast.linux.receiver import NO_WISH, Receiver, Wish
from standfast.linux.sender import Exit, ReadyAdverts, Sender
from standfast.wire import ah


class Adverts:
    """The advert port of the host (`ports.AdvertPort`)."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tell: Tell, complain: Callable[[str], None]) -> None:
        """Make it; sockets come with `listen` and `prepare`.

        Args:
            loop: that adverts are waited for on.
            tell: gets the events.
            complain: gets words about what is wrong but no event.
        """
        self._loop = loop
        self._tell = tell
        self._complain = complain
        self._inbox = Inbox()
        self._outbox = Outbox()
        self._receivers: dict[Medium, Receiver] = {}
        self._senders: dict[Exit, Sender] = {}
        self._ready: dict[str, ReadyAdverts] = {}
        self._deaf: dict[Medium, str] = {}  # what cannot be heard, and why
        self._mute: dict[str, tuple[Exit, str]] = {}  # routers that cannot be sent for, and why
        self._told: Mapping[tuple[str, Family], str] = {}

    # ---- hearing

    def listen(self, routers: Sequence[tuple[Router, Link]]) -> None:
        """Have sockets for exactly these routers; a socket that cannot be had is told as `SocketFailed`."""
        wanted: dict[Medium, Wish] = {}
        for router, link in routers:
            for medium in _media(router, link):
                wanted[medium] = wanted.get(medium, NO_WISH).and_for(router)
        for medium in self._receivers.keys() - wanted.keys():
            self._receivers.pop(medium).close()
        self._deaf = {}
        for medium, wish in wanted.items():
            try:
                self._hear(medium, wish)
            except (Refused, OSError) as refusal:
                self._deaf[medium] = str(refusal)
        self._tell_sockets()

    def drain(self, until: Instant | None = None) -> bool:
        """Give the machine what has arrived; whether there may be more that arrived until then."""
        more = False
        for receiver in tuple(self._receivers.values()):
            more |= receiver.drain(until)
        return more

    @property
    def overlooked(self) -> int:
        """How many packets for our VRIDs the kernel dropped because they were too many to be read."""
        return sum(receiver.overlooked for receiver in self._receivers.values())

    # ---- speaking

    def prepare(self, router: Router, link: Link, source: IpAddress) -> None:
        """Make ready to send for this router, replacing what was ready before."""
        borrowed = router.borrows_source and router.family is Family.IPV6
        way = Exit(link.name, link.index, router.family, source if borrowed else None)
        self._mute.pop(router.name, None)
        old = self._ready.pop(router.name, None)
        try:
            self._ready[router.name] = ReadyAdverts(
                self._sender(way),
                source,
                destinations(router),
                hop_limit=router.hop_limit,
                protocol=VRRP if router.ah_key is None else ah.PROTOCOL,
                fresh=router.signs,
                sent=old.sent if old else 0,
            )
        except Refused as refusal:
            self._mute[router.name] = way, str(refusal)
        if old is not None and old.sender.way != way:
            self._close_unused()
        self._tell_sockets()

    def ready(self, router: str, datagrams: Sequence[bytes]) -> None:
        """Make this advert of the router ready, so that to send it takes no time."""
        ready = self._ready.get(router)
        if ready is not None and datagrams:
            ready.batch(datagrams)

    def send(self, router: str, datagrams: Sequence[bytes]) -> None:
        """Queue one advert of this router: one datagram for each destination."""
        ready = self._ready.get(router)
        if ready is None or not datagrams:
            return
        if ready.waits(datagrams):
            self.flush()
        batch = ready.batch(datagrams)
        ready.number(batch)
        ready.sender.queue(batch)

    def flush(self) -> None:
        """Send what is queued, in order for each interface."""
        for sender in self._senders.values():
            sender.flush(self._outbox)

    def forget(self, router: str) -> None:
        """Drop what was made ready for this router; an advert that is queued still leaves."""
        self._ready.pop(router, None)
        self._mute.pop(router, None)
        self._close_unused()
        self._tell_sockets()

    @property
    def unsent(self) -> int:
        """How many adverts the kernel did not take."""
        return sum(sender.unsent for sender in self._senders.values())

    def close(self) -> None:
        """Send what is queued, then give all descriptors back."""
        self._ready.clear()
        self._close_unused()
        for receiver in self._receivers.values():
            receiver.close()
        self._receivers.clear()

    # ---- sockets

    def _hear(self, medium: Medium, wish: Wish) -> None:
        receiver = self._receivers.get(medium)
        if receiver is not None:
            receiver.narrow(wish)
            return
        self._receivers[medium] = Receiver(
            self._loop, medium, wish, inbox=self._inbox, tell=self._tell, complain=self._complain
        )

    def _sender(self, way: Exit) -> Sender:
        if way not in self._senders:
            self._senders[way] = Sender(way, self._complain)
        return self._senders[way]

    def _close_unused(self) -> None:
        used = {ready.sender.way for ready in self._ready.values()}
        for way in self._senders.keys() - used:
            sender = self._senders.pop(way)
            sender.flush(self._outbox)
            sender.close()

    def _tell_sockets(self) -> None:
        """Tell what cannot be had now and could before, and the other way round."""
        failed: dict[tuple[str, Family], str] = {}
        for medium, words in self._deaf.items():
            failed.setdefault((medium.interface, medium.family), words)
        for way, words in self._mute.values():
            failed.setdefault((way.interface, way.family), words)
        before, self._told = self._told, failed
        for (interface, family), words in failed.items():
            if before.get((interface, family)) != words:
                self._tell(SocketFailed(interface, family, words))
        for interface, family in before.keys() - failed.keys():
            self._tell(SocketOpened(interface, family))


def _media(router: Router, link: Link) -> tuple[Medium, ...]:
    """Where a router hears; one with AH also hears adverts without it, to say what is wrong with them."""
    host = router.source if router.group is None else None
    medium = Medium(link.name, link.index, router.family, router.group, host)
    return (medium,) if router.ah_key is None else (medium._replace(protocol=ah.PROTOCOL), medium)

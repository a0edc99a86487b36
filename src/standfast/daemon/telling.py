"""A child's part in what the parent knows: its state in slices when it is asked, and events as they happen.

Neither waits for the parent, and neither lets an advert wait: a slice is made when the loop has nothing more
urgent and the parent has read the one before; events that nobody reads are counted, not kept for ever.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from standfast.base.limits import EVENTS_UNREAD
from standfast.base.times import SECOND, Instant
from standfast.core.track.effects import TrackerChanged
from standfast.daemon.channel import Channel
from standfast.engine.ports import Clock
from standfast.observe.complaints import Complaints
from standfast.observe.state.moment import Moment
from standfast.observe.state.of_event import event_of
from standfast.observe.words import wording_of
from standfast.wire import ipc

Piece = Mapping[str, Sequence[object]]  # lists by what they are of
Slices = Callable[[tuple[str, ...]], Iterator[Piece]]  # for names; none: everything


class Telling:
    """Tells the parent; a listener of facts."""

    def __init__(
        self,
        process: str,
        channel: Channel,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        slices: Slices,
    ) -> None:
        """Make it.

        Args:
            process: the name of this child.
            channel: to the parent.
            loop: that everything is waited for on.
            clock: of this host.
            slices: makes the state, one slice each time it is asked for the next.
        """
        self._process = process
        self._channel = channel
        self._loop = loop
        self._clock = clock
        self._slices = slices
        self._asked: deque[ipc.Ask] = deque()
        self._telling: Iterator[Piece] | None = None
        self._scheduled = False
        self._flushing = False
        self._lost = 0
        self._complaints = Complaints()
        self._encode = msgspec.json.Encoder(enc_hook=str).encode

    def moment(self) -> Moment:
        """This moment."""
        return Moment(self._clock.now(), time.time())

    # ---- state

    def ask(self, asked: ipc.Ask) -> None:
        """The parent wants to know."""
        self._asked.append(asked)
        if self._telling is None:
            self._begin()

    def _begin(self) -> None:
        self._telling = self._slices(self._asked[0].names)
        self._soon()

    def _soon(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        """One slice; the next one when the loop has done what is more urgent."""
        self._scheduled = False
        if self._telling is None:
            return
        if self._channel.has_unsent:
            self._flush_later()
            return
        piece = next(self._telling, None)
        parts = {what: [self._raw(each) for each in some] for what, some in (piece or {}).items()}
        self._send(ipc.Told(self._asked[0].number, parts, last=piece is None))
        if piece is not None:
            self._soon()
            return
        self._asked.popleft()
        self._telling = None
        if self._asked:
            self._begin()

    # ---- events

    def wants(self, kind: type) -> bool:
        """Whether facts of this class may be worth remembering."""
        return wording_of(kind) is not None

    def tell(self, fact: object, now: Instant) -> None:
        """Tell the parent what happened, unless it is a mere detail."""
        if not self._is_news(fact, now):
            return
        at = time.time() - (self._clock.now() - now) / SECOND
        event = event_of(fact, process=self._process, at=at)
        if event is None:
            return
        if self._channel.unsent > EVENTS_UNREAD:
            self._lost += 1
            return
        lost, self._lost = self._lost, 0
        self._send(ipc.Happened(self._raw(event), lost))

    def _is_news(self, fact: object, now: Instant) -> bool:
        """What somebody outside can provoke is told once in a while."""
        wording = wording_of(type(fact))
        if wording is None or wording.same is None or isinstance(fact, TrackerChanged):
            return wording is not None
        return self._complaints.admit((type(fact), wording.same(fact)), fact, now)

    # ---- sending

    def _raw(self, value: object) -> msgspec.Raw:
        """As JSON; what is JSON already stays as it is."""
        return value if isinstance(value, msgspec.Raw) else ipc.raw(self._encode(value))

    def _send(self, message: ipc.Message) -> None:
        self._channel.send(message)
        if self._channel.has_unsent:
            self._flush_later()

    def _flush_later(self) -> None:
        if not self._flushing:
            self._flushing = True
            self._loop.add_writer(self._channel.fileno(), self._flush)

    def _flush(self) -> None:
        self._channel.flush()
        if self._channel.has_unsent:
            return
        self._flushing = False
        self._loop.remove_writer(self._channel.fileno())
        self._soon()

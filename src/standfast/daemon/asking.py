"""The parent asks its children for their state: one question a child at a time, and never waiting.

Who asks while a question is under way shares the next one with all others who ask the same: however many clients
there are, a child works on one answer. One that does not answer in time is left out, and that is said.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from standfast.base.limits import STATE_PATIENCE
from standfast.base.times import Instant, after
from standfast.daemon.poll import Alarm
from standfast.engine.ports import Clock
from standfast.wire import ipc

Names = tuple[str, ...]
Parts = Mapping[str, list[msgspec.Raw]]  # by what they are of; one value or several in a piece (`ipc.Told`)
Told = Mapping[str, Parts | None]  # by child; None: it did not answer in time
Done = Callable[[Told], None]
Gather = Callable[
    [Names, Callable[[Mapping[str, Any]], None]], None
]  # these parts of the state, put together


class _Question:
    """What one child is asked, and who waits for its answer."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.waiting: list[Callable[[Parts | None], None]] = []
        self.number = 0
        self.parts: dict[str, list[msgspec.Raw]] = {}
        self.until = Instant(0)


class Asker:
    """Asks, gathers, and gives up."""

    def __init__(self, ask: Callable[[str, Names], int], alarm: Alarm, clock: Clock) -> None:
        """Make it.

        Args:
            ask: sends a question to a child; its number, 0 if there is no such child.
            alarm: for children that do not answer.
            clock: of this host.
        """
        self._ask = ask
        self._alarm = alarm
        self._clock = clock
        self._questions: dict[str, list[_Question]] = {}  # by child; the first of each is under way
        alarm.ring = self._give_up

    def ask(self, children: Iterable[str], names: Names, done: Done) -> None:
        """Ask these children, and hand on what they tell when all have, or had their time."""
        told: dict[str, Parts | None] = {}
        missing = dict.fromkeys(children)
        if not missing:
            done(told)
        for child in tuple(missing):

            def take(parts: Parts | None, child: str = child) -> None:
                told[child] = parts
                if told.keys() == missing.keys():
                    done(told)

            self._ask_one(child, names, take)

    def hear(self, child: str, message: ipc.Told) -> None:
        """A child tells a slice of its state."""
        questions = self._questions.get(child)
        if not questions or questions[0].number != message.number:
            return  # the answer to a question that was given up
        first = questions[0]
        for what, some in message.parts.items():
            first.parts.setdefault(what, []).extend(some)
        if message.last:
            self._end(child, first.parts)

    def lose(self, child: str) -> None:
        """A child has ended: it answers nothing any more."""
        for question in self._questions.pop(child, []):
            for take in question.waiting:
                take(None)

    def _ask_one(self, child: str, names: Names, take: Callable[[Parts | None], None]) -> None:
        questions = self._questions.setdefault(child, [])
        same = next((one for one in questions[1:] if one.names == names), None)
        if same is None:
            same = _Question(names)
            questions.append(same)
        same.waiting.append(take)
        if len(questions) == 1:
            self._send(child, same)

    def _send(self, child: str, question: _Question) -> None:
        question.until = after(self._clock.now(), STATE_PATIENCE)
        question.number = self._ask(child, question.names)
        if not question.number:
            self._end(child, None)
            return
        self._arm()

    def _end(self, child: str, parts: Parts | None) -> None:
        questions = self._questions[child]
        first = questions.pop(0)
        if questions:
            self._send(child, questions[0])
        else:
            del self._questions[child]
        self._arm()
        for take in first.waiting:
            take(parts)

    def _arm(self) -> None:
        self._alarm.set(min((ones[0].until for ones in self._questions.values() if ones), default=None))

    def _give_up(self) -> None:
        now = self._clock.now()
        for child, questions in tuple(self._questions.items()):
            if questions and questions[0].until <= now:
                self._end(child, None)
        self._arm()

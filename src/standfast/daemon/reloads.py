"""The verb `reload`: who asked for one is answered when it is over; `plan` only says what it would do."""

import time
from collections.abc import Callable

from standfast.core.supervise.effects import ReloadComplete, ReloadRefused
from standfast.daemon.control import Reply
from standfast.daemon.proposal import Proposal, errors_of, planned
from standfast.observe.state.configuration import Configuration, Reload
from standfast.observe.state.protocol import Request


class Reloads:
    """Remembers who waits for which reload: one that was asked for while another runs follows it (RL-06)."""

    def __init__(
        self,
        *,
        propose: Callable[[], Proposal],
        begin: Callable[[], None],
        stand: Callable[[], Configuration],
    ) -> None:
        """Make it.

        Args:
            propose: reads the configuration, and changes nothing.
            begin: asks for a reload, which may be over when this returns.
            stand: gives what is told of the configuration.
        """
        self._propose = propose
        self._begin = begin
        self._stand = stand
        self._waiting: list[Reply] = []  # for a reload that has not begun
        self._running: list[Reply] = []  # for the one that runs

    def serve(self, request: Request, reply: Reply) -> None:
        """The verb."""
        if request.names:
            reply.refuse("not-a-request", "a reload is about everything; it takes no names")
        elif request.arguments.get("plan", False):
            reply.answer(_forecast(self._propose()))
        else:
            self._waiting.append(reply)
            self._begin()

    def read(self) -> None:
        """The configuration is read now: this is the reload that all who wait asked for."""
        self._running += self._waiting
        self._waiting = []

    def tell(self, fact: object) -> None:
        """See what became of a reload, and answer."""
        if not isinstance(fact, ReloadComplete | ReloadRefused):
            return
        answered, self._running = self._running, []
        for reply in answered:
            if not reply.gone:
                reply.answer(self._stand().reload)


def _forecast(proposal: Proposal) -> Reload:
    """What a reload would come to now; a child can still refuse it."""
    plan = planned(proposal.differences)
    refused = proposal.config is None
    return Reload(
        at=round(time.time(), 3),
        ok=not refused,
        changed=bool(plan),
        words=proposal.refusal,
        problems=errors_of(proposal.reading) if refused else (),
        plan=plan,
    )

"""The verb `reload`: who asked for one is answered when it is over; `plan` only says what it would do."""

import time
from collections.abc import Callable

import msgspec

from standfast.base.limits import CONFIRM_MAX
from standfast.base.times import SECOND, Duration, in_seconds
from standfast.core.supervise.effects import ReloadComplete, ReloadNotBegun, ReloadRefused
from standfast.core.supervise.events import ConfirmAsked, ReloadAsked, ReturnAsked
from standfast.daemon.control import Reply
from standfast.daemon.proposal import Proposal, errors_of, planned
from standfast.observe.state.configuration import Configuration, Reload
from standfast.observe.state.protocol import Request


class ReloadRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of `reload`."""

    plan: bool = False
    within_s: float | None = None  # in which it must be confirmed
    confirm: bool = False  # no reload, but: the one before stays
    back: bool = False  # no reload, but: the one before goes


Asking = ReloadAsked | ConfirmAsked | ReturnAsked


class Reloads:
    """Remembers who waits for which reload: one that was asked for while another runs follows it (RL-06)."""

    def __init__(
        self,
        *,
        propose: Callable[[], Proposal],
        give: Callable[[Asking], None],
        stand: Callable[[], Configuration],
    ) -> None:
        """Make it.

        Args:
            propose: reads the configuration, and changes nothing.
            give: tells the parent's machine what is asked for, which may be done when this returns.
            stand: gives what is told of the configuration.
        """
        self._propose = propose
        self._give = give
        self._stand = stand
        self._waiting: list[Reply] = []  # for a reload that has not begun
        self._running: list[Reply] = []  # for the one that runs

    def serve(self, request: Request, reply: Reply) -> None:
        """The verb."""
        try:
            asked = msgspec.convert(request.arguments, ReloadRequest)
        except msgspec.ValidationError as error:
            reply.refuse("not-a-request", str(error))
            return
        if request.names:
            reply.refuse("not-a-request", "a reload is about everything; it takes no names")
        elif asked.plan:
            reply.answer(_forecast(self._propose()))
        elif asked.confirm or asked.back:
            self._decide(asked, reply)
        else:
            self._reload(asked, reply)

    def _reload(self, asked: ReloadRequest, reply: Reply) -> None:
        within = None if asked.within_s is None else Duration(round(asked.within_s * SECOND))
        if within is not None and not 0 < within <= CONFIRM_MAX:
            reply.refuse(
                "not-a-request", f"a reload waits at most {in_seconds(CONFIRM_MAX)} s to be confirmed"
            )
            return
        self._waiting.append(reply)
        self._give(ReloadAsked(within))

    def _decide(self, asked: ReloadRequest, reply: Reply) -> None:
        """Let the configuration that waits to be confirmed stay, or go."""
        if self._stand().confirm_by is None:
            reply.refuse("nothing-to-confirm", "no reload waits to be confirmed; perhaps its time was over")
        elif asked.back:
            self._running.append(reply)
            self._give(ReturnAsked(reply.user))
        else:
            self._give(ConfirmAsked(reply.user))
            reply.answer(self._stand().reload)

    def read(self) -> None:
        """The configuration is read now: this is the reload that all who wait asked for."""
        self._running += self._waiting
        self._waiting = []

    def tell(self, fact: object) -> None:
        """See what became of a reload, and answer."""
        match fact:
            case ReloadComplete() | ReloadRefused():
                answered, self._running = self._running, []
            case ReloadNotBegun():
                answered, self._waiting = self._waiting, []
            case _:
                return
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

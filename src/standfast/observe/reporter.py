"""From facts to notices for everybody outside: pipes, mails, webhooks and the bus are another process's work.

What only those need stands here: changes of priority (behaviour FIFO-04), the word for a removed instance
(NO-04), and all present states once more (FIFO-10).
"""

from collections.abc import Callable
from typing import Final

import msgspec

from standfast.base.times import Instant
from standfast.core.vrrp.effects import PriorityChanged
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.observe.fifo import pipes_of
from standfast.observe.notice import (
    BACKUP,
    DELETED,
    FAULT,
    KINDS,
    MASTER,
    PRIORITY,
    Notice,
    Subject,
    Who,
    notice_of,
)


def has_messages(defs: GlobalDefs) -> bool:
    """Whether somebody outside is to be told anything."""
    mails = bool(defs.smtp_server and defs.notification_email)
    return bool(pipes_of(defs) or mails or defs.webhook or defs.enable_dbus)


class StatesAsked(msgspec.Struct, frozen=True):
    """A reload is done, and all present states are to be told once more."""


class Told(msgspec.Struct, frozen=True):
    """A notice on its way out of the process."""

    notice: Notice
    again: bool = False  # it was told before: for those who asked for all states after a reload


_KINDS: Final = frozenset({*KINDS, PriorityChanged, StatesAsked})


class Reporter:
    """A listener that makes notices of facts and hands them on."""

    def __init__(self, send: Callable[[Told], None]) -> None:
        self._send = send
        self._last: dict[Who, Notice] = {}  # of instances and groups: the state that each is in
        self._tells_deleted: frozenset[str] = frozenset()
        self._tells_priority: frozenset[str] = frozenset()

    def configure(self, config: Config) -> None:
        """Go by this configuration; an instance that it removes is still called as it asked for."""
        deleted = {one.name for one in config.vrrp_instances if one.notify_deleted is not None}
        names = {one.name for one in config.vrrp_instances}
        self._tells_deleted = frozenset(deleted | (self._tells_deleted - names))
        self._tells_priority = _with_priorities(config)

    def recall(self, fact: object) -> None:
        """Know of a change that was told in another life."""
        notice = notice_of(fact)
        if notice is not None:
            self._remember(self._called(notice))

    def wants(self, kind: type) -> bool:
        """Only what may be worth a notice."""
        return kind in _KINDS

    def tell(self, fact: object, now: Instant) -> None:  # noqa: ARG002  (who hears it notes the time of day)
        """Hand on the notice of a fact, if it is worth one."""
        if isinstance(fact, StatesAsked):
            self._tell_all_again()
            return
        notice = self._priority_notice(fact) if isinstance(fact, PriorityChanged) else notice_of(fact)
        if notice is not None:
            notice = self._called(notice)
            self._remember(notice)
            self._send(Told(notice))

    def _tell_all_again(self) -> None:
        """Hand on all present states: groups first, then instances, as at a start (FIFO-08)."""
        for subject in (Subject.GROUP, Subject.INSTANCE):
            for who, notice in self._last.items():
                if who[0] is subject:
                    self._send(Told(notice, again=True))

    def _called(self, notice: Notice) -> Notice:
        if notice.state == DELETED and notice.name not in self._tells_deleted:
            return msgspec.structs.replace(notice, state=FAULT)
        return notice

    def _remember(self, notice: Notice) -> None:
        if notice.subject not in (Subject.INSTANCE, Subject.GROUP) or not notice.is_change:
            return
        if notice.reason == "deleted":
            self._last.pop(notice.who, None)
        else:
            self._last[notice.who] = notice

    def _priority_notice(self, fact: PriorityChanged) -> Notice | None:
        """For those who asked, of a master or backup: of others the number means nothing yet."""
        last = self._last.get((Subject.INSTANCE, fact.router, ""))
        if last is None:
            return None
        self._last[last.who] = msgspec.structs.replace(last, priority=fact.new)
        if last.state not in (MASTER, BACKUP) or fact.router not in self._tells_priority:
            return None
        detail = fact.detail or f"was {fact.old}"
        return Notice(
            Subject.INSTANCE, fact.router, last.state + PRIORITY, fact.new, was=last.state, detail=detail
        )


def _with_priorities(config: Config) -> frozenset[str]:
    """The instances whose priority somebody wants to be told, themselves or through their group."""
    own = {one.name for one in config.vrrp_instances if one.notify_priority_changes}
    groups = (group for group in config.vrrp_sync_groups if group.notify_priority_changes)
    return frozenset(own.union(*(group.group for group in groups)))

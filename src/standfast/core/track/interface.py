"""Interfaces between the kernel's word and the routers: a change counts when it has lasted.

The kernel says whether a link is up; where links are polled (behaviour TR-17) what the driver says must agree; and
what follows from both counts after `interface_up_down_delays` (TR-16). An interface that comes or goes counts at
once: that is another fact, and the routers know it.
"""

from collections.abc import Iterable, Mapping
from typing import assert_never

from msgspec import Struct

from standfast.base.agenda import Agenda
from standfast.base.frozen import frozen
from standfast.base.limits import LINKBEAT_INTERVAL
from standfast.base.times import ZERO, Instant, after
from standfast.core.track.events import Due
from standfast.core.track.settling import Delays, Settling, deadline, observed, settled

AT_ONCE = Delays(up=ZERO, down=ZERO)
POLL = ""  # who is due in the agenda when links are to be polled; no interface's name


@frozen
class LinkParameters:
    """Which interfaces are treated specially."""

    delays: Mapping[str, Delays]
    polled: Mapping[str, str]  # by interface: the way to ask, or empty: the first that works


NOTHING_SPECIAL = LinkParameters({}, {})


# ---- events and effects


class LinkSeen(Struct, frozen=True):
    """The kernel says that a link is up, or not."""

    name: str
    up: bool


class LinkLost(Struct, frozen=True):
    """There is no such interface any more."""

    name: str


class LinksPolled(Struct, frozen=True):
    """What the drivers say about their links; who could not be asked is not among them."""

    up: Mapping[str, bool]


class PollLinks(Struct, frozen=True):
    """Ask the drivers of these interfaces about their links, each in this way (or the first that works)."""

    methods: Mapping[str, str]


class LinkSettled(Struct, frozen=True):
    """This counts from now on."""

    name: str
    up: bool


LinkEvent = LinkSeen | LinkLost | LinksPolled | Due
LinkEffect = PollLinks | LinkSettled
LinkEffects = tuple[LinkEffect, ...]


class LinkSettler:
    """The machine: which links are up, as far as that counts."""

    def __init__(self) -> None:
        self._parameters = NOTHING_SPECIAL
        self._kernel: dict[str, bool] = {}
        self._driver: dict[str, bool] = {}
        self._states: dict[str, Settling] = {}
        self._agenda = Agenda()

    def reload(self, parameters: LinkParameters, links: Mapping[str, bool], now: Instant) -> LinkEffects:
        """Go on (or begin) with these parameters.

        Args:
            parameters: what is special.
            links: all interfaces, and whether the kernel says that they are up.
            now: this moment.
        """
        self._parameters = parameters
        self._driver = {name: up for name, up in self._driver.items() if name in parameters.polled}
        effects: list[LinkEffect] = []
        for name in self._kernel.keys() - links.keys():
            self._forget(name)
        for name, up in links.items():
            effects += self._seen(name, up, now)
        self._agenda.set(POLL, now if parameters.polled else None)
        return tuple(effects)

    def handle(self, event: LinkEvent, now: Instant) -> LinkEffects:
        """What follows from the event."""
        match event:
            case LinkSeen(name, up):
                return self._seen(name, up, now)
            case LinkLost(name):
                self._forget(name)
                return ()
            case LinksPolled(answers):
                asked = {**self._driver, **answers}
                self._driver = dict(answers)
                return tuple(effect for name in asked for effect in self._weigh(name, now))
            case Due():
                return self._due(now)
            case _:
                assert_never(event)

    def deadline(self) -> Instant | None:
        """When it must be told `Due`."""
        return self._agenda.first()

    def up(self, name: str) -> bool:
        """Whether this link counts as up."""
        state = self._states.get(name)
        return state is not None and state.up

    def doubted(self) -> Iterable[tuple[str, bool, Instant]]:
        """Interfaces whose change has not lasted yet: what counts, and when the change will."""
        for name, state in self._states.items():
            due = deadline(state, self._delays(name))
            if due is not None:
                yield name, state.up, due

    def _due(self, now: Instant) -> LinkEffects:
        effects: list[LinkEffect] = []
        for name in self._agenda.due(now):
            if name == POLL:
                self._agenda.set(POLL, after(now, LINKBEAT_INTERVAL))
                effects.append(PollLinks(self._parameters.polled))
            elif name in self._states:
                effects += self._put(name, settled(self._states[name], self._delays(name), now))
        return tuple(effects)

    def _seen(self, name: str, up: bool, now: Instant) -> LinkEffects:
        self._kernel[name] = up
        return self._weigh(name, now)

    def _weigh(self, name: str, now: Instant) -> LinkEffects:
        kernel = self._kernel.get(name)
        if kernel is None:
            return ()
        facts = kernel and self._driver.get(name, True)
        before = self._states.get(name)
        if before is None:
            return self._put(name, Settling(facts))
        return self._put(name, observed(before, up=facts, delays=self._delays(name), now=now))

    def _put(self, name: str, state: Settling) -> LinkEffects:
        before = self._states.get(name)
        self._states[name] = state
        self._agenda.set(name, deadline(state, self._delays(name)))
        if before is None or before.up == state.up:
            return ()
        return (LinkSettled(name, state.up),)

    def _delays(self, name: str) -> Delays:
        return self._parameters.delays.get(name, AT_ONCE)

    def _forget(self, name: str) -> None:
        self._kernel.pop(name, None)
        self._driver.pop(name, None)
        self._states.pop(name, None)
        self._agenda.set(name, None)

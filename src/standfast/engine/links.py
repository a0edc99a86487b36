"""Between the host's links and the routers, who hear of a link only what counts (`core.track.interface`)."""

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from standfast.base.frozen import changed
from standfast.core.track.events import Due
from standfast.core.track.interface import (
    LinkEffect,
    LinkEvent,
    LinkLost,
    LinkParameters,
    LinkSeen,
    LinkSettled,
    LinkSettler,
    PollLinks,
)
from standfast.core.vrrp.events import Event, LinkChanged, LinkGone
from standfast.core.vrrp.router import Link
from standfast.engine.driver import Driver
from standfast.engine.ports import Clock, Timer
from standfast.engine.track_ports import LinkbeatPort


class SettledLinks:
    """Stands where the ports tell the routers, and holds back what has not lasted yet."""

    def __init__(self, *, linkbeat: LinkbeatPort, tell: Callable[[Event], None], clock: Clock) -> None:
        """Make it; give it `start` before the routers start.

        Args:
            linkbeat: asks drivers.
            tell: the routers.
            clock: of this host.
        """
        self._linkbeat = linkbeat
        self._tell = tell
        self._seen: dict[str, Link] = {}
        self._settler = LinkSettler()
        self._driver = Driver[LinkEvent, LinkEffect](self._settler, clock=clock, run=self._run, due=Due())
        self._started = False

    def arm(self, timer: Callable[[Callable[[], None]], Timer]) -> None:
        """Use the timer that this makes for an alarm."""
        self._driver.arm(timer(self._driver.ring))

    def start(self, parameters: LinkParameters, links: Mapping[str, Link]) -> None:
        """Begin with these links; nothing is told, what counts stands in `links`."""
        self._seen = dict(links)
        self.reload(parameters)
        if parameters.polled:
            self._linkbeat.poll(parameters.polled)
        self._started = True

    def reload(self, parameters: LinkParameters) -> None:
        """Go on with these parameters."""
        up = {name: link.up for name, link in self._seen.items()}
        self._driver.do(lambda now: self._settler.reload(parameters, up, now))

    def give(self, event: LinkEvent) -> None:
        """What the drivers answer."""
        self._driver.give(event)

    def hear(self, event: Event) -> None:
        """What a port has to tell the routers."""
        match event:
            case LinkChanged(link):
                self._seen[link.name] = link
                self._driver.give(LinkSeen(link.name, link.up))
                self._forward(link.name)
            case LinkGone(name):
                self._seen.pop(name, None)
                self._driver.give(LinkLost(name))
                self._tell(event)
            case _:
                self._tell(event)

    @property
    def links(self) -> Mapping[str, Link]:
        """The interfaces by name, as far as they count."""
        return {name: self._settled(link) for name, link in self._seen.items()}

    def _settled(self, link: Link) -> Link:
        return changed(link, up=self._settler.up(link.name))

    def _forward(self, name: str) -> None:
        link = self._seen.get(name)
        if self._started and link is not None:
            self._tell(LinkChanged(self._settled(link)))

    def _run(self, effects: Iterable[LinkEffect]) -> None:
        for effect in effects:
            match effect:
                case PollLinks(methods):
                    self._linkbeat.poll(methods)
                case LinkSettled(name):
                    self._forward(name)
                case _:
                    assert_never(effect)

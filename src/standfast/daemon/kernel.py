"""This host's kernel as the ports of the vrrp engine."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from standfast.base.routes import Routing
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.static import NOTHING, Static
from standfast.core.vrrp.vmac import OwnLinks
from standfast.daemon.own_interfaces import OwnInterfaces
from standfast.daemon.own_record import OwnRecord
from standfast.engine.ports import AddressKey, Link, Tell
from standfast.linux.addresses import Addresses
from standfast.linux.adverts import Adverts
from standfast.linux.announcer import Announcer
from standfast.linux.firewall import Firewall
from standfast.linux.links import Links
from standfast.linux.requests import Requests
from standfast.linux.routes import Routes
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs


class Kernel:
    """The ports, made together because they share sockets."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        tell: Tell,
        complain: Callable[[str], None],
        *,
        record: OwnRecord,
    ) -> None:
        """Open what is needed; nothing is read or changed yet.

        Args:
            loop: that everything is waited for on.
            tell: gets the events.
            complain: gets words about what is wrong but no event.
            record: where that is written which is to be undone.

        Raises:
            Refused: a socket cannot be had.
        """
        self._requests = Requests(loop, self._read_again)
        self._links = Links(loop, tell, complain)
        self._own = OwnInterfaces(record, loop, complain)
        self.addresses = Addresses(self._requests, self._links, tell)
        self.adverts = Adverts(loop, tell, complain)
        self.announcer = Announcer(self._links.link, complain)
        self.firewall = Firewall(loop, tell, complain)
        self.routing = Routes(loop, self._requests, self._links, tell=tell, complain=complain)

    def keep_unread(self, defaults: GlobalDefs) -> None:
        """Let the sockets keep as much unread as the configuration says, and never less than is usual."""
        self._requests.keep_unread(defaults.vrrp_netlink_cmd_rcv_bufs or 0)
        self._links.keep_unread(defaults.vrrp_netlink_monitor_rcv_bufs or 0)
        self.routing.keep_unread(defaults.vrrp_netlink_monitor_rcv_bufs or 0)

    def say_addresses(self, say: Callable[[AddressKey, bool], None]) -> None:
        """Have every address told that comes or goes (True) and was not asked for by us."""
        self._links.say_address = say

    def make(self, config: Config) -> OwnLinks:
        """Make the interfaces of our own that the routers of the first configuration run on.

        Raises:
            OSError: the kernel does not tell its links.
        """
        own = self._own.start(config)
        self._links.watch(lambda names: self._own.look(names, self._links.reports))
        return own

    def make_others(self, config: Config) -> OwnLinks:
        """Make those of another configuration; those that are no longer wanted stay until `unmake_others`."""
        self._links.hear()
        own = self._own.reload(config, self._links.reports)
        self._links.hear()
        return own

    def unmake_others(self) -> None:
        """Remove the interfaces that nobody runs on any more, and put back the settings that they needed."""
        self._own.finish(self._links.reports)

    def rest(self) -> None:
        """Follow the host no more; what is on it stays, for who goes on with it."""
        self._links.close()

    def unmake(self) -> None:
        """Remove all interfaces of our own, and put back the settings that they needed; nobody hears of it.

        At once, while the firewall still keeps them quiet: what an interface says when its addresses have gone
        would lead a switch astray.
        """
        self._links.close()
        self._own.stop()

    def start(self, routers: Collection[Router], static: Static = NOTHING) -> None:
        """Read the host's links and addresses, waiting for them, and follow them from then on.

        What is static is missed when it goes, like what the routers hold.

        Raises:
            OSError: the kernel does not tell.
        """
        self._links.start(_held(routers), self._requests.port, _keys(static))
        self.routing.start(_routing(routers, static))

    def expect(self, routers: Collection[Router], static: Static = NOTHING) -> None:
        """From now on these routers are configured: their addresses are no addresses of the host's own."""
        self._links.set_ours(_held(routers), _keys(static))
        self.routing.expect(_routing(routers, static))

    @property
    def links(self) -> Mapping[str, Link]:
        """The interfaces by name."""
        return self._links.links

    @property
    def present(self) -> Mapping[AddressKey, int]:
        """All addresses, as they were read last."""
        return self._links.present

    def close(self) -> None:
        """Give all descriptors back."""
        self.adverts.close()
        self.announcer.close()
        self.firewall.close()
        self.routing.close()
        self._links.close()
        self._requests.close()
        self._own.close()

    def _read_again(self) -> None:
        self._links.read()
        self.routing.read()


def _held(routers: Iterable[Router]) -> frozenset[AddressKey]:
    return frozenset(address.key for router in routers for address in router.held)


def _keys(static: Static) -> frozenset[AddressKey]:
    return frozenset(address.key for address in static.addresses)


def _routing(routers: Iterable[Router], static: Static) -> Iterator[Routing]:
    yield from static.routing
    for router in routers:
        yield from router.routing

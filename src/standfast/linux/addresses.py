"""The addresses of the host: added and removed by messages that were made ready before they are needed.

To hold the 64 addresses of a part is one system call, with nothing allocated; the kernel has them on return.
"""

import errno
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from standfast.base.addresses import HostAddress
from standfast.base.frozen import frozen
from standfast.base.limits import SLICE
from standfast.engine.ports import AddressRefused, Part, Tell
from standfast.linux.links import Links
from standfast.linux.refusals import refused
from standfast.linux.requests import Requests
from standfast.wire.netlink import CREATE, EXCLUSIVE, REPLACE, Answer
from standfast.wire.rtnetlink_address import add_address, delete_address

_NOT_THERE: Final = frozenset({errno.EADDRNOTAVAIL, errno.ENODEV, errno.ESRCH, errno.ENOENT})


@frozen
class _Ready:
    """The messages that hold some addresses."""

    addresses: tuple[HostAddress, ...]
    places: tuple[tuple[int, int], ...]  # of each its link's index (0: none, and no message), and flags
    messages: bytes
    start: int  # of their sequence numbers: that of the nth address is start + n
    incomplete: bool  # some have no link


class Addresses:
    """The address port of the host (`ports.AddressPort`)."""

    def __init__(self, requests: Requests, links: Links, tell: Tell) -> None:
        self._requests = requests
        self._links = links
        self._tell = tell
        self._ready: dict[str, dict[int, _Ready]] = {}

    def prepare(self, parts: Sequence[Part]) -> None:
        """Make the messages of these parts ready; replaces all that was ready for their router."""
        for router in dict.fromkeys(part.router for part in parts):
            old = self._ready.get(router, {})
            own = [part for part in parts if part.router == router]
            new = {part.number: self._made_ready(part.addresses, old.get(part.number)) for part in own}
            self._give_back(ready for number, ready in old.items() if ready is not new.get(number))
            self._ready[router] = new

    def hold(self, part: Part) -> None:
        """Add the addresses of this part as they should be; one that is already there is changed."""
        ready = self._ready.get(part.router, {}).get(part.number)
        if ready is not None and ready.addresses == part.addresses:
            self._send(ready)
            return
        for addresses in _slices(part.addresses):
            ready = self._made_ready(addresses, None)
            self._send(ready)
            self._requests.settle()
            self._requests.give_back(ready.start)

    def release(self, addresses: Sequence[HostAddress]) -> None:
        """Remove these addresses; one that is not there is fine."""
        for some in _slices(tuple(addresses)):
            start = self._requests.reserve(len(some), partial(self._not_removed, some))
            messages = []
            for place, address in enumerate(some):
                if index := self._links.index_of(address.interface):
                    self._links.expect_removal(address.key)
                else:  # A link that was renamed keeps what was put there under its old name.
                    index = self._links.former_index_of(address.interface)
                if index:
                    messages.append(delete_address(address, index, flags=0, sequence=start + place))
            if not self._ask(b"".join(messages), some):
                for address in some:
                    self._links.removal_failed(address.key)
            self._requests.settle()
            self._requests.give_back(start)

    def read(self) -> None:
        """Read all addresses back; the answer comes as `AddressesRead`."""
        self._links.read()

    def forget(self, router: str) -> None:
        """Drop what was made ready for this router."""
        self._give_back(self._ready.pop(router, {}).values())

    def _made_ready(self, addresses: tuple[HostAddress, ...], old: _Ready | None) -> _Ready:
        """The messages of these addresses; those of before if nothing in them would differ."""
        places = tuple((self._links.index_of(a.interface), self._flags(a)) for a in addresses)
        if old is not None and (old.addresses, old.places) == (addresses, places):
            return old
        start = self._requests.reserve(len(addresses), partial(self._not_added, addresses))
        messages = (
            add_address(address, index, flags=flags, sequence=start + number)
            for number, (address, (index, flags)) in enumerate(zip(addresses, places, strict=True))
            if index
        )
        incomplete = any(not index for index, _ in places)
        return _Ready(addresses, places, b"".join(messages), start, incomplete)

    def _flags(self, address: HostAddress) -> int:
        """An address that is there without our mark stays as it is: an owner's belongs to the host, not to us."""
        return CREATE | EXCLUSIVE if self._links.has_unmarked(address.key) else CREATE | REPLACE

    def _give_back(self, unused: Iterable[_Ready]) -> None:
        for ready in unused:
            self._requests.give_back(ready.start)

    def _send(self, ready: _Ready) -> None:
        self._links.added()
        self._ask(ready.messages, ready.addresses)
        if ready.incomplete:
            for address, (index, _) in zip(ready.addresses, ready.places, strict=True):
                if not index:
                    self._refuse(address, "add", Answer(0, errno.ENODEV))

    def _ask(self, messages: bytes, addresses: Iterable[HostAddress]) -> bool:
        """Send them; whether they could be sent."""
        if not messages:
            return True
        try:
            self._requests.send(messages)
        except OSError as error:
            for address in addresses:
                self._refuse(address, "change", Answer(0, error.errno or 0))
            return False
        return True

    def _not_added(self, addresses: Sequence[HostAddress], place: int, answer: Answer) -> None:
        if answer.error != errno.EEXIST:
            self._refuse(addresses[place], "add", answer)

    def _not_removed(self, addresses: Sequence[HostAddress], place: int, answer: Answer) -> None:
        self._links.removal_failed(addresses[place].key)
        if answer.error not in _NOT_THERE:
            self._refuse(addresses[place], "remove", answer)

    def _refuse(self, address: HostAddress, what: str, answer: Answer) -> None:
        says = refused(answer.error, f"{what} {address}", kernel_says=answer.words)
        self._tell(AddressRefused(address.key, str(says)))


def _slices(addresses: tuple[HostAddress, ...]) -> Iterator[tuple[HostAddress, ...]]:
    return (addresses[at : at + SLICE] for at in range(0, len(addresses), SLICE))

"""Interfaces of our own: made, mended and removed in the kernel (behaviours VM-01, VM-02, VM-08)."""

import errno
import socket
from collections.abc import Sequence
from contextlib import closing
from typing import Final

from standfast.base.addresses import HostAddress
from standfast.base.own_links import OwnKind, OwnLink
from standfast.linux.netlink import NetlinkSocket, Overrun, reports_in
from standfast.linux.reading import Reading
from standfast.linux.refusals import refused
from standfast.wire.netlink import Answer
from standfast.wire.rtnetlink_address import add_address, delete_address
from standfast.wire.rtnetlink_link import LinkReport, request_links
from standfast.wire.rtnetlink_own_link import (
    add_own_link,
    generate_no_addresses,
    remove_group,
    remove_link,
    set_group,
    set_mac,
    set_master,
    set_mode,
    set_mtu,
    set_up,
)

_LEAVING: Final = 0x73746E64  # a group of links that nobody uses
_NOT_OURS: Final = 0  # the mark of an address that no router put there: adverts may come from it


class OwnLinkRequests:
    """Asks the kernel, and waits for its answer, which is there as soon as it was asked."""

    def __init__(self) -> None:
        """Open a socket.

        Raises:
            OSError: it cannot be had.
        """
        self._socket = NetlinkSocket()
        self._sequence = 0

    def close(self) -> None:
        """Give the descriptor back."""
        self._socket.close()

    def make(self, link: OwnLink, parent: int, *, group: int, vrf: int) -> int:
        """Make an interface, set down; its index, or 0 if it was removed in the same moment.

        Raises:
            Refused: the kernel does not want it.
        """
        self.ask(add_own_link(link, parent, group=group, vrf=vrf), f"make {link.name} on {link.parent}")
        if link.tells_parent:
            self._tell_again(parent)
        return index_of(link.name)

    def silence(self, link: OwnLink, index: int) -> None:
        """Have a macvlan make no IPv6 address of its Ethernet address: that is not the host's (RFC 9568, 7.4)."""
        if link.kind is OwnKind.MACVLAN:
            answer = self._answer(generate_no_addresses(index))
            if answer.error not in (0, errno.EAFNOSUPPORT):  # without IPv6 there is nothing to silence
                doing = f"keep {link.name} without addresses of its Ethernet address"
                raise refused(answer.error, doing, kernel_says=answer.words)

    def mend(
        self,
        link: OwnLink,
        index: int,
        *,
        mac: bytes | None,
        mode: bool,
        group: int | None,
        vrf: int | None,
        mtu: int | None,
    ) -> None:
        """Give an interface of ours what it should have of these; None, False: that is right.

        Raises:
            Refused: the kernel does not want it.
        """
        messages = (
            None if mac is None else set_mac(index, mac),
            set_mode(index, link) if mode else None,
            None if group is None else set_group(index, group),
            None if vrf is None else set_master(index, vrf),
            None if mtu is None else set_mtu(index, mtu),
        )
        for message in messages:
            if message is not None:
                self.ask(message, f"give {link.name} back what it should have")

    def drop(self, address: HostAddress, index: int) -> None:
        """Have an interface hold its own address no longer; one that is not there is fine."""
        self._answer(delete_address(address, index))

    def raise_up(self, link: OwnLink, index: int) -> None:
        """Set it up, with the address that it has all the time.

        Raises:
            Refused: the kernel does not want it.
        """
        self.ask(set_up(index), f"set {link.name} up")
        if link.address is not None:
            message = add_address(link.address, index, protocol=_NOT_OURS)
            self.ask(message, f"add {link.address}")

    def remove(self, indices: Sequence[int]) -> None:
        """Remove interfaces; one that is gone already is fine.

        The kernel waits for all its processors before it lets go of an interface, 18 ms or so. So several go as a
        group of links, for which it waits once.

        Raises:
            Refused: the kernel does not want it.
        """
        if len(indices) > 1 and _nobody_leaves():
            for index in indices:
                self._ask_if_there(set_group(index, _LEAVING), "gather interfaces")
            self._ask_if_there(remove_group(_LEAVING), "remove interfaces")
            return
        for index in indices:
            self._ask_if_there(remove_link(index), "remove an interface")

    def ask(self, message: bytes, doing: str) -> None:
        """Ask for something.

        Args:
            message: that asks; its answer is an acknowledgement.
            doing: what it asks for, as it stands behind "cannot".

        Raises:
            Refused: the kernel does not want it.
        """
        answer = self._answer(message)
        if answer.error:
            raise refused(answer.error, doing, kernel_says=answer.words)

    def _ask_if_there(self, message: bytes, doing: str) -> None:
        answer = self._answer(message)
        if answer.error not in (0, errno.ENODEV):
            raise refused(answer.error, doing, kernel_says=answer.words)

    def _answer(self, message: bytes) -> Answer:
        try:
            self._socket.send(message)
            while messages := self._socket.receive():
                for report in reports_in(messages):
                    if isinstance(report, Answer):
                        return report
        except Overrun:
            return Answer(0, errno.ENOBUFS)
        except OSError as error:
            return Answer(0, error.errno or 0)
        return Answer(0, 0)

    def _tell_again(self, parent: int) -> None:
        """Have the kernel tell others about the parent, which it does not when a macvlan changes it."""
        there = next((link for link in read_links().values() if link.index == parent), None)
        if there is not None:
            self._answer(set_group(parent, there.group))


def index_of(name: str) -> int:
    """The index of a link; 0 if there is none of that name at this moment."""
    try:
        return socket.if_nametoindex(name)
    except OSError:
        return 0


def read_links() -> dict[str, LinkReport]:
    """The links of the host by name, waiting for them.

    Raises:
        OSError: the kernel does not tell.
    """
    with closing(Reading((request_links,))) as reading:
        reading.finish()
    return {report.name: report for report in reading.reports if isinstance(report, LinkReport)}


def _nobody_leaves() -> bool:
    """Whether no link is in the group that we gather ours in."""
    return all(link.group != _LEAVING for link in read_links().values())

"""From the links that are there to the interfaces of our own that should be: what to make, mend and remove."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from standfast.base.own_links import OwnKind, OwnLink
from standfast.core.vrrp.own_names import Links, Seat, fits
from standfast.wire.rtnetlink_link import VRF, LinkReport


class Make(Struct, frozen=True):
    """Make this interface, with all that belongs to it, and set it up."""

    link: OwnLink
    parent: int  # index
    group: int
    vrf: int  # index; 0: none


class Adopt(Struct, frozen=True):
    """An interface is there that is the one wanted: have it as if we had made it."""

    link: OwnLink
    index: int


class Mend(Struct, frozen=True):
    """Something of an interface of ours is not as it should be."""

    link: OwnLink
    index: int
    mac: bytes | None = None
    mode: bool = False
    group: int | None = None
    vrf: int | None = None
    mtu: int | None = None


class Remove(Struct, frozen=True):
    """Have this interface no longer."""

    name: str
    index: int


class Clash(Struct, frozen=True):
    """An interface that is not ours has the name of one that should be."""

    link: OwnLink
    there: str  # its kind


Step = Make | Adopt | Mend | Remove | Clash


def own_delta(want: Iterable[OwnLink], present: Links, ours: Mapping[str, int]) -> tuple[Step, ...]:
    """What leads from the links that are there to those that should be.

    Args:
        want: the interfaces that should be.
        present: all links, by name.
        ours: those that we have made or adopted, by name, with their index.
    """
    wanted = {link.name: link for link in want}
    by_index = {report.index: report for report in present.values()}
    leaving = tuple(
        Remove(by_index[index].name, index)
        for name, index in ours.items()
        if name not in wanted and index in by_index
    )
    renamed = tuple(
        Remove(by_index[index].name, index)
        for name, index in ours.items()
        if name in wanted and index in by_index and by_index[index].name != name
    )
    steps = (step for link in wanted.values() for step in _steps(link, present, ours))
    return (*leaving, *renamed, *steps)


def _steps(link: OwnLink, present: Links, ours: Mapping[str, int]) -> tuple[Step, ...]:
    parent, there = present.get(link.parent), present.get(link.name)
    if there is None:
        return () if parent is None else (_make(link, parent, present),)
    mine = ours.get(link.name) == there.index
    if not fits(Seat(link.parent, link.kind, link.mac), there, present):
        if not mine:
            return (Clash(link, there.kind or "physical"),)
        if parent is None:
            return ()
        if there.parent == parent.index and not there.parent_elsewhere and there.kind == link.kind.driver:
            return (Mend(link, there.index, mac=link.mac),)
        return (Remove(link.name, there.index), _make(link, parent, present))
    adopting = () if mine else (Adopt(link, there.index),)
    return (*adopting, *_mended(link, there, present[link.parent], present))


def _make(link: OwnLink, parent: LinkReport, present: Links) -> Make:
    group = parent.group if link.group is None else link.group
    return Make(link, parent.index, group, _vrf_of(parent, present))


def _mended(link: OwnLink, there: LinkReport, parent: LinkReport, present: Links) -> tuple[Step, ...]:
    """What can be set of a link that is the right one."""
    group = parent.group if link.group is None else link.group
    vrf = _vrf_of(parent, present)
    mend = Mend(
        link,
        there.index,
        mode=(there.mode, there.mode_flags) != (link.kind, link.flags),
        group=group if there.group != group else None,
        vrf=vrf if there.master != vrf else None,
        mtu=parent.mtu if link.kind is OwnKind.MACVLAN and there.mtu != parent.mtu else None,
    )
    return () if mend == Mend(link, there.index) else (mend,)


def _vrf_of(parent: LinkReport, present: Links) -> int:
    """The VRF that the parent belongs to: what stands on it belongs there, too. 0: none.

    A bridge or a bond is no such thing: nothing can stand on a part of them.
    """
    if not parent.master:
        return 0
    master = next((report for report in present.values() if report.index == parent.master), None)
    return parent.master if master is not None and master.kind == VRF else 0

"""What the interfaces of our own are called, and which links of the host are some of them already (VM-01)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import count, islice
from typing import NamedTuple

from standfast.base.addresses import Family
from standfast.base.frozen import frozen
from standfast.base.limits import INTERFACE_NAME_MAX, NAMES_LOOKED_AT
from standfast.base.own_links import OwnKind
from standfast.model.kinds.interfaces import Ipvlan, Vmac
from standfast.model.vrrp_instance import VrrpInstance
from standfast.wire.rtnetlink_link import LinkReport

Links = Mapping[str, LinkReport]  # by name


class Seat(NamedTuple):
    """What tells two interfaces of ours apart, whatever they are called."""

    parent: str
    kind: OwnKind
    mac: bytes
    instance: str = ""  # an ipvlan is for one instance


@frozen
class Wish:
    """An interface that an instance, or some addresses of it, want."""

    seat: Seat
    instance: VrrpInstance
    family: Family
    prefix: str  # of a name that is made
    vmac: Vmac | None = None  # as configured, if it is the instance's own
    ipvlan: Ipvlan | None = None

    @property
    def own(self) -> Vmac | Ipvlan | None:
        """As configured; None: it is for addresses."""
        return self.vmac or self.ipvlan

    @property
    def name(self) -> str:
        """The configured name; empty: it is to be made."""
        return self.own.name if self.own is not None else ""


class Names(NamedTuple):
    """The name of each seat, and what is to be said about names that cannot be had."""

    of_seats: Mapping[Seat, str]
    complaints: tuple[str, ...]


def names_of(wishes: Iterable[Wish], present: Links, ours: Collection[str]) -> Names:
    """A name for each seat.

    Configured names first. Then what is there already keeps its name, for a reload that adds an instance must not
    rename the interfaces of others. The rest get what is free, in the order of the wishes.
    """
    first = _first_of(wishes)
    foreign = present.keys() - set(ours)
    names: dict[Seat, str] = {}
    complaints = []
    for seat, wish in first.items():
        if not wish.name:
            continue
        if wish.name in names.values() or (
            wish.name in foreign and not fits(seat, present[wish.name], present)
        ):
            complaints.append(_not_to_be_had(wish))
        else:
            names[seat] = wish.name
    rest = [(seat, wish) for seat, wish in first.items() if seat not in names]
    for seat, wish in rest:
        if kept := _name_there(wish, present, taken=names.values()):
            names[seat] = kept
    for seat, wish in rest:
        taken = {*names.values(), *foreign}
        names.setdefault(seat, next(name for name in _candidates(wish) if name not in taken))
    return Names({seat: names[seat] for seat in first}, tuple(complaints))


def fits(seat: Seat, there: LinkReport, present: Links) -> bool:
    """Whether a link can be taken for one of ours: right kind, right parent, right Ethernet address.

    Mode, group and state can be set; these three make another interface.
    """
    below = present.get(seat.parent)
    return (
        below is not None
        and (there.kind, there.parent, there.parent_elsewhere) == (seat.kind.driver, below.index, False)
        and (seat.kind is OwnKind.IPVLAN or there.mac == seat.mac)
    )


def _first_of(wishes: Iterable[Wish]) -> dict[Seat, Wish]:
    """Of the wishes for a seat the first; one with a name before one without."""
    first: dict[Seat, Wish] = {}
    for wish in wishes:
        if wish.seat not in first or (wish.name and not first[wish.seat].name):
            first[wish.seat] = wish
    return first


def _not_to_be_had(wish: Wish) -> str:
    return (
        f"({wish.instance.name}) the name {wish.name} belongs to another interface; the instance's own gets"
        f" another name (remove the other one, or choose another name)"
    )


def _name_there(wish: Wish, present: Links, *, taken: Collection[str]) -> str:
    """The name of a link that is there and is what is wished for, if we could have called it so; or empty."""
    if wish.seat.kind is OwnKind.IPVLAN:
        return ""  # which of those on its parent it is cannot be seen
    made = islice(_candidates(wish), NAMES_LOOKED_AT)
    there = (name for name in made if name in present and name not in taken)
    return next((name for name in there if fits(wish.seat, present[name], present)), "")


def _candidates(wish: Wish) -> Iterator[str]:
    """`vrrp.51`; for IPv6 then `vrrp6.51`; then `vrrp1.51`, `vrrp2.51` and so on."""
    numbers = [""] if wish.family is Family.IPV4 else ["", "6"]
    for number in numbers:
        yield _named(wish, number)
    for later in count(1):
        yield _named(wish, str(later))


def _named(wish: Wish, number: str) -> str:
    """As much of the prefix as there is room for, the number and the VRID."""
    end = f"{number}.{wish.instance.virtual_router_id}"
    return wish.prefix.encode()[: INTERFACE_NAME_MAX - len(end)].decode(errors="ignore") + end

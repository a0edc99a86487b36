"""The words for what the virtual routers tell. The first words are those that operators grep for."""

from typing import Final

from standfast.base.times import Duration, in_seconds
from standfast.core.vrrp.effects import (
    AddressMissing,
    AddressNotHeld,
    AdvertDropped,
    FirewallRefused,
    FirewallSet,
    FirewallTouched,
    GroupChanged,
    OneMaster,
    Overslept,
    OwnersConflict,
    PeerDiffers,
    PriorityChanged,
    RouterChanged,
    RoutingMissing,
    RoutingNotHeld,
    TwoMasters,
    WeakerHeard,
)
from standfast.observe.line import Level, Line, Value, line
from standfast.observe.reasons import DROPPED
from standfast.observe.wording import words

_PLACES: Final = {"master": "MASTER", "backup": "BACKUP", "fault": "FAULT"}

_AS_ASKED: Final = frozenset({"owner-ignores", "startup-delay"})  # nothing is wrong

_DIFFERS: Final = {
    "interval": "another advert interval",
    "addresses": "other addresses",
    "checksum-form": "the other form of checksum",
    "first-address": "no link-local address in the first place",
    "two-owners": "the priority of an owner, too",
}


@words(RouterChanged)
def changed(fact: RouterChanged) -> Line:
    """A transition, with its cause; or a further cause of the same fault."""
    said: dict[str, Value] = {
        "was": fact.old,
        "reason": fact.reason,
        "priority": fact.priority,
        "why": fact.detail,
    }
    if fact.new == fact.old:
        return line(Level.WARNING, f"({fact.router}) Stays in {_PLACES[fact.new]} STATE", **said)
    if fact.new in _PLACES:
        level = Level.WARNING if fact.new == "fault" else Level.NOTICE
        return line(level, f"({fact.router}) Entering {_PLACES[fact.new]} STATE", **said)
    verb = "Removed" if fact.reason == "deleted" else "Stopped"
    return line(Level.NOTICE, f"({fact.router}) {verb}", **said)


@words(GroupChanged)
def group_changed(fact: GroupChanged) -> Line:
    """A sync group went along with its members."""
    if fact.new in _PLACES:
        level = Level.WARNING if fact.new == "fault" else Level.NOTICE
        return line(level, f"(group {fact.group}) Entering {_PLACES[fact.new]} STATE", was=fact.old)
    return line(Level.NOTICE, f"(group {fact.group}) Stopped", was=fact.old)


@words(PriorityChanged)
def priority_changed(fact: PriorityChanged) -> Line:
    """Trackers gave another effective priority."""
    said = f"({fact.router}) Changing effective priority from {fact.old} to {fact.new}"
    return line(Level.INFO, said, why=fact.detail)


@words(AdvertDropped, same=lambda fact: (fact.router, fact.sender, fact.reason))
def dropped(fact: AdvertDropped) -> Line:
    """A packet that did not count."""
    why = DROPPED.get(fact.reason, fact.reason)
    compared = {"got": fact.got, "want": fact.want} if fact.got != fact.want else {}
    return line(
        Level.INFO if fact.reason in _AS_ASKED else Level.WARNING,
        f"({fact.router or fact.interface}) Ignored a packet from {fact.sender}: {why}",
        reason=fact.reason,
        interface=fact.interface,
        **compared,
    )


@words(PeerDiffers, same=lambda fact: (fact.router, fact.sender, fact.what))
def differs(fact: PeerDiffers) -> Line:
    """An advert that counts, although it is odd."""
    what = _DIFFERS.get(fact.what, fact.what)
    return line(
        Level.WARNING,
        f"({fact.router}) {fact.sender} announces {what}",
        reason=fact.what,
        ours=fact.ours,
        theirs=fact.theirs,
    )


@words(WeakerHeard, same=lambda fact: (fact.router, fact.sender))
def weaker(fact: WeakerHeard) -> Line:
    """A router with less right to be master speaks."""
    return line(
        Level.INFO, f"({fact.router}) {fact.sender} speaks as a weaker master", priority=fact.priority
    )


@words(TwoMasters, same=lambda fact: (fact.router, fact.first, fact.second))
def two_masters(fact: TwoMasters) -> Line:
    """A split network, or hosts that do not hear each other."""
    return line(
        Level.ERROR,
        f"({fact.router}) Two masters: {fact.first} with priority {fact.first_priority} and {fact.second}"
        f" with priority {fact.second_priority}",
        remedy="see whether both hear each other's adverts: switch, firewall, authentication, version, interval",
    )


@words(OneMaster)
def one_master(fact: OneMaster) -> Line:
    """The two agree."""
    lasted = in_seconds(Duration(fact.lasted_us))
    return line(
        Level.NOTICE, f"({fact.router}) No longer two masters: {fact.survivor} goes on", lasted=f"{lasted} s"
    )


@words(OwnersConflict, same=lambda fact: (fact.router, fact.sender))
def owners(fact: OwnersConflict) -> Line:
    """Two owners on one link (behaviour SM-26)."""
    return line(
        Level.ERROR,
        f"({fact.router}) CONFIGURATION ERROR: {fact.sender} also says that it owns the addresses",
        remedy="give priority 255 to one host only",
    )


@words(AddressMissing, same=lambda fact: (fact.router, fact.answer))
def missing(fact: AddressMissing) -> Line:
    """Somebody took one of our addresses from the host (behaviour TR-21)."""
    if fact.answer == "retried":  # that it was refused has been said, and if it is again, that will be
        return line(Level.DEBUG, f"({_whose(fact.router)}) {fact.address} is asked for again")
    answers = {"left": "left away", "later": "too often, put back later"}
    answer = answers.get(fact.answer, "put back")
    what = "was not there any more" if fact.answer == "refilled" else "was removed by somebody else"
    return line(Level.WARNING, f"({_whose(fact.router)}) {fact.address} {what}", answer=answer)


@words(AddressNotHeld, same=lambda fact: (fact.router, fact.words))
def not_held(fact: AddressNotHeld) -> Line:
    """The kernel refused an address."""
    return line(Level.ERROR, f"({_whose(fact.router)}) The kernel refuses {fact.address}", why=fact.words)


@words(RoutingMissing, same=lambda fact: (fact.router, fact.answer))
def routing_missing(fact: RoutingMissing) -> Line:
    """Somebody took a route or rule of ours from the host (behaviour TR-21)."""
    who = _whose(fact.router)
    if fact.answer == "retried":  # that it was refused has been said
        return line(Level.DEBUG, f"({who}) {fact.item} is asked for again")
    answers = {"left": "left away", "later": "too often, put back later"}
    what = "was not there any more" if fact.answer == "refilled" else "was removed by somebody else"
    return line(Level.WARNING, f"({who}) {fact.item} {what}", answer=answers.get(fact.answer, "put back"))


@words(RoutingNotHeld, same=lambda fact: (fact.router, fact.words))
def routing_not_held(fact: RoutingNotHeld) -> Line:
    """The kernel refused a route or rule."""
    return line(Level.ERROR, f"({_whose(fact.router)}) The kernel refuses {fact.item}", why=fact.words)


def _whose(router: str) -> str:
    """What is static belongs to no router."""
    return router or "static"


@words(Overslept, same=lambda fact: (fact.router, fact.answer))
def overslept(fact: Overslept) -> Line:
    """We woke too late to know what we missed."""
    answers = {"listens": "listens one interval more", "yields": "yields and listens"}
    return line(
        Level.WARNING,
        f"({fact.router}) Woke {in_seconds(Duration(fact.late_us))} s late",
        answer=answers.get(fact.answer, fact.answer),
    )


@words(FirewallSet)
def firewall_set(fact: FirewallSet) -> Line:
    """What is held and does not accept is closed from now on (behaviour VM-11)."""
    return line(
        Level.INFO, "Firewall rules are in force", tool=fact.tool, addresses=fact.addresses, vmacs=fact.vmacs
    )


@words(FirewallRefused, same=lambda fact: fact.words)
def firewall_refused(fact: FirewallRefused) -> Line:
    """No rules: what that means for routers, they tell themselves."""
    vmacs = f"{fact.vmacs} VMACs send IGMP, MLD and neighbour discovery of their own" if fact.vmacs else ""
    return line(Level.ERROR, f"No firewall rules: {fact.words}", therefore=vmacs)


@words(FirewallTouched, same=lambda fact: fact.answer)
def firewall_touched(fact: FirewallTouched) -> Line:
    """Somebody flushed the host's rules, or ours."""
    answer = "too often, put back later" if fact.answer == "later" else "put back"
    return line(Level.WARNING, "Our firewall rules were removed or changed by somebody else", answer=answer)

"""From the snapshots of the routers to what programs and people are told."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from standfast.base.addresses import IpAddress
from standfast.base.limits import ADDRESS_TEXTS_KEPT
from standfast.core.track.verdict import TrackerKey, Verdict
from standfast.core.vrrp.causes import in_words
from standfast.core.vrrp.conflict import Conflict, Speaker
from standfast.core.vrrp.groups import state_of
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.snapshot import RouterSnapshot, ShieldSnapshot
from standfast.core.vrrp.state import Backup, Fault, Init, Master, name_of
from standfast.core.vrrp.timing import advert_due, master_down, silence_ends
from standfast.observe.counters import statistics_of
from standfast.observe.state.instance import Address, Group, Peer, Tracks, TwoMasters
from standfast.observe.state.moment import Moment, seconds_of
from standfast.observe.state.process import Firewall

Ask = Callable[[TrackerKey], Verdict]

_PLAIN: Final = frozenset(
    {"heard", "heard-leaving", "sent", "sent-leaving", "become-master", "release-master", "dropped"}
)
_DIFFERS: Final = "differs-"
_NEXT: Final[dict[type, str]] = {Master: "advert", Backup: "takeover"}  # what it does when its time has come
_NO_MASTER: Final[dict[str, Any]] = {
    "patience": None,
    "master_interval": None,
    "master": "",
    "master_priority": 0,
}


def settled_of(one: RouterSnapshot, ask: Ask, moment: Moment) -> dict[str, Any]:
    """What is to be said of an instance that changes only with its parameters, its state and its trackers.

    Args:
        one: its snapshot.
        ask: gives the verdict of a tracker.
        moment: tells the time of day of what happened.
    """
    router, state = one.router, one.state
    return {
        "name": router.name,
        "state": name_of(state),
        "since": moment.at(one.changed_at),
        "reason": one.reason,
        "detail": one.detail,
        "interface": router.interface,
        "virtual_router_id": router.vrid,
        "family": router.family.name.lower(),
        "version": router.version,
        "group": router.sync_group,
        "priority": router.priority,
        "base_priority": one.configured.priority,
        "arithmetic": one.arithmetic,
        "preempt": router.preempt,
        "preempt_delay": seconds_of(router.preempt_delay),
        "owner": one.configured.owner,
        "accept": router.accept,
        "interval": seconds_of(router.interval),
        "faults": tuple(map(in_words, state.reasons)) if isinstance(state, Fault) else (),
        "waits_for": tuple(f"{key.kind} {key.name}" for key in one.standing.waits_for),
        "trackers": tuple(_tracks(router, ask)),
        "addresses": _addresses(one),
        "routes": tuple(map(str, router.routing)),
        "garp_delay": seconds_of(router.announcements.takeover.delay),
        "next_is": _NEXT.get(type(state), ""),
    }


def heard_of(one: RouterSnapshot, moment: Moment) -> dict[str, Any]:
    """What is to be said of an instance that changes with the adverts that come.

    Args:
        one: its snapshot.
        moment: tells the time of day of what happened.
    """
    return {
        "peers": [peer_of(speaker, moment) for speaker in one.heard],
        "two_masters": None if one.conflict is None else _two(one.conflict, moment),
        **(_of_master(one.router, one.state) if isinstance(one.state, Backup) else _NO_MASTER),
    }


def counted_of(counts: Mapping[str, int]) -> dict[str, Any]:
    """What is to be said of an instance of which this was counted."""
    plain = counts.keys() <= _PLAIN  # nearly always
    return {
        "statistics": statistics_of(counts),
        "drops": {} if plain else drops(counts),
        "differs": {} if plain else _odd(counts),
    }


def _of_master(router: Router, state: Backup) -> dict[str, Any]:
    """What a backup knows of the master."""
    return {
        "patience": seconds_of(master_down(router, state.interval)),
        "master_interval": seconds_of(state.interval),
        "master": "" if state.master is None else str(state.master),
        "master_priority": state.master_priority,
    }


def passing_of(one: RouterSnapshot, moment: Moment) -> dict[str, float | None]:
    """What is to be said of an instance that changes from one moment to the next."""
    match one.state:
        case Master():
            return {"next": moment.until(advert_due(one.router, one.state)), "quiet": None}
        case Backup():
            quiet = max(0.0, moment.since(one.state.quiet_since))
            return {"next": moment.until(silence_ends(one.router, one.state)), "quiet": quiet}
        case Init() | Fault():
            return {"next": None, "quiet": None}


def _tracks(router: Router, ask: Ask) -> Iterable[Tracks]:
    for tracker in router.trackers:
        verdict = ask(tracker.key)
        kind, name = tracker.key
        yield Tracks(kind=kind, name=name, weight=tracker.weight, up=verdict.up, reason=verdict.reason)


def _addresses(one: RouterSnapshot) -> tuple[Address, ...]:
    wanted = isinstance(one.state, Master)
    return tuple(
        Address(
            address=_in_words(each.address, each.prefix),
            interface=each.interface,
            wanted=wanted,
            present=wanted and not (one.refused and each.key in one.refused),
        )
        for each in one.router.held
    )


@lru_cache(maxsize=ADDRESS_TEXTS_KEPT)
def _in_words(address: IpAddress, prefix: int) -> str:
    """The text of an address takes longer than all else that is told of it."""
    return f"{address}/{prefix}"


@lru_cache(maxsize=ADDRESS_TEXTS_KEPT)
def _name(address: IpAddress) -> str:
    return str(address)


def peer_of(speaker: Speaker, moment: Moment) -> Peer:
    """Somebody who was heard."""
    return Peer(address=_name(speaker.address), priority=speaker.priority, last=moment.at(speaker.last))


def _two(conflict: Conflict, moment: Moment) -> TwoMasters:
    first, second = (peer_of(each, moment) for each in (conflict.first, conflict.second))
    return TwoMasters(since=moment.at(conflict.since), first=first, second=second)


def drops(counts: Mapping[str, int]) -> dict[str, int]:
    """What did not count, by reason."""
    return {
        word: n for word, n in sorted(counts.items()) if word not in _PLAIN and not word.startswith(_DIFFERS)
    }


def _odd(counts: Mapping[str, int]) -> dict[str, int]:
    odd = ((word, n) for word, n in sorted(counts.items()) if word.startswith(_DIFFERS))
    return {word.removeprefix(_DIFFERS): n for word, n in odd}


def groups_of(states: Mapping[str, tuple[str, str]]) -> tuple[Group, ...]:
    """The sync groups.

    Args:
        states: by the name of a router, its group and its state.
    """
    members: dict[str, dict[str, str]] = {}
    for name, (group, state) in states.items():
        if group:
            members.setdefault(group, {})[name] = state
    return tuple(
        Group(name=group, state=state_of(of.values()), members=tuple(of)) for group, of in members.items()
    )


def firewall_of(shield: ShieldSnapshot) -> Firewall | None:
    """The firewall's rules; None if there are to be none."""
    rules = shield.wanted
    if not rules.families:
        return None
    return Firewall(
        tool=rules.means.tool.value,
        addresses=len(rules.closed),
        in_force=shield.in_force,
        refusal=shield.refusal,
    )

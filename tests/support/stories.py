"""Stories of the VRRP core: a text with routers and events in, the same text with what the core answered out.

A line that is not indented says what happens; indented lines are the core's answer, in its order. Every alarm
rings on time, also between two lines, and then the answer says when; only while `asleep until` no alarm rings,
and what is heard at the end of the sleep is heard first. What is only made ready (sockets, prepared bytes) is left
out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address

from vrrp_made import ETH0, GROUP, GROUP6, ROUTER, US, US6, advert, received

from standfast.base.addresses import OUR_PROTOCOL, Family, HostAddress, family_of
from standfast.base.times import Duration, Instant, in_seconds, seconds
from standfast.core.vrrp.accept import form_of
from standfast.core.vrrp.effects import (
    AddressMissing,
    AddressNotHeld,
    AdvertDropped,
    AdvertHeard,
    Announce,
    Effect,
    Effects,
    Forget,
    HoldAddresses,
    Listen,
    OneMaster,
    Overslept,
    OwnersConflict,
    PeerDiffers,
    Prepare,
    ReadAddresses,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
    TwoMasters,
    WeakerHeard,
)
from standfast.core.vrrp.events import (
    AddressesRead,
    AddressGone,
    AddressRefused,
    Due,
    Event,
    LinkChanged,
    LinkGone,
    SocketFailed,
    SocketOpened,
    Stop,
)
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Announcements, Link, Rounds, Router
from standfast.core.vrrp.state import name_of
from standfast.wire.vrrp_auth import password_field

Settings = Mapping[str, str]
_NOT_TOLD = (Listen, Prepare, Forget, AdvertHeard)
_OTHERS_PROTOCOL = 4


def told_again(text: str) -> str:
    """The story with the core's answers put in anew."""
    story = _Story()
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(" "):
            continue
        lines.append(line)
        if line and not line.startswith("#"):
            lines += [f"  {answer}" for answer in story.tell(line)]
    return "\n".join(lines) + "\n"


class _Story:
    """A node at work, and the routers that the text names."""

    def __init__(self) -> None:
        self._node = Node()
        self._routers: dict[str, Router] = {}
        self._link: Link = ETH0
        self._now = Instant(0)

    def tell(self, line: str) -> Iterator[str]:
        """What the core answers to one line."""
        words = line.split()
        match words:
            case ["router", name, *settings]:
                self._routers[name] = router_of(replace(ROUTER, name=name), _settings(settings))
            case ["run", "until", moment]:
                yield from self._run(_at(moment))
                yield from self._alarms()
                yield from self._states()
            case ["asleep", "until", moment]:
                self._now = _at(moment)
            case ["at", moment, *what]:
                yield from self._run(_at(moment))
                yield from map(words_of, self._happen(what))
                yield from self._states()
            case _:
                raise AssertionError(f"a story does not say: {line}")

    def _run(self, until: Instant) -> Iterator[str]:
        """Ring what is due before that moment, each alarm at its time."""
        while self._now < until and (due := self._node.deadline()) is not None and due < until:
            self._now = max(due, self._now)
            yield from self._alarms()
        self._now = until

    def _alarms(self) -> Iterator[str]:
        """Ring what is due now."""
        while (due := self._node.deadline()) is not None and due <= self._now:
            for effect in self._node.handle(Due(), self._now):
                if not isinstance(effect, _NOT_TOLD):
                    yield f"{in_seconds(Duration(self._now))} {words_of(effect)}"

    def _happen(self, what: Sequence[str]) -> Effects:
        effects: Effects
        match what:
            case ["start", *settings]:
                effects = self._start(_settings(settings))
            case ["reload", name, *settings]:
                self._routers[name] = router_of(self._routers[name], _settings(settings))
                effects = self._node.reload(self._routers.values(), self._now)
            case ["remove", name]:
                del self._routers[name]
                effects = self._node.reload(self._routers.values(), self._now)
            case _:
                effects = self._node.handle(self._event(what), self._now)
        return tuple(effect for effect in effects if not isinstance(effect, _NOT_TOLD))

    def _start(self, settings: Settings) -> Effects:
        present = {a.key: _OTHERS_PROTOCOL for a in addresses_of(settings.get("others", ""))}
        present |= {a.key: OUR_PROTOCOL for a in addresses_of(settings.get("left", ""))}
        return self._node.start(
            self._routers.values(), links={"eth0": self._link}, present=present, now=self._now
        )

    def _event(self, what: Sequence[str]) -> Event:
        match what:
            case ["due"]:
                return Due()
            case ["stop"]:
                return Stop()
            case ["heard", *settings]:
                return self._heard(_settings(settings))
            case ["link", "gone"]:
                return LinkGone("eth0")
            case ["link", *looks]:
                self._link = replace(
                    ETH0, up="down" not in looks, ipv4=None if "homeless" in looks else ETH0.ipv4
                )
                return LinkChanged(self._link)
            case ["socket", "failed"]:
                return SocketFailed("eth0", Family.IPV4, "no memory")
            case ["socket", "opened"]:
                return SocketOpened("eth0", Family.IPV4)
            case ["removed", address]:
                return AddressGone(addresses_of(address)[0].key)
            case ["refused", address]:
                return AddressRefused(addresses_of(address)[0].key, "no memory")
            case ["read", *found]:
                return AddressesRead({a.key: OUR_PROTOCOL for a in addresses_of("".join(found))})
            case _:
                raise AssertionError(f"a story does not say: {' '.join(what)}")

    def _heard(self, settings: Settings) -> Event:
        name = settings.get("to", next(iter(self._routers)))
        router = router_of(self._routers[name], {k: v for k, v in settings.items() if k in _PEERS_OWN})
        sender = ip_address(settings["from"])
        return received(
            advert(router, int(settings["priority"]), form=form_of(router)),
            sender=sender,
            destination=router.group or (US if sender.version == 4 else US6),
            ttl=int(settings.get("ttl", "255")),
            at=_at(settings["sent"]) if "sent" in settings else self._now,
        )

    def _states(self) -> Iterator[str]:
        """The state of each router; named if there are several."""
        for router in self._node.snapshot(self._now).routers:
            name = f"{router.router.name} " if len(self._routers) > 1 else ""
            until = "" if router.deadline is None else f" until {in_seconds(Duration(router.deadline))}"
            yield f"{name}{name_of(router.state)}{until}"


# ---- from words to values

_PEERS_OWN = frozenset({"interval", "holds", "version", "password"})  # what a peer may have otherwise


def router_of(router: Router, settings: Settings) -> Router:
    """The router with these settings."""
    for name, value in settings.items():
        if name not in _SETTINGS:
            raise AssertionError(f"a router in a story has no {name}")
        router = _SETTINGS[name](router, value)
    return router


def _holding(router: Router, addresses: tuple[HostAddress, ...]) -> Router:
    if addresses and family_of(addresses[0].address) is Family.IPV6:
        return replace(router, addresses=addresses, family=Family.IPV6, group=GROUP6)
    return replace(router, addresses=addresses, family=Family.IPV4, group=router.group and GROUP)


def _announcements(repeat: str, delay: str = "0", refresh: str = "0") -> Announcements:
    rounds = Rounds(int(repeat), seconds(delay))
    return Announcements(takeover=rounds, weaker=rounds, refresh=seconds(refresh))


_SETTINGS: Mapping[str, Callable[[Router, str], Router]] = {
    "priority": lambda router, value: replace(router, priority=int(value)),
    "version": lambda router, value: replace(router, version=int(value)),
    "vrid": lambda router, value: replace(router, vrid=int(value)),
    "interval": lambda router, value: replace(router, interval=seconds(value)),
    "preempt_delay": lambda router, value: replace(router, preempt_delay=seconds(value)),
    "preempt": lambda router, value: replace(router, preempt=value == "yes"),
    "state": lambda router, value: replace(router, starts_as_master=value == "MASTER"),
    "holds": lambda router, value: _holding(router, addresses_of(value)),
    "excluded": lambda router, value: replace(router, excluded=addresses_of(value)),
    "peers": lambda router, value: replace(
        router, group=None, peers=tuple(map(ip_address, value.split(",")))
    ),
    "password": lambda router, value: replace(router, password=password_field(value.encode())),
    "goodbye": lambda router, value: replace(router, says_goodbye_to_stronger=value == "yes"),
    "answers": lambda router, value: replace(router, answers_weaker=value == "yes"),
    "announces": lambda router, value: replace(router, announcements=_announcements(*value.split(","))),
}


def addresses_of(text: str) -> tuple[HostAddress, ...]:
    """Addresses on eth0, separated by commas; `none` is none."""
    found = (ip_address(word) for word in text.split(",") if word not in {"", "none"})
    return tuple(HostAddress(one, 32 if one.version == 4 else 128, "eth0") for one in found)


def _settings(words: Sequence[str]) -> Settings:
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def _at(moment: str) -> Instant:
    return Instant(seconds(moment))


# ---- from effects to words


def words_of(effect: Effect) -> str:
    """One effect, as a story tells it."""
    match effect:
        case SendAdvert(priority=priority):
            return f"send advert priority={priority}"
        case HoldAddresses(part):
            return f"hold {_listed(part.addresses)}"
        case ReleaseAddresses(addresses=addresses):
            return f"release {_listed(addresses)}"
        case Announce(part):
            return f"announce {_listed(part.addresses)}"
        case ReadAddresses():
            return "read addresses"
        case _:
            return f"fact {_fact(effect)}"


def _fact(effect: Effect) -> str:
    match effect:
        case RouterChanged(_, old, new, reason, _, detail):
            return f"{old} -> {new} ({reason})" + (f": {detail}" if detail else "")
        case AdvertDropped(_, _, sender, reason, got, want):
            return f"dropped ({reason}) from {sender}" + (f": got {got}, want {want}" * (got != want))
        case PeerDiffers(_, sender, what, ours, theirs):
            return f"differs ({what}) from {sender}: ours {ours}, theirs {theirs}"
        case WeakerHeard(_, sender, priority, _):
            return f"weaker heard: {sender} with {priority}"
        case TwoMasters(_, first, first_priority, second, second_priority):
            return f"two masters: {first} with {first_priority}, {second} with {second_priority}"
        case OneMaster(_, survivor, lasted):
            return f"one master again: {survivor} after {in_seconds(Duration(lasted))}"
        case OwnersConflict(_, sender):
            return f"two owners: {sender} is one too"
        case AddressMissing(_, address, answer):
            return f"missing {address.address} ({answer})"
        case AddressNotHeld(_, address, words):
            return f"not held {address.address}: {words}"
        case Overslept(_, late, answer):
            return f"overslept by {in_seconds(Duration(late))} ({answer})"
        case _:
            raise AssertionError(f"a story has no words for {effect}")


def _listed(addresses: Sequence[HostAddress]) -> str:
    return " ".join(str(address.address) for address in addresses)

"""Standfast and Keepalived on one switch, as each other's peers, with many virtual routers at once.

There are two pairs of hosts. In the first Standfast runs on the strong host and Keepalived on the weak one, in
the second it is the other way round. A `Case` is one virtual router of one pair. All cases live through the
same story, so a story costs the time of its slowest case; the tests then look at one case each.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import pytest
from _pytest.mark import ParameterSet

from standfast.base.addresses import Family, IpAddress, parse_address
from standfast.base.times import SECOND, Duration, Instant, seconds
from standfast.lab.capture import Capture
from standfast.lab.clock import now, within
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.packets import Advert
from standfast.lab.timeline import Rules

Part = Literal["strong", "weak"]
Program = Literal["standfast", "keepalived"]
PARTS: Final[tuple[Part, ...]] = ("strong", "weak")
PROGRAMS: Final[tuple[Program, ...]] = ("standfast", "keepalived")
PRIORITIES: Final[Mapping[Part, int]] = {"strong": 150, "weak": 100}
# Of the hosts: in each pair the strong one has the higher addresses, too.
_NUMBERS: Final[Mapping[tuple[Program, Part], int]] = {
    ("standfast", "weak"): 1,
    ("standfast", "strong"): 2,
    ("keepalived", "weak"): 3,
    ("keepalived", "strong"): 4,
}  # fmt: skip


class Case(NamedTuple):
    """One virtual router, and who plays which part in its pair."""

    strong: Program  # what runs on the strong host of the pair
    version: int
    family: Family
    unicast: bool
    vrid: int
    strong_words: str = ""  # more lines for the configuration of the strong host
    weak_words: str = ""

    @property
    def id(self) -> str:
        """The case as a phrase."""
        way = "unicast" if self.unicast else "multicast"
        return f"{self.strong} is stronger-v{self.version}-IPv{self.family}-{way}"

    @property
    def addresses(self) -> tuple[IpAddress, ...]:
        """What the master holds; of IPv6 the first is link-local (RFC 9568, section 5.2.9)."""
        if self.family is Family.IPV4:
            return (parse_address(f"10.99.1.{self.vrid}"),)
        return parse_address(f"fe80::99:{self.vrid}"), parse_address(f"fd99::99:{self.vrid}")

    @property
    def interval(self) -> Duration:
        """Version 2 knows whole seconds only; who stands still for one, as a busy machine does, is not missed."""
        return SECOND if self.version == 2 else seconds("0.5")

    def rules(self, part: Part) -> Rules:
        """What the RFC says of the patience of one of the two."""
        return Rules(self.version, self.interval, PRIORITIES[part])

    def config(self, part: Part, *, priority: int, words: str) -> str:
        """The block of this router on one of the two hosts."""
        lines = [
            "interface eth0",
            f"virtual_router_id {self.vrid}",
            f"version {self.version}",
            f"priority {priority}",
            f"advert_int {self.interval / SECOND:g}",
            _block("virtual_ipaddress", [f"{address}/{self._prefix}" for address in self.addresses]),
            *self._unicast(part),
            self.strong_words if part == "strong" else self.weak_words,
            words,
        ]
        return _block(f"vrrp_instance case_{self.vrid}", lines)

    @property
    def _prefix(self) -> int:
        # Of one longer subnet the kernel would remove all, on Keepalived's host, when the first one goes.
        return 32 if self.family is Family.IPV4 else 64

    def _unicast(self, part: Part) -> Iterable[str]:
        if self.unicast:
            other: Part = "weak" if part == "strong" else "strong"
            yield f"unicast_src_ip {_address(self, part)}"
            yield _block("unicast_peer", [_address(self, other)])


def _block(head: str, lines: Iterable[str]) -> str:
    return "\n".join([f"{head} {{", *lines, "}"])


def _address(case: Case, part: Part) -> str:
    number = _NUMBERS[case.strong, part]
    return f"10.99.0.{number}" if case.family is Family.IPV4 else f"fd99::{number}"


def rows(cases: Iterable[Case]) -> Sequence[ParameterSet]:
    """The cases as rows of a table of tests."""
    return [pytest.param(case, id=case.id) for case in cases]


def all_cases() -> tuple[Case, ...]:
    """Both directions of everything that both programs can: VRRP version 2 is for IPv4 only."""
    kinds = ((2, Family.IPV4), (3, Family.IPV4), (3, Family.IPV6))
    combined = [
        (strong, version, family, unicast)
        for strong in PROGRAMS
        for version, family in kinds
        for unicast in (False, True)
    ]
    return tuple(Case(*each, vrid) for vrid, each in enumerate(combined, start=11))


class Heard(NamedTuple):
    """An advert on the wire, and which of the two sent it."""

    at: Instant
    sender: Part
    advert: Advert


class Holding(NamedTuple):
    """Which of the two hosts hold addresses of a case."""

    all: frozenset[Part]  # each of them
    any: frozenset[Part]  # at least one


Stand = Callable[[Case, Holding], bool]  # whether a case stands as it should


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the story, and how things stood at its end."""

    began: Instant
    ended: Instant
    holding: Mapping[Case, Holding]


@dataclass
class Duel:
    """The four hosts, and what is seen of them."""

    lab: Lab
    cases: tuple[Case, ...]
    capture: Capture
    hosts: Mapping[tuple[Program, Part], Host] = field(default_factory=dict)
    daemons: dict[tuple[Program, Part], Daemon] = field(default_factory=dict)

    @classmethod
    def prepare(cls, lab: Lab, cases: Iterable[Case]) -> "Duel":
        """Put up the hosts; no daemon runs yet."""
        hosts = {
            key: lab.host(f"{key[0][0]}{key[1]}", f"10.99.0.{number}/24", f"fd99::{number}/64")
            for key, number in sorted(_NUMBERS.items(), key=lambda item: item[1])
        }
        return cls(lab, tuple(cases), lab.capture(), hosts)

    def introduce(self) -> None:
        """Let all hosts know each other's Ethernet addresses, so that nobody's unicast waits for an answer."""
        for host in self.hosts.values():
            known = [
                f"neigh replace {address} lladdr {other.mac().hex(':')} dev eth0 nud permanent\n"
                for key, other in self.hosts.items()
                if other is not host
                for address in (f"10.99.0.{_NUMBERS[key]}", f"fd99::{_NUMBERS[key]}")
            ]
            host.command("ip", "-batch", "-", text="".join(known))

    def start(self, part: Part, *, words: str = "", priority: int | None = None) -> None:
        """Start the daemons of this part, in both pairs."""
        for strong in PROGRAMS:
            cases = [case for case in self.cases if case.strong == strong]
            chosen = PRIORITIES[part] if priority is None else priority
            config = "\n".join(case.config(part, priority=chosen, words=words) for case in cases)
            host = self.hosts[strong, part]
            program = strong if part == "strong" else PROGRAMS[strong == "standfast"]
            run = host.run if program == "standfast" else host.keepalived
            self.daemons[strong, part] = run(config)

    def stop(self, part: Part) -> dict[Program, int]:
        """Ask the daemons of this part to end; their exit statuses, by what is strong in the pair."""
        return {strong: self.daemons[strong, part].stop() for strong in PROGRAMS}

    def each(self, part: Part) -> Collection[Host]:
        """The hosts that play this part."""
        return [self.hosts[strong, part] for strong in PROGRAMS]

    def chapter(self, limit: float, *, leads_to: Stand) -> Chapter:
        """Go on until all cases stand so, or `limit` seconds have passed, which the tests will notice."""
        began = now()
        within(limit, lambda: all(leads_to(case, self.look()[case]) for case in self.cases), every=0.02)
        return Chapter(began, now(), self.look())

    def look(self) -> Mapping[Case, Holding]:
        """Who holds what now."""
        there = {key: {each.ip for each in host.addresses()} for key, host in self.hosts.items()}
        return {case: _holding(case, there) for case in self.cases}

    def adverts(self, case: Case, since: Instant, until: Instant | None = None) -> list[Heard]:
        """The adverts of a case in some time, in order."""
        senders = {self.hosts[case.strong, part].mac(): part for part in PARTS}
        return [
            Heard(packet.at, senders[packet.sender], packet.content)
            for packet in self.capture
            if isinstance(packet.content, Advert)
            and packet.content.vrid == case.vrid
            and packet.at >= since
            and (until is None or packet.at <= until)
        ]


def _holding(case: Case, there: Mapping[tuple[Program, Part], Collection[IpAddress]]) -> Holding:
    counts = {part: sum(each in there[case.strong, part] for each in case.addresses) for part in PARTS}
    return Holding(
        frozenset(part for part, count in counts.items() if count == len(case.addresses)),
        frozenset(part for part, count in counts.items() if count),
    )


def only(*parts: Part) -> Stand:
    """These hosts hold all addresses, and no other holds any."""
    return lambda _, holding: holding.all == holding.any == frozenset(parts)


Prepare = Callable[[Iterable[Case]], Duel]  # the fixture that puts up a duel

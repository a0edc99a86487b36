"""What each child leaves to its successor, all together; `bequest` is how it gets there."""

import hashlib
from collections.abc import Mapping

from standfast.base.frozen import frozen
from standfast.conf.transport import encode_config
from standfast.core.bfd.legacy import SessionsLegacy
from standfast.core.lvs.legacy import BalancerLegacy
from standfast.core.track.legacy import TrackerLegacy
from standfast.core.vrrp.legacy import NodeLegacy
from standfast.model.config import Config
from standfast.observe.state.server_times import Changed


@frozen
class Number:
    """Something that is counted, or a number that must go on from there."""

    of: str
    word: str
    value: int


@frozen
class VrrpLegacy:
    """The vrrp child's."""

    config: str  # `fingerprint` of what it ran on
    node: NodeLegacy
    trackers: tuple[TrackerLegacy, ...]
    counters: tuple[Number, ...]
    signed: tuple[Number, ...]  # the last sequence number of each router's signatures


@frozen
class CheckerLegacy:
    """The checker child's."""

    balancer: BalancerLegacy
    times: tuple[Changed, ...]
    tables: str  # how those of nftables look; empty: they are to be made anew
    trackers: tuple[TrackerLegacy, ...]


@frozen
class BfdLegacy:
    """The bfd child's."""

    sessions: SessionsLegacy
    counters: tuple[Number, ...]


def fingerprint(config: Config) -> str:
    """The same for the same configuration, and of no use to who wants to know its secrets."""
    return hashlib.sha256(encode_config(config)).hexdigest()


def numbers(counted: Mapping[str, Mapping[str, int]]) -> tuple[Number, ...]:
    """What was counted, in a form that can be sent."""
    return tuple(Number(of, word, n) for of, counts in counted.items() for word, n in counts.items())


def counted(several: tuple[Number, ...]) -> dict[str, dict[str, int]]:
    """What `numbers` made this of."""
    found: dict[str, dict[str, int]] = {}
    for one in several:
        found.setdefault(one.of, {})[one.word] = one.value
    return found

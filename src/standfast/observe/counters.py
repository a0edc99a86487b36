"""What is counted, bound to facts: the statistics of behaviours FILE-05 and JSON-06.

Nothing counts from inside the logic. The total of a kind of errors is computed from the drops by reason.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from standfast.base.times import Instant
from standfast.core.vrrp.effects import AdvertDropped, AdvertHeard, AdvertSent, PeerDiffers, RouterChanged

Counts = Counter[str]
_NONE: Final[Mapping[str, int]] = {}

# The statistics in the order of JSON-06, each with the words that are counted for it. What an advert is
# dropped for counts under its slug, what is odd about one that counts under `differs-` and its slug.
STATISTICS: Final[dict[str, tuple[str, ...]]] = {
    "advert_rcvd": ("heard",),
    "advert_sent": ("sent",),
    "become_master": ("become-master",),
    "release_master": ("release-master",),
    "packet_len_err": ("short", "truncated", "length"),
    "advert_interval_err": ("interval", "interval-zero"),
    "ip_ttl_err": ("ttl",),
    "invalid_type_rcvd": ("type",),
    "addr_list_err": ("differs-addresses", "count"),
    "invalid_authtype": ("auth-unknown",),
    "authtype_mismatch": ("auth-type",),
    "auth_failure": ("auth-failed", "ah-malformed", "ah-replay"),
    "auth_ext_missing": ("hmac-missing",),
    "auth_ext_malformed": ("hmac-malformed",),
    "auth_ext_unknown_key": ("hmac-unknown-key",),
    "auth_ext_invalid_hmac": ("hmac-invalid",),
    "auth_ext_stale": ("hmac-stale",),
    "auth_ext_replay": ("hmac-replay",),
    "pri_zero_rcvd": ("heard-leaving",),
    "pri_zero_sent": ("sent-leaving",),
}

# By word, the statistics that it counts in.
_STATISTICS_OF: Final[dict[str, tuple[str, ...]]] = {
    word: tuple(name for name, words in STATISTICS.items() if word in words)
    for counted in STATISTICS.values()
    for word in counted
}


class Counters:
    """A listener that counts, for each router; what belongs to none counts for the empty name."""

    def __init__(self) -> None:
        self._of: dict[str, Counts] = {}

    def wants(self, kind: type) -> bool:
        """Whether facts of this class are counted."""
        return kind in _COUNTED

    def tell(self, fact: Any, now: Instant) -> None:  # noqa: ARG002  (counting needs no time)
        """Count the fact."""
        counts = self._of.get(fact.router)
        if counts is None:
            counts = self._of.setdefault(fact.router, Counter())
        for word in _COUNTED[type(fact)](fact):
            counts[word] += 1

    def of(self, router: str) -> Counts:
        """All that was counted for a router, by word."""
        return Counter(self._of.get(router, {}))

    def look(self, router: str) -> Mapping[str, int]:
        """The same, to look at and not to keep."""
        return self._of.get(router, _NONE)

    def statistics(self, router: str) -> dict[str, int]:
        """The statistics of a router, in the order of JSON-06."""
        numbers = dict.fromkeys(STATISTICS, 0)
        for word, count in self._of.get(router, {}).items():  # few: most things never happen
            for name in _STATISTICS_OF.get(word, ()):
                numbers[name] += count
        return numbers

    def everything(self) -> Mapping[str, Mapping[str, int]]:
        """All that was counted, for a process that goes on counting."""
        return self._of

    def recall(self, counted: Mapping[str, Mapping[str, int]]) -> None:
        """Go on from these numbers, which another process counted."""
        self._of = {name: Counter(counts) for name, counts in counted.items()}

    def clear(self) -> None:
        """Begin again at zero (behaviour SIG-06)."""
        self._of.clear()

    def keep(self, routers: Iterable[str]) -> None:
        """Forget the routers that a reload removed."""
        kept = {"", *routers}
        self._of = {router: counts for router, counts in self._of.items() if router in kept}


def _heard(fact: AdvertHeard) -> tuple[str, ...]:
    return ("heard", "heard-leaving") if fact.leaving else ("heard",)


def _sent(fact: AdvertSent) -> tuple[str, ...]:
    return ("sent", "sent-leaving") if fact.leaving else ("sent",)


def _changed(fact: RouterChanged) -> tuple[str, ...]:
    became = ("become-master",) if fact.new == "master" else ()
    left = ("release-master",) if fact.old == "master" else ()
    return became + left


def _dropped(fact: AdvertDropped) -> tuple[str, ...]:
    return ("dropped", fact.reason)


def _differs(fact: PeerDiffers) -> tuple[str, ...]:
    return (f"differs-{fact.what}",)


_COUNTED: Final[dict[type, Callable[[Any], tuple[str, ...]]]] = {
    AdvertHeard: _heard,
    AdvertSent: _sent,
    AdvertDropped: _dropped,
    PeerDiffers: _differs,
    RouterChanged: _changed,
}

"""What is counted, bound to facts: the statistics of behaviours FILE-05 and JSON-06.

The total of a kind of errors is computed from the drops by reason.
"""

from collections.abc import Mapping
from typing import Final

from standfast.core.vrrp.effects import AdvertDropped, AdvertHeard, AdvertSent, PeerDiffers, RouterChanged
from standfast.observe.tally import Tally, WordsOf

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


class Counters(Tally):
    """What is counted of each router."""

    def __init__(self) -> None:
        super().__init__(_COUNTED, "router")

    def statistics(self, router: str) -> dict[str, int]:
        """The statistics of a router, in the order of JSON-06."""
        return statistics_of(self.look(router))


def statistics_of(counts: Mapping[str, int]) -> dict[str, int]:
    """The statistics that follow from what was counted, by word; in the order of JSON-06."""
    numbers = dict.fromkeys(STATISTICS, 0)
    for word, count in counts.items():  # few: most things never happen
        for name in _STATISTICS_OF.get(word, ()):
            numbers[name] += count
    return numbers


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


_COUNTED: Final[Mapping[type, WordsOf]] = {
    AdvertHeard: _heard,
    AdvertSent: _sent,
    AdvertDropped: _dropped,
    PeerDiffers: _differs,
    RouterChanged: _changed,
}

"""What the benchmark is to show: one row an aim, each a figure of one case beside Keepalived's.

A ratio is Standfast's figure divided by Keepalived's of the same run; a limit is Standfast's figure alone.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Aim:
    """One figure that should not be exceeded."""

    scenario: str
    case: str  # the case's name, or the start of it followed by `*`
    metric: str
    bound: float
    of: Literal["median", "max", "min"] = "median"
    kind: Literal["ratio", "limit", "at-least"] = "ratio"
    words: str = ""

    def covers(self, case: str) -> bool:
        """Whether the aim speaks of this case."""
        return case.startswith(self.case[:-1]) if self.case.endswith("*") else case == self.case


AIMS = (
    Aim("failover", "kill-*", "advert_excess_ms", 1.0, words="first advert after the silence has ended, p50"),
    Aim("failover", "kill-*", "advert_excess_ms", 1.5, of="max", words="the same, worst run"),
    *(
        Aim("takeover", case, "last_first_garp_ms", 0.8, words="last address announced for the first time")
        for case in ("20", "60", "100", "500", "1000", "2000")
    ),
    Aim("takeover", "1000", "first_garp_ms", 0.1, words="first of 1,000 addresses announced"),
    Aim("adverts", "50-100ms", "p99_ms", 0.3, words="jitter of adverts, p99, idle"),
    Aim("adverts", "250-100ms", "p99_ms", 0.3, words="jitter of adverts, p99, idle"),
    Aim("adverts", "250-1s", "p99_ms", 0.3, words="jitter of adverts, p99, idle"),
    Aim("adverts", "hog-*", "p99_ms", 1.0, words="jitter of adverts, p99, all cores hogged"),
    Aim("adverts", "250-100ms", "cpu_us_per_advert", 0.7, words="CPU per advert"),
    Aim("adverts", "250-1s", "cpu_us_per_advert", 0.7, words="CPU per advert"),
    *(
        Aim(
            "storm",
            f"{kind}*",
            "adverts_share",
            0.98,
            of="min",
            kind="at-least",
            words="adverts sent under flood",
        )
        for kind in ("checksum-", "vrid-", "auth-", "truncated-", "ttl-", "mix-")
    ),
    Aim("storm", "pair-*", "address_changes", 0, of="max", kind="limit", words="address moves under flood"),
    Aim("startup", "vrrp-1", "first_advert_ms", 200, kind="limit", words="start to first advert, ms"),
    Aim("respawn", "*", "back_ms", 50, kind="limit", words="killed vrrp child to its replacement, ms"),
    Aim(
        "reading", "check-50000", "wall_ms", 1000, kind="limit", words="reading and checking 50,000 lines, ms"
    ),
    Aim("reading", "start-20", "wall_ms", 120, kind="limit", words="`standfast check` on a short file, ms"),
    Aim("footprint", "1-*", "pss_mib", 45, kind="limit", words="memory of all processes (PSS), MiB"),
)

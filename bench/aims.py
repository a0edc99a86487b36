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
    *(
        Aim(
            "storm",
            f"{kind}*",
            "longest_silence_ms",
            1.1 * interval,
            of="max",
            kind="limit",
            words="longest time without an advert under flood, ms",
        )
        for kind, interval in (
            *((kind, 100) for kind in ("checksum-", "vrid-", "truncated-", "ttl-", "mix-")),
            ("auth-", 1000),
        )
    ),
    Aim(
        "replay",
        "*",
        "longest_silence_ms",
        1100,
        of="max",
        kind="limit",
        words="longest time without an advert under replay, ms",
    ),
    Aim("replay", "*", "address_changes", 0, of="max", kind="limit", words="address moves under replay"),
    Aim("many", "*", "p99_ms", 0.3, words="jitter of adverts, p99, idle"),
    Aim("many", "*", "cpu_us_per_advert", 0.7, words="CPU per advert"),
    Aim("tracking", "file-1000", "all_done_ms", 0.8, words="1,000 files change: last address removed"),
    Aim(
        "tracking", "interface-1000", "all_done_ms", 0.8, words="1,000 interfaces fail: last address removed"
    ),
    Aim("checking", "*", "removal_p50_ms", 1.0, words="death of a server to its removal, p50"),
    Aim("checking", "*", "removal_max_ms", 1.0, words="the same, the last of 250 that died at once"),
    Aim("checking", "*", "cpu_us_per_check", 1.5, words="CPU per check"),
    Aim("checking", "*", "removed_wrongly", 0, of="max", kind="limit", words="removals of servers that live"),
    Aim("balancing", "37298", "reload_ms", 1.0, words="reload with one change, 37,298 servers"),
    Aim("cutting", "*", "takeover_p50_ms", 1.0, words="cut to the backup's first advert by BFD, p50"),
    Aim("cutting", "*", "takeover_max_ms", 1.0, words="the same, the longest of 8 cuts"),
    Aim(
        "sessions",
        "100-50ms-hog",
        "false_downs",
        0,
        of="max",
        kind="limit",
        words="BFD sessions down without a reason, hogged",
    ),
    Aim(
        "asking",
        "scrapes-250",
        "asked_more_p99_ms",
        0.5,
        kind="limit",
        words="jitter of adverts, p99: more under scrapes than without, ms",
    ),
    Aim(
        "asking",
        "status-1000-hog",
        "answer_p99_ms",
        50,
        kind="limit",
        words="answer to `status`, hogged, p99, ms",
    ),
    Aim("footprint", "1-*", "pss_mib", 45, kind="limit", words="memory of all processes (PSS), MiB"),
)

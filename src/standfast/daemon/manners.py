"""How a child should treat itself and the host, by the configuration (PR-10 to PR-13): values only."""

from typing import Any, Final

from standfast.base.frozen import frozen
from standfast.base.limits import DESCRIPTORS_OF_CHECK, DESCRIPTORS_OF_CHECKER, REALTIME_PRIORITY
from standfast.base.times import Duration
from standfast.engine.haste import Haste
from standfast.model.config import Config
from standfast.model.declare import declaration_of
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.blocks import Block
from standfast.model.virtual_server import RealServer

_PARENT: Final = "keepalived"  # as `process_names` calls it


@frozen
class Manners:
    """Of one child."""

    name: str  # as `ps` shows it; empty: ours
    nice: int
    processors: frozenset[int]  # empty: all
    realtime: int  # priority; 0: an ordinary process
    run: Duration  # of the real-time class, without a sleep
    locked: bool  # all memory at once; otherwise what is used, of those who must be on time
    must_be_on_time: bool
    haste: Haste
    descriptors: int = 0  # files that it may need at once; 0: few


_USUAL: Final = {"vrrp": "keepalived_vrrp", "checker": "keepalived_ipvs", "bfd": "keepalived_bfd"}


def manners_of(child: str, config: Config) -> Manners | None:
    """How a child should behave; None: it has nothing to do with the time.

    The checker is an ordinary process unless it is configured otherwise: no advert waits for it.
    """
    if child not in _USUAL:
        return None
    defs, checks = config.global_defs, child == "checker"

    def given(keyword: str) -> Any:  # the keywords of the three have the same names but for the first word
        return getattr(defs, f"{child}_{keyword}")

    return Manners(
        name=given("process_name") or _usual(_USUAL[child], defs),
        nice=given("priority"),
        processors=frozenset(given("cpu_affinity")),
        realtime=given("rt_priority") or (0 if checks else REALTIME_PRIORITY),
        run=given("rlimit_rttime"),
        locked=given("no_swap"),
        must_be_on_time=not checks,
        haste=Haste(defs.max_auto_priority, defs.min_auto_priority_delay),
        descriptors=_descriptors(config) if checks else 0,
    )


def _usual(name: str, defs: GlobalDefs) -> str:
    return name if defs.process_names else ""


def name_of_parent(config: Config) -> str:
    """What the parent is called by `ps`; empty: as it was started."""
    return config.global_defs.process_name or _usual(_PARENT, config.global_defs)


def _descriptors(config: Config) -> int:
    """Files that the checker may have open at once: every check with a connection of its own."""
    checks = sum(_checks(server) for virtual in config.virtual_servers for server in virtual.real_servers)
    return DESCRIPTORS_OF_CHECKER + DESCRIPTORS_OF_CHECK * checks


def _checks(server: RealServer) -> int:
    """How many checkers a real server has: each is a block in it."""
    fields = declaration_of(RealServer).by_field.items()
    blocks = (name for name, keyword in fields if isinstance(keyword.kind, Block) and keyword.kind.many)
    return sum(len(getattr(server, name)) for name in blocks)

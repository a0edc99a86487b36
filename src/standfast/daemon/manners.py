"""How a child should treat itself and the host, by the configuration (PR-10 to PR-13): values only."""

from collections.abc import Sequence
from typing import Final, NamedTuple

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


class _Given(NamedTuple):
    """What the configuration says of one child."""

    usual: str  # its name under `process_names`
    name: str
    nice: int
    processors: Sequence[int]
    realtime: int
    run: Duration
    locked: bool


def manners_of(child: str, config: Config) -> Manners | None:
    """How a child should behave; None: it has nothing to do with the time.

    The checker is an ordinary process unless it is configured otherwise: no advert waits for it.
    """
    defs, checks = config.global_defs, child == "checker"
    given = _given(child, defs)
    if given is None:
        return None
    return Manners(
        name=given.name or _usual(given.usual, defs),
        nice=given.nice,
        processors=frozenset(given.processors),
        realtime=given.realtime or (0 if checks else REALTIME_PRIORITY),
        run=given.run,
        locked=given.locked,
        must_be_on_time=not checks,
        haste=Haste(defs.max_auto_priority, defs.min_auto_priority_delay),
        descriptors=_descriptors(config) if checks else 0,
    )


def _given(child: str, defs: GlobalDefs) -> _Given | None:
    match child:
        case "vrrp":
            return _Given(
                "keepalived_vrrp",
                defs.vrrp_process_name,
                defs.vrrp_priority,
                defs.vrrp_cpu_affinity,
                defs.vrrp_rt_priority,
                defs.vrrp_rlimit_rttime,
                defs.vrrp_no_swap,
            )
        case "checker":
            return _Given(
                "keepalived_ipvs",
                defs.checker_process_name,
                defs.checker_priority,
                defs.checker_cpu_affinity,
                defs.checker_rt_priority,
                defs.checker_rlimit_rttime,
                defs.checker_no_swap,
            )
        case "bfd":
            return _Given(
                "keepalived_bfd",
                defs.bfd_process_name,
                defs.bfd_priority,
                defs.bfd_cpu_affinity,
                defs.bfd_rt_priority,
                defs.bfd_rlimit_rttime,
                defs.bfd_no_swap,
            )
        case _:
            return None


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

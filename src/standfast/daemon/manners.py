"""How a child should treat itself and the host, by the configuration (PR-10 to PR-13): values only."""

from typing import Final

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


def manners_of(child: str, config: Config) -> Manners | None:
    """How a child should behave; None: it has nothing to do with the time."""
    defs = config.global_defs
    match child:
        case "vrrp":
            return _of_vrrp(defs)
        case "checker":
            return _of_checker(defs, _descriptors(config))
        case "bfd":
            return _of_bfd(defs)
        case _:
            return None


def _of_vrrp(defs: GlobalDefs) -> Manners:
    return Manners(
        name=defs.vrrp_process_name or _usual("keepalived_vrrp", defs),
        nice=defs.vrrp_priority,
        processors=frozenset(defs.vrrp_cpu_affinity),
        realtime=defs.vrrp_rt_priority or REALTIME_PRIORITY,
        run=defs.vrrp_rlimit_rttime,
        locked=defs.vrrp_no_swap,
        must_be_on_time=True,
        haste=_haste(defs),
    )


def _of_checker(defs: GlobalDefs, descriptors: int) -> Manners:
    """It is an ordinary process unless it is configured otherwise: no advert waits for it."""
    return Manners(
        name=defs.checker_process_name or _usual("keepalived_ipvs", defs),
        nice=defs.checker_priority,
        processors=frozenset(defs.checker_cpu_affinity),
        realtime=defs.checker_rt_priority,
        run=defs.checker_rlimit_rttime,
        locked=defs.checker_no_swap,
        must_be_on_time=False,
        haste=_haste(defs),
        descriptors=descriptors,
    )


def _of_bfd(defs: GlobalDefs) -> Manners:
    return Manners(
        name=defs.bfd_process_name or _usual("keepalived_bfd", defs),
        nice=defs.bfd_priority,
        processors=frozenset(defs.bfd_cpu_affinity),
        realtime=defs.bfd_rt_priority or REALTIME_PRIORITY,
        run=defs.bfd_rlimit_rttime,
        locked=defs.bfd_no_swap,
        must_be_on_time=True,
        haste=_haste(defs),
    )


def _usual(name: str, defs: GlobalDefs) -> str:
    return name if defs.process_names else ""


def _haste(defs: GlobalDefs) -> Haste:
    return Haste(defs.max_auto_priority, defs.min_auto_priority_delay)


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

"""How a child should treat itself and the host, by the configuration (PR-10 to PR-13): values only."""

from standfast.base.frozen import frozen
from standfast.base.limits import DESCRIPTORS_OF_CHECK, DESCRIPTORS_OF_CHECKER, REALTIME_PRIORITY
from standfast.base.times import Duration
from standfast.core.supervise.watch import BFD, CHECKER, VRRP
from standfast.engine.haste import Haste
from standfast.model.config import Config
from standfast.model.declare import declaration_of
from standfast.model.kinds.blocks import Block
from standfast.model.virtual_server import RealServer

_KEYWORDS: dict[str, str] = {VRRP: "vrrp", CHECKER: "checker", BFD: "bfd"}
_ON_TIME = frozenset({VRRP, BFD})  # adverts and sessions wait for nobody
_NAMES: dict[str, str] = {VRRP: "keepalived_vrrp", CHECKER: "keepalived_ipvs", BFD: "keepalived_bfd"}
_PARENT: str = "keepalived"


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
    descriptors: int  # files that it may need at once; 0: few


def manners_of(child: str, config: Config) -> Manners | None:
    """How a child should behave; None: it has nothing to do with the time."""
    word = _KEYWORDS.get(child)
    if word is None:
        return None
    defs = config.global_defs
    realtime = getattr(defs, f"{word}_rt_priority")
    if not realtime and child in _ON_TIME:
        realtime = REALTIME_PRIORITY
    return Manners(
        name=getattr(defs, f"{word}_process_name") or (_NAMES[child] if defs.process_names else ""),
        nice=getattr(defs, f"{word}_priority"),
        processors=frozenset(getattr(defs, f"{word}_cpu_affinity")),
        realtime=realtime,
        run=getattr(defs, f"{word}_rlimit_rttime"),
        locked=getattr(defs, f"{word}_no_swap"),
        must_be_on_time=child in _ON_TIME,
        haste=Haste(defs.max_auto_priority, defs.min_auto_priority_delay),
        descriptors=_descriptors(config) if child == CHECKER else 0,
    )


def name_of_parent(config: Config) -> str:
    """What the parent is called by `ps`; empty: as it was started."""
    return config.global_defs.process_name or (_PARENT if config.global_defs.process_names else "")


def _descriptors(config: Config) -> int:
    """Files that the checker may have open at once: every check with a connection of its own."""
    checks = sum(_checks(server) for virtual in config.virtual_servers for server in virtual.real_servers)
    return DESCRIPTORS_OF_CHECKER + DESCRIPTORS_OF_CHECK * checks


def _checks(server: RealServer) -> int:
    """How many checkers a real server has: each is a block in it."""
    fields = declaration_of(RealServer).by_field.items()
    blocks = (name for name, keyword in fields if isinstance(keyword.kind, Block) and keyword.kind.many)
    return sum(len(getattr(server, name)) for name in blocks)

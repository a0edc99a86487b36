"""From the configuration to the parameters of the sessions."""

from typing import Final

from standfast.core.bfd.session import PROOF_OF_ONE_HOP, Session
from standfast.model.bfd_instance import BfdInstance
from standfast.model.config import Config

_ANY_HOPS: Final = frozenset({-1, 255})  # as the manual says it


def sessions_of(config: Config) -> tuple[Session, ...]:
    """All configured sessions, in the order of the configuration."""
    return tuple(map(session_of, config.bfd_instances))


def session_of(block: BfdInstance) -> Session:
    """The parameters of a `bfd_instance`."""
    return Session(
        block.name,
        block.neighbor_ip,
        block.source_ip,
        min_tx=block.min_tx,
        min_rx=block.min_rx,
        idle_tx=block.idle_tx,
        multiplier=block.multiplier,
        passive=block.passive,
        ttl=PROOF_OF_ONE_HOP if block.ttl is None else block.ttl,
        max_hops=None if block.max_hops in _ANY_HOPS else block.max_hops,
        multihop=block.multihop,
        tells_vrrp=block.tells_instances,
        tells_checker=block.tells_checkers,
    )

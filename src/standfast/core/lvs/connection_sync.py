"""Which threads of the kernel tell another director of our connections, and hear of its (behaviour LV-16)."""

from typing import Final

from standfast.base.frozen import changed, frozen
from standfast.model.config import Config
from standfast.model.vrrp_instance import VrrpInstance
from standfast.wire.ipvs_daemon import SyncDaemon, SyncPart

_NUMBER: Final = 0  # of a pair that nobody numbers


@frozen
class ConnectionSync:
    """The synchronisation of connections as it is configured."""

    thread: SyncDaemon  # what both parts have in common
    instance: str = ""  # whose state says which part runs; empty: both run always

    def parts(self, state: str) -> tuple[SyncDaemon, ...]:
        """The threads that should run while the instance is in this state.

        Args:
            state: its name as facts say it; of no meaning without an instance.
        """
        if not self.instance:
            return tuple(changed(self.thread, part=part) for part in SyncPart)
        part = SyncPart.MASTER if state == "master" else SyncPart.BACKUP
        return (changed(self.thread, part=part),)


def connection_sync_of(config: Config) -> ConnectionSync | None:
    """The synchronisation that a configuration asks for, in `global_defs` or in one instance; None for none.

    An instance that does not exist is the same as one that is never master: its director only listens.
    """
    wanted = config.global_defs.lvs_sync_daemon
    if wanted is None:
        owner = next((one for one in config.vrrp_instances if one.lvs_sync_daemon_interface), None)
        if owner is None:
            return None
        return ConnectionSync(_thread(owner.lvs_sync_daemon_interface, _vrid(owner)), owner.name)
    owner = next((one for one in config.vrrp_instances if one.name == wanted.inst), None)
    thread = SyncDaemon(
        SyncPart.MASTER,
        wanted.interface,
        number=_vrid(owner) if wanted.id is None else wanted.id,
        longest=wanted.maxlen or 0,
        group=wanted.group,
        port=wanted.port or 0,
        ttl=wanted.ttl or 0,
    )
    return ConnectionSync(thread, wanted.inst)


def _thread(interface: str, number: int) -> SyncDaemon:
    return SyncDaemon(SyncPart.MASTER, interface, number=number)


def _vrid(instance: VrrpInstance | None) -> int:
    return _NUMBER if instance is None else instance.virtual_router_id

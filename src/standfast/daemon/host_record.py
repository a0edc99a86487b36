"""What may be on the host because of us, beside the interfaces that the vrrp child records itself."""

from standfast.base.addresses import HostAddress
from standfast.base.frozen import frozen
from standfast.base.routes import Routing
from standfast.core.vrrp.firewall import Means
from standfast.daemon.kernel_record import InKernel, KernelRecord, in_kernel
from standfast.daemon.record import AddressRecord, addresses_of
from standfast.linux.route_names import directories_of, read_route_names
from standfast.model.config import Config


@frozen
class Former:
    """What an earlier process of ours may have left."""

    addresses: tuple[HostAddress, ...] = ()
    routing: tuple[Routing, ...] = ()
    means: tuple[Means, ...] = ()  # of the firewall


class HostRecord:
    """The files; whoever holds the pid file may write them."""

    def __init__(self, pid_file: str) -> None:
        self._addresses = AddressRecord(pid_file)
        self._kernel = KernelRecord(pid_file)

    def read(self) -> Former:
        """What was written last."""
        every = self._kernel.read()
        routing = _routing(every)
        means = tuple(dict.fromkeys(one.means for one in every if one.means is not None))
        return Former(self._addresses.read(), routing, means)

    def add(self, config: Config) -> None:
        """This configuration may leave something from now on, besides what was written."""
        self._addresses.add(addresses_of(config))
        self._kernel.write((*self._kernel.read(), in_kernel(config)))

    def write(self, config: Config) -> None:
        """Nothing but this configuration leaves anything any more."""
        self._addresses.write(addresses_of(config))
        self._kernel.write((in_kernel(config),))

    def remove(self) -> None:
        """Nothing of ours is on the host."""
        self._addresses.remove()
        self._kernel.remove()


def _routing(every: tuple[InKernel, ...]) -> tuple[Routing, ...]:
    found: dict[object, Routing] = {}
    for one in every:
        if one.routes or one.rules:
            names = read_route_names(directories_of(*one.tables))
            found |= {item.key: item for item in one.routing(names)}
    return tuple(found.values())

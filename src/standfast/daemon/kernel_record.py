"""Which routes, rules and tables of the firewall may be there because of us, written beside the pid file.

A process that was killed leaves them, and the configuration that it is started with next need not name them any
more. Like the record of addresses: what goes wrong with the file never stops the work.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from standfast.base.frozen import frozen
from standfast.base.route_names import RouteNames
from standfast.base.routes import Routing
from standfast.conf.transport import DAMAGE, decode_value, encode_value
from standfast.core.vrrp.configured import means_of
from standfast.core.vrrp.firewall import Means
from standfast.core.vrrp.routed import routed_of
from standfast.daemon.whole_file import write_whole
from standfast.model.config import Config
from standfast.model.routes import Route
from standfast.model.rules import Rule
from standfast.model.vrrp_instance import VrrpInstance


@frozen
class InKernel:
    """What one configuration puts there, besides addresses."""

    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()  # in the order in which they get their preferences (behaviour AD-06)
    means: Means | None = None  # how the firewall is told, if it is
    tables: tuple[str, str] = ("", "")  # directories of iproute2's names, the vendor's and the host's

    def routing(self, names: RouteNames) -> tuple[Routing, ...]:
        """The routes and rules with this host's numbers for their names."""
        return routed_of(Config(static_routes=self.routes, static_rules=self.rules), names).static.routing


def in_kernel(config: Config) -> InKernel:
    """What a configuration puts into the kernel, besides addresses."""
    instances = config.vrrp_instances
    firewalled = any(_is_firewalled(instance) for instance in instances)
    routes = (*config.static_routes, *(route for each in instances for route in each.virtual_routes))
    rules = (*config.static_rules, *(rule for each in instances for rule in each.virtual_rules))
    defs = config.global_defs
    return InKernel(
        routes,
        rules,
        means_of(defs) if firewalled else None,
        (defs.iproute_usr_dir, defs.iproute_etc_dir) if routes or rules else ("", ""),
    )


def _is_firewalled(instance: VrrpInstance) -> bool:
    return not instance.accept or instance.use_vmac is not None


class KernelRecord:
    """The file: a line for each configuration that may have left something."""

    def __init__(self, pid_file: str) -> None:
        self._path = Path(f"{pid_file.removesuffix('.pid')}.kernel")

    def read(self) -> tuple[InKernel, ...]:
        """What was written last; of a damaged file the lines that can be read."""
        try:
            lines = self._path.read_bytes().splitlines()
        except OSError:
            return ()
        return tuple(one for line in lines if (one := _read(line)) is not None)

    def write(self, several: Iterable[InKernel]) -> None:
        """Write these instead, whole or not at all; where there is nothing to say, there is no file."""
        lines = dict.fromkeys(encode_value(one) for one in several if one != InKernel())
        if not lines:
            self.remove()
            return
        write_whole(self._path, b"".join(line + b"\n" for line in lines))

    def remove(self) -> None:
        """Nothing of ours is in the kernel."""
        with suppress(OSError):
            self._path.unlink()


def _read(line: bytes) -> InKernel | None:
    try:
        return decode_value(InKernel, line)
    except DAMAGE:
        return None

"""The names of the interfaces that instances get of their own, as Keepalived finds them (VM-01)."""

from collections.abc import Iterable, Iterator

from standfast.model.config import Config
from standfast.model.virtual_address import VirtualAddress
from standfast.model.vrrp_instance import VrrpInstance


class OwnInterfaces:
    """VMACs and ipvlans by instance; each takes its configured name, or the first that is free."""

    def __init__(self, config: Config, interfaces: Iterable[str]) -> None:
        self._defs = config.global_defs
        self._taken = {*interfaces, *_named(config)}
        self.of = {one.name: self._own(one) for one in config.vrrp_instances}

    def _own(self, one: VrrpInstance) -> str | None:
        own = one.use_vmac or one.use_ipvlan
        if own is None:
            return None
        name = own.name or self._free(self._defs.vmac_prefix, one, six=one.family == 6)
        self._taken.add(name)
        return name

    def _free(self, prefix: str, one: VrrpInstance, *, six: bool) -> str:
        further = ("", *(("6",) if six else ()), *(str(number) for number in range(1, 256)))
        usual = (f"{prefix}{each}.{one.virtual_router_id}" for each in further)
        return next(name for name in usual if name not in self._taken)

    def of_address(self, one: VrrpInstance, address: VirtualAddress) -> str | None:
        """The VMAC that an address has for itself, with the interface below it."""
        own = address.dev or one.interface
        elsewhere = address.dev not in ("", one.interface) or address.family is not one.family
        if not address.use_vmac and not (one.use_vmac_addr and elsewhere):
            return None
        name = self._free(self._defs.vmac_addr_prefix or self._defs.vmac_prefix, one, six=address.family == 6)
        self._taken.add(name)
        return f"{name}@{own}" + (" use_vmac" if address.use_vmac else "")


def _named(config: Config) -> Iterator[str]:
    """Interfaces that the files name: they have their place before they are there."""
    for address in config.static_ipaddress:
        yield address.dev
    for route in config.static_routes:
        yield route.dev
    for rule in config.static_rules:
        yield from (rule.dev, rule.oif)
    for one in config.vrrp_instances:
        yield from (route.dev for route in one.virtual_routes)

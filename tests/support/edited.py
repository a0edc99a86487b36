"""A configuration that is edited at random, one valid edit after the other, and what the kernel should have."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

UNTOUCHED: Final = "10.99.0.100"  # of an instance that no edit touches
_ADDRESSES: Final = tuple(f"10.99.1.{number}" for number in range(1, 41))
_ROUTES: Final = tuple(f"10.200.{number}.0/24" for number in range(1, 21))
_SCRIPTS: Final = ("S1", "S2", "S3")
_SERVERS: Final = tuple(f"10.99.3.{number}" for number in range(1, 9))
_INSTANCES_MAX: Final = 6


@dataclass
class Instance:
    """One that edits may touch."""

    vrid: int
    priority: int = 100
    interval_cs: int = 10
    addresses: list[str] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    scripts: dict[str, int] = field(default_factory=dict)  # by name, with their weights


class Edited:
    """The configuration; each seed is a story of its own."""

    def __init__(self, seed: int, *, servers: bool = True) -> None:
        self._random = Random(seed)
        self._servers_too = servers
        self.instances: dict[str, Instance] = {}
        self.scripts: dict[str, int] = {}  # by name, with their intervals
        self.services: dict[str, dict[str, int]] = {}  # by address: weights by real server
        self.last = "nothing"  # the last edit, in words
        self._masters: frozenset[str] = frozenset()  # instances that were there before it
        for _ in range(3):
            self._add_instance()

    # ---- what it says

    def text(self) -> str:
        """The file."""
        scripts = "".join(
            f"vrrp_script {name} {{\nscript /usr/bin/true\ninterval {interval}\nuser root\n}}\n"
            for name, interval in self.scripts.items()
        )
        settings = "global_defs {\nlvs_engine nftables\nenable_script_security\nscript_user root\n}\n"
        untouched = _instance("U", Instance(250, 200, addresses=[UNTOUCHED]))
        instances = "".join(_instance(name, one) for name, one in self.instances.items())
        services = "".join(_service(address, reals) for address, reals in self.services.items())
        return settings + scripts + untouched + instances + services

    @property
    def addresses(self) -> frozenset[str]:
        """What the host should have, besides its own."""
        given = [address for one in self.instances.values() for address in one.addresses]
        return frozenset((UNTOUCHED, *given))

    @property
    def served(self) -> frozenset[str]:
        """The addresses of instances that were there before the last edit; a new one listens before it serves."""
        given = [a for name, one in self.instances.items() if name in self._masters for a in one.addresses]
        return frozenset((UNTOUCHED, *given))

    @property
    def routes(self) -> frozenset[str]:
        """What the host should have, besides the kernel's."""
        return frozenset(route for one in self.instances.values() for route in one.routes)

    # ---- edits

    def edit(self) -> None:
        """One more valid edit: of one to three things."""
        ways = [
            self._add_address,
            self._add_address,
            self._remove_address,
            self._move_address,
            self._move_address,
            self._add_instance,
            self._remove_instance,
            self._change_priority,
            self._change_interval,
            self._change_script,
            self._track_script,
            self._change_route,
            *([self._change_service] * 3 if self._servers_too else ()),
        ]
        before = self.text()
        self._masters = frozenset(self.instances)
        while self.text() == before:
            done = [way() for way in self._random.choices(ways, k=self._random.randint(1, 3))]
        self.last = ", ".join(words for words in done if words)

    def _one(self) -> tuple[str, Instance]:
        return self._random.choice(list(self.instances.items()))

    def _free(self, pool: tuple[str, ...], used: frozenset[str]) -> str | None:
        free = [each for each in pool if each not in used]
        return self._random.choice(free) if free else None

    def _add_address(self) -> str:
        name, one = self._one()
        address = self._free(_ADDRESSES, self.addresses)
        if address is None or len(one.addresses) >= 12:
            return ""
        one.addresses.insert(self._random.randint(0, len(one.addresses)), address)
        return f"{address} to {name}"

    def _remove_address(self) -> str:
        name, one = self._one()
        if len(one.addresses) < 2:
            return ""
        address = one.addresses.pop(self._random.randrange(len(one.addresses)))
        return f"{address} out of {name}"

    def _move_address(self) -> str:
        (name, one), (other_name, other) = self._one(), self._one()
        if one is other or len(one.addresses) < 2:
            return ""
        address = one.addresses.pop(self._random.randrange(len(one.addresses)))
        other.addresses.append(address)
        return f"{address} from {name} to {other_name}"

    def _add_instance(self) -> str:
        vrids = {one.vrid for one in self.instances.values()}
        address = self._free(_ADDRESSES, self.addresses) if self.instances else _ADDRESSES[0]
        if len(self.instances) >= _INSTANCES_MAX or address is None:
            return ""
        vrid = self._random.choice([vrid for vrid in range(1, 200) if vrid not in vrids])
        self.instances[f"E{vrid}"] = Instance(vrid, self._random.randint(1, 254), addresses=[address])
        return f"E{vrid} comes"

    def _remove_instance(self) -> str:
        if len(self.instances) < 3:
            return ""
        name, _ = self._one()
        del self.instances[name]
        return f"{name} goes"

    def _change_priority(self) -> str:
        name, one = self._one()
        one.priority = self._random.randint(1, 254)
        return f"{name} has priority {one.priority}"

    def _change_interval(self) -> str:
        name, one = self._one()
        one.interval_cs = self._random.randint(5, 20)
        return f"{name} speaks every {one.interval_cs} cs"

    def _change_script(self) -> str:
        name = self._random.choice(_SCRIPTS)
        tracked = any(name in one.scripts for one in self.instances.values())
        if name in self.scripts and not tracked and self._random.random() < 0.5:
            del self.scripts[name]
            return f"{name} goes"
        self.scripts[name] = self._random.randint(1, 5)
        return f"{name} every {self.scripts[name]} s"

    def _track_script(self) -> str:
        name, one = self._one()
        if not self.scripts:
            return ""
        script = self._random.choice(list(self.scripts))
        if script in one.scripts:
            del one.scripts[script]
            return f"{name} without {script}"
        one.scripts[script] = self._random.choice((-20, 0, 10))
        return f"{name} tracks {script}"

    def _change_route(self) -> str:
        name, one = self._one()
        if one.routes and self._random.random() < 0.5:
            return f"{name} without {one.routes.pop()}"
        route = self._free(_ROUTES, self.routes)
        if route is None:
            return ""
        one.routes.append(route)
        return f"{name} with {route}"

    def _change_service(self) -> str:
        address = f"10.99.2.{self._random.randint(1, 5)}"
        reals = self.services.setdefault(address, {})
        if reals and self._random.random() < 0.15:
            del self.services[address]
            return f"service {address} goes"
        real = self._random.choice(_SERVERS)
        if real in reals and len(reals) > 1 and self._random.random() < 0.5:
            del reals[real]
            return f"{real} out of {address}"
        reals[real] = self._random.randint(1, 9)
        return f"{real} in {address} with {reals[real]}"


def _instance(name: str, one: Instance) -> str:
    lines = [
        *("interface eth0", f"virtual_router_id {one.vrid}", f"priority {one.priority}", "version 3"),
        f"advert_int {one.interval_cs / 100}",
        *("virtual_ipaddress {", *(f"{address}/32 dev eth0" for address in one.addresses), "}"),
    ]
    if one.routes:
        lines += ["virtual_routes {", *(f"{route} dev eth0" for route in one.routes), "}"]
    if one.scripts:
        lines += ["track_script {", *(f"{each} weight {by}" for each, by in one.scripts.items()), "}"]
    return f"vrrp_instance {name} {{\n" + "\n".join(lines) + "\n}\n"


def _service(address: str, reals: dict[str, int]) -> str:
    servers = "".join(f"real_server {real} 80 {{\nweight {weight}\n}}\n" for real, weight in reals.items())
    return f"virtual_server {address} 80 {{\nlvs_sched wrr\nlvs_method NAT\nprotocol TCP\n{servers}}}\n"

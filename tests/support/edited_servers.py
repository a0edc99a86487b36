"""A virtual server whose servers are edited at random, except three: two that work, and one that never has."""

from random import Random
from typing import Final

ALIVE: Final = ("s1", "s2")  # by their names in the lab; no edit touches them
_METHODS: Final = ("rr", "wrr")
_OTHERS: Final = range(20, 29)  # the last numbers of servers that come and go; nobody is there
_SERVICES: Final = range(101, 105)  # the last numbers of other virtual servers


class EditedServers:
    """The configuration; each seed is a story of its own."""

    def __init__(self, seed: int, *, network: str, vip: str, check: str, settings: str = "") -> None:
        """Make the first one, which has the three servers only.

        Args:
            seed: of all edits.
            network: `10.99.0.`; the servers that work are its 11 and 12, the one that does not is its 13.
            vip: of the virtual server.
            check: of the three.
            settings: what stands above.
        """
        self._random = Random(seed)
        self._network, self._vip, self._check, self._settings = network, vip, check, settings
        self._scheduler = "rr"
        self._delay = 1
        self._others: dict[int, int] = {}  # weights by number
        self._services: dict[int, dict[int, int]] = {}
        self.last = "nothing"

    @property
    def dead(self) -> str:
        """The address of the server that never works."""
        return f"{self._network}13"

    def text(self) -> str:
        """The file."""
        known = "".join(self._server(number, 1, self._check) for number in (11, 12, 13))
        others = "".join(self._server(number, weight) for number, weight in self._others.items())
        services = "".join(
            _service(
                f"{self._network}{number} 80",
                "rr",
                self._delay,
                [self._server(*one) for one in reals.items()],
            )
            for number, reals in self._services.items()
        )
        own = _service(f"{self._vip} 80", self._scheduler, self._delay, [known, others])
        return self._settings + own + services

    def edit(self) -> None:
        """One more valid edit."""
        ways = [
            self._add,
            self._add,
            self._remove,
            self._weigh,
            self._weigh,
            self._schedule,
            self._pace,
            self._serve,
        ]
        before = self.text()
        while self.text() == before:
            self.last = self._random.choice(ways)()

    def _server(self, number: int, weight: int, check: str = "") -> str:
        return f"real_server {self._network}{number} 80 {{\nweight {weight}\n{check}\n}}\n"

    def _add(self) -> str:
        number = self._random.choice(_OTHERS)
        self._others.setdefault(number, self._random.randint(1, 9))
        return f"{number} is there"

    def _remove(self) -> str:
        number = self._random.choice(_OTHERS)
        self._others.pop(number, None)
        return f"{number} is not there"

    def _weigh(self) -> str:
        number = self._random.choice(_OTHERS)
        if number in self._others:
            self._others[number] = self._random.randint(0, 9)
        return f"{number} has another weight"

    def _schedule(self) -> str:
        self._scheduler = self._random.choice(_METHODS)
        return f"{self._scheduler} schedules"

    def _pace(self) -> str:
        self._delay = self._random.randint(1, 5)
        return f"a check every {self._delay} s"

    def _serve(self) -> str:
        number = self._random.choice(_SERVICES)
        if number in self._services and self._random.random() < 0.5:
            del self._services[number]
            return f"service {number} goes"
        self._services[number] = {self._random.choice(_OTHERS): self._random.randint(1, 9)}
        return f"service {number} is there"


def _service(address: str, scheduler: str, delay: int, servers: list[str]) -> str:
    return f"""virtual_server {address} {{
        delay_loop {delay}
        lvs_sched {scheduler}
        lvs_method NAT
        protocol TCP
        {"".join(servers)}
    }}
    """

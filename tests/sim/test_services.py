"""Worlds of real servers that flap, hang and lie: once they are calm, the table is as an oracle computes it.

The oracle knows the configuration's numbers and how each server ended; it asks none of our code.
`SERVICE_WORLDS=2000` runs more of them.
"""

import os
import random
from typing import Final

import pytest
from lvs_director import GOOD, REFUSED, Director, real, web

from standfast.base.frozen import frozen
from standfast.base.times import SECOND, Instant, after, seconds
from standfast.core.check.events import Attempted, Due
from standfast.core.check.outcome import Outcome

WORLDS: Final = int(os.environ.get("SERVICE_WORLDS", "50"))
UNREST: Final = 120  # seconds
CALM: Final = 120  # seconds: all delays and retries of a check, several times
STEP: Final = 1  # second
SLOW: Final = Outcome(ok=False, phase="timeout", detail="no answer")
MOODS: Final = ("good", "refusing", "hanging", "lying")
ENDS: Final = ("good", "refusing", "hanging")


@frozen
class Drawn:
    """One virtual server, in numbers."""

    weights: tuple[int, ...]
    inhibits: tuple[bool, ...]
    quorum: int
    sorry: bool

    @property
    def text(self) -> str:
        more = f"quorum {self.quorum}\n" + ("sorry_server 10.0.0.200 80\n" if self.sorry else "")
        check = "warmup 0\nretry 2\ndelay_before_retry 1\nconnect_timeout 3"
        servers = (
            real(number, "inhibit_on_failure" if inhibit else "", check).replace(
                "weight 1", f"weight {weight}"
            )
            for number, (weight, inhibit) in enumerate(zip(self.weights, self.inhibits, strict=True), 2)
        )
        return web("".join(servers), more)


def drawn(dice: random.Random) -> Drawn:
    size = dice.randint(1, 6)
    return Drawn(
        tuple(dice.randint(1, 3) for _ in range(size)),
        tuple(dice.random() < 0.3 for _ in range(size)),
        dice.randint(1, size),
        dice.random() < 0.5,
    )


class World:
    """A director, and servers in changing moods."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.drawn = drawn(self.dice)
        self.director = Director(self.drawn.text)
        self.moods = dict.fromkeys(range(2, 2 + len(self.drawn.weights)), "good")
        self.answers: dict[str, Instant] = {}  # when a hanging attempt ends

    def run(self) -> None:
        for _ in range(UNREST // STEP):
            if self.dice.random() < 0.2:
                self.moods[self.dice.choice(tuple(self.moods))] = self.dice.choice(MOODS)
            self.pass_time(STEP)
        self.moods = {number: self.dice.choice(ENDS) for number in self.moods}
        for _ in range(CALM // STEP):
            self.pass_time(STEP)

    def pass_time(self, amount: int) -> None:
        director, until = self.director, after(self.director.now, seconds(amount))
        while (due := director.balancer.deadline()) is not None and due <= until:
            director.now = max(due, director.now)
            director.give(Due())
            self.answer()
        director.now = until
        self.answer()

    def answer(self) -> None:
        """End the attempts that end by now."""
        for key, attempt in tuple(self.director.under_way.items()):
            outcome = self.outcome(key)
            if outcome is not None:
                self.answers.pop(key, None)
                del self.director.under_way[key]
                self.director.give(Attempted(key, attempt.number, outcome))

    def outcome(self, key: str) -> Outcome | None:
        """What becomes of an attempt now; None: nothing yet."""
        mood = next(mood for number, mood in self.moods.items() if f"[10.0.0.{number}]:tcp:80" in key)
        if mood == "hanging":
            ends = self.answers.setdefault(key, after(self.director.now, seconds(3)))
            return SLOW if self.director.now >= ends else None
        if mood == "lying":
            mood = self.dice.choice(("good", "refusing"))
        return GOOD if mood == "good" else REFUSED

    @property
    def expected(self) -> dict[str, int]:
        """The oracle: weights by destination (behaviours LV-08 to LV-10)."""
        rows = list(zip(self.moods.items(), self.drawn.weights, self.drawn.inhibits, strict=True))
        live = sum(weight for (_, mood), weight, _ in rows if mood == "good")
        enough = live >= min(self.drawn.quorum, sum(self.drawn.weights))
        instead = self.drawn.sorry and not enough
        found = {"10.0.0.200:80": 1} if instead else {}
        for (number, mood), weight, inhibit in rows:
            if mood == "good" and not instead:
                found[f"10.0.0.{number}:80"] = weight
            elif inhibit:
                found[f"10.0.0.{number}:80"] = 0
        return found


@pytest.mark.behaviour("LV-08", "LV-09", "LV-10")
@pytest.mark.parametrize("seed", range(WORLDS))
def test_what_is_calm_is_served_as_the_oracle_says(seed: int) -> None:
    world = World(seed)

    world.run()

    assert world.director.served == {"tcp 10.0.0.100:80": world.expected}, world.moods
    assert world.director.now == (UNREST + CALM) * SECOND

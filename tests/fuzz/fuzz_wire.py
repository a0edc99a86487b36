"""Throws bad packets at every decoder; ends with 1 if one of them does more than raise `Malformed`.

    python tests/fuzz/fuzz_wire.py --count 10000000 --seed 1 --processes 2

The same seed makes the same packets, whatever the number of processes. What escapes is printed with its bytes.
"""

import argparse
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from time import perf_counter, perf_counter_ns
from typing import Final

from fuzz_mutations import Mutator
from fuzz_targets import TARGETS, Decode, Target

from standfast.base.errors import Malformed

CHUNK: Final = (
    10_000  # packets of one target in a row; small runs take less, so that every target has its turn
)
ESCAPES_MAX: Final = 20  # kept and shown; more are counted
READ: Final = "read"  # in the place of a slug: the packet was good

_BY_NAME: Final = {target.name: target for target in TARGETS}


@dataclass
class Tally:
    """What came of some packets."""

    slugs: dict[str, Counter[str]] = field(default_factory=dict)  # by target
    slowest: dict[str, tuple[int, str]] = field(default_factory=dict)  # by target: nanoseconds, bytes in hex
    escapes: list[str] = field(default_factory=list)
    escaped: int = 0

    @property
    def packets(self) -> int:
        """How many there were."""
        return sum(slugs.total() for slugs in self.slugs.values()) + self.escaped

    def add(self, other: "Tally") -> None:
        """Count what came of other packets, too."""
        for name, slugs in other.slugs.items():
            self.slugs.setdefault(name, Counter()).update(slugs)
        for name, slowest in other.slowest.items():
            self.slowest[name] = max(self.slowest.get(name, (0, "")), slowest)
        self.escapes = (self.escapes + other.escapes)[:ESCAPES_MAX]
        self.escaped += other.escaped


@dataclass(frozen=True)
class Chunk:
    """Some packets of one target."""

    target: str
    seed: str
    count: int


def chunks_of(names: Sequence[str], *, count: int, seed: int) -> Iterator[Chunk]:
    """The whole work: the targets by turns."""
    size = max(1, min(CHUNK, count // len(names)))
    for number, start in enumerate(range(0, count, size)):
        name = names[number % len(names)]
        yield Chunk(name, f"{seed}:{number}:{name}", min(size, count - start))


def run_chunk(chunk: Chunk) -> Tally:
    """Throw the packets of one chunk."""
    return throw(_BY_NAME[chunk.target], seed=chunk.seed, count=chunk.count)


def throw(target: Target, *, seed: str, count: int) -> Tally:
    """Throw packets at a target."""
    tally = Tally()
    slugs: Counter[str] = Counter()
    longest, slowest = 0, b""
    decode, next_packet = target.decode, Mutator(target, seed).packet
    for _ in range(count):
        packet = next_packet()
        begun = perf_counter_ns()
        try:
            decode(packet)
        except Malformed as fault:
            slugs[fault.reason] += 1
        except Exception:  # whatever it is: that is what we look for
            tally.escaped += 1
            if tally.escaped <= ESCAPES_MAX:
                tally.escapes.append(f"{target.name}: {packet.hex()}\n{traceback.format_exc()}")
        else:
            slugs[READ] += 1
        if perf_counter_ns() - begun > longest and (took := _time_of(decode, packet)) > longest:
            longest, slowest = took, packet
    tally.slugs[target.name] = slugs
    tally.slowest[target.name] = (longest, slowest.hex())
    return tally


def _time_of(decode: Decode, packet: bytes) -> int:
    """Nanoseconds that a packet takes: the best of three, for a machine that is busy slows down any of them."""
    times = []
    for _ in range(3):
        begun = perf_counter_ns()
        with suppress(Exception):
            decode(packet)
        times.append(perf_counter_ns() - begun)
    return min(times)


def run(chunks: Iterable[Chunk], *, processes: int) -> Tally:
    """Do the work, in this process or in several."""
    tally = Tally()
    if processes == 1:
        for chunk in chunks:
            tally.add(run_chunk(chunk))
        return tally
    with ProcessPoolExecutor(processes, get_context("fork")) as pool:
        for part in pool.map(run_chunk, chunks):
            tally.add(part)
    return tally


def report(tally: Tally, seconds: float) -> Iterator[str]:
    """What to say about a run."""
    for name, slugs in tally.slugs.items():
        longest, packet = tally.slowest[name]
        yield f"{name}: {slugs.total():,} packets"
        yield "  " + ", ".join(f"{slug} {number:,}" for slug, number in slugs.most_common())
        shown = packet if len(packet) <= 80 else f"{packet[:80]}… ({len(packet) // 2} bytes)"
        yield f"  slowest {longest / 1000:,.0f} us: {shown}"
    yield from tally.escapes
    rate = tally.packets / seconds
    yield f"{tally.packets:,} packets in {seconds:,.1f} s, {rate:,.0f} a second; {tally.escaped} escaped"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as told on the command line; 0 if nothing escaped."""
    parser = argparse.ArgumentParser(description="Throw bad packets at every decoder.")
    parser.add_argument("--count", type=int, default=1_000_000, help="packets, over all targets")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same packets")
    parser.add_argument("--processes", type=int, default=1, help="side by side")
    parser.add_argument(
        "--target", choices=list(_BY_NAME), action="append", help="only this one; can be repeated"
    )
    options = parser.parse_args(arguments)
    begun = perf_counter()
    chunks = chunks_of(options.target or list(_BY_NAME), count=options.count, seed=options.seed)
    tally = run(chunks, processes=options.processes)
    sys.stdout.writelines(f"{line}\n" for line in report(tally, perf_counter() - begun))
    return 1 if tally.escaped else 0


if __name__ == "__main__":
    sys.exit(main())

"""Throws texts at the configuration reader: whatever comes, it is a Config or problems, soon, in bounded memory.

    python tests/fuzz/fuzz_conf.py --count 2000000 --seed 1 --processes 2

The same seed makes the same texts, whatever the number of processes. Half of them are sentences of the grammar
with a few mistakes, half are those with bytes changed. A text that escapes is printed with its traceback: it
raised, took more than `PATIENCE` seconds, showed a secret, or gave a Config that does not survive the way to a
child.
"""

import argparse
import resource
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from fuzz_conf_texts import CANARY, OTHER, Texts
from recorded_host import RecordedHost
from written import TOP, WrittenFiles

from standfast.conf.problems import render
from standfast.conf.read import Reading, read_config
from standfast.conf.reader import Surroundings
from standfast.conf.transport import decode_config, encode_config

CHUNK: Final = 5_000  # texts of one seed in a row
ESCAPES_MAX: Final = 20  # kept and shown; more are counted
PATIENCE: Final = 10  # seconds for one text
MEMORY: Final = 1 << 30  # bytes of address space for a process; more is an escape
FINE: Final = "(nothing is wrong)"

_HOST: Final = RecordedHost({"interfaces": ["eth0"]})
_OTHER_TEXT: Final = "$A=eth0\nvrrp_instance OTHER {\n interface $A\n virtual_router_id 9\n}\n"


@dataclass
class Tally:
    """What came of some texts."""

    slugs: Counter[str] = field(default_factory=Counter)  # texts with such a problem
    texts: int = 0
    slowest: tuple[float, bytes] = (0.0, b"")
    escapes: list[str] = field(default_factory=list)
    escaped: int = 0
    peak_kib: int = 0  # the largest process

    def add(self, other: "Tally") -> None:
        """Count what came of other texts, too."""
        self.slugs.update(other.slugs)
        self.texts += other.texts
        self.slowest = max(self.slowest, other.slowest)
        self.escapes = (self.escapes + other.escapes)[:ESCAPES_MAX]
        self.escaped += other.escaped
        self.peak_kib = max(self.peak_kib, other.peak_kib)


@dataclass(frozen=True)
class Chunk:
    """Some texts of one seed."""

    seed: str
    count: int


def chunks_of(*, count: int, seed: int) -> Iterator[Chunk]:
    """The whole work."""
    for number, start in enumerate(range(0, count, CHUNK)):
        yield Chunk(f"{seed}:{number}", min(CHUNK, count - start))


def run_chunk(chunk: Chunk) -> Tally:
    """Throw the texts of one chunk."""
    tally, texts = Tally(), Texts(chunk.seed)
    for number in range(chunk.count):
        text, proper = texts.next()
        begun = perf_counter()
        try:
            with _within(PATIENCE):
                reading = _read(text, number)
                _judge(reading, secrets=proper, send=number % 16 == 0)
        except Exception:  # whatever it is: that is what we look for
            tally.escaped += 1
            if tally.escaped <= ESCAPES_MAX:
                tally.escapes.append(f"seed {chunk.seed} text {number}: {text!r}\n{traceback.format_exc()}")
        else:
            tally.slugs.update({problem.slug for problem in reading.problems} or {FINE})
        tally.slowest = max(tally.slowest, (perf_counter() - begun, text))
        tally.texts += 1
    tally.peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return tally


def _read(text: bytes, number: int) -> Reading:
    surroundings = Surroundings(config_id="host", strict_includes=number % 8 == 0)
    files = WrittenFiles({TOP: text, OTHER: _OTHER_TEXT})
    return read_config(TOP, files, surroundings, host=_HOST if number % 2 else None)


def _judge(reading: Reading, *, secrets: bool, send: bool) -> None:
    """Look at what came.

    Raises:
        AssertionError: it is not as it should be.
    """
    said = "\n".join(map(render, reading.problems))
    assert not secrets or CANARY not in said, f"a secret is shown: {said}"
    assert all(problem.place.file for problem in reading.problems), "a problem has no place"
    if send and reading.config is not None:
        assert decode_config(encode_config(reading.config)) == reading.config


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raise if it takes longer."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"it takes more than {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def run(chunks: Iterable[Chunk], *, processes: int) -> Tally:
    """Do the work, in this process or in several."""
    tally = Tally()
    if processes == 1:
        for chunk in chunks:
            tally.add(run_chunk(chunk))
        return tally
    with ProcessPoolExecutor(processes, get_context("fork"), initializer=limit_memory) as pool:
        for part in pool.map(run_chunk, chunks):
            tally.add(part)
    return tally


def limit_memory() -> None:
    """A text that makes a process grow without end ends with a MemoryError, which is an escape."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def report(tally: Tally, seconds: float) -> Iterator[str]:
    """What to say about a run."""
    yield ", ".join(f"{slug} {number:,}" for slug, number in tally.slugs.most_common())
    took, text = tally.slowest
    yield f"slowest {took * 1000:,.0f} ms, of {len(text)} bytes: {text[:120]!r}"
    yield from tally.escapes
    rate, sorts, peak = tally.texts / seconds, len(tally.slugs), tally.peak_kib // 1024
    yield f"{tally.texts:,} texts in {seconds:,.0f} s, {rate:,.0f} a second, {sorts} sorts of problems"
    yield f"peak {peak} MiB; {tally.escaped} escaped"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as told on the command line; 0 if nothing escaped."""
    parser = argparse.ArgumentParser(description="Throw texts at the configuration reader.")
    parser.add_argument("--count", type=int, default=100_000, help="texts")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same texts")
    parser.add_argument("--processes", type=int, default=1, help="side by side")
    options = parser.parse_args(arguments)
    begun = perf_counter()
    tally = run(chunks_of(count=options.count, seed=options.seed), processes=options.processes)
    sys.stdout.writelines(f"{line}\n" for line in report(tally, perf_counter() - begun))
    return 1 if tally.escaped else 0


if __name__ == "__main__":
    sys.exit(main())

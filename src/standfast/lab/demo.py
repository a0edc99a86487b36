"""Two hosts, one address, a client: the master is killed, the address moves, and you see when.

    python -m standfast.lab.demo [--svg FILE] [--advert-int SECONDS] [--daemon COMMAND]

Exit codes: 0 it moved; 1 it did not; 2 this machine does not allow a lab, or the arguments are wrong.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from standfast.base.errors import Refused
from standfast.base.times import (
    CENTISECOND,
    MILLISECOND,
    SECOND,
    Duration,
    Instant,
    between,
    in_seconds,
    seconds,
)
from standfast.lab.failover import ADDRESS, ASK_EVERY, NEW, OLD, play, rules_of, set_up
from standfast.lab.figure import Cast, figure
from standfast.lab.lab import Lab
from standfast.lab.timeline import Rules, Timeline, timeline_of

_CAST: Final = Cast(old=OLD[0], new=NEW[0], address=str(ADDRESS), announcement="gratuitous ARP")
_RULE: Final = "-" * 104
_LONGEST: Final = Duration(5 * SECOND)  # between adverts: the demo is to end within 90 s


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the demo; the exit code."""
    options = _parser().parse_args(arguments)
    rules = rules_of(options.advert_int)
    try:
        lab = Lab(daemon=options.daemon.split())
    except Refused as refused:
        print(f"The demo cannot run here: {refused}.", file=sys.stderr)
        return 2
    with lab:
        try:
            _show(lab, rules, options.svg)
        except Refused as refused:
            print(f"{lab.log()}\nThe demo failed: {refused}.", file=sys.stderr)
            return 1
        return 0


def _show(lab: Lab, rules: Rules, svg: Path) -> None:
    """Play the failover, print its timeline, and write the figure."""
    old, new = _CAST.old, _CAST.new
    _tell(
        f"Two hosts, {old} and {new}, offer {ADDRESS}; a client asks it every {ASK_EVERY / MILLISECOND:g} ms."
    )
    _tell(f"Both run {Path(lab.daemon[0]).name}, {old} with the higher priority. Each lives in network")
    _tell("namespaces of its own, and nothing of them stays on this machine.\n")
    stage = set_up(lab, rules)
    _tell(f"{old} is master.")
    observed = play(stage, _tell)
    timeline = timeline_of(observed, rules)
    _tell("")
    for line in table(_CAST, rules, timeline):
        _tell(line)
    svg.write_text(figure(_CAST, rules, observed, timeline))
    _tell(f"\nThe same as a figure: {svg}")


def _tell(words: str) -> None:
    print(words, flush=True)


def table(cast: Cast, rules: Rules, timeline: Timeline) -> Iterator[str]:
    """The timeline for a person: when, what, and what the protocol says to it."""
    yield f"{'from the kill':>15}   {'what happened':<36} what RFC {_rfc(rules)} prescribes"
    yield _RULE
    for at, what, prescribed in sorted(_moments(cast, rules, timeline), key=lambda moment: moment[0]):
        offset = between(timeline.killed_at, at) / MILLISECOND
        yield f"{offset:>+12,.2f} ms   {what:<36} {prescribed}"
    yield _RULE
    yield (
        f"Nobody answered for {timeline.silence / SECOND:.3f} s: "
        f"{timeline.lost:,} of {timeline.asked:,} questions were lost."
    )
    yield "Packets carry the kernel's own times. That of the held address is when we heard of it."


def _moments(cast: Cast, rules: Rules, timeline: Timeline) -> Iterator[tuple[Instant, str, str]]:
    def late(moment: Instant) -> str:
        return f"{between(timeline.down_ends, moment) / MILLISECOND:+.2f} ms"

    advert, address = timeline.first_advert, timeline.address_up
    announced, answer = timeline.first_announcement, timeline.first_answer
    yield (
        timeline.last_advert,
        f"{cast.old} sends its last advert",
        f"one every {in_seconds(rules.interval)} s",
    )
    yield timeline.killed_at, f"{cast.old} is killed", "without a word: the backup has to wait"
    yield timeline.down_ends, f"{cast.new}'s Master_Down_Interval ends", f"{rules.words} after the advert"
    yield advert, f"{cast.new} sends its first advert", f"at the interval's end; it was {late(advert)}"
    yield address, f"{cast.new} holds the address", f"as it becomes master; it was {late(address)}"
    yield announced, f"{cast.new} sends its first {cast.announcement}", f"the same; it was {late(announced)}"
    yield answer, "the client is answered again", f"nothing; it was {late(answer)}"


def _rfc(rules: Rules) -> str:
    return "9568" if rules.version == 3 else "3768"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m standfast.lab.demo", description=__doc__.split("\n")[0])
    parser.add_argument("--svg", type=Path, default=Path("failover.svg"), metavar="FILE", help="the figure")
    parser.add_argument(
        "--advert-int",
        type=_interval,
        default=SECOND,
        metavar="SECONDS",
        help="time between adverts, 0.05 to 5; parts of a second make it version 3 (default: 1)",
    )
    parser.add_argument(
        "--daemon", default="", metavar="COMMAND", help="another daemon, for comparison (default: standfastd)"
    )
    return parser


def _interval(text: str) -> Duration:
    try:
        interval = seconds(Decimal(text))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from None
    if not 5 * CENTISECOND <= interval <= _LONGEST or interval % CENTISECOND:
        raise argparse.ArgumentTypeError(f"must be 0.05 to 5 seconds in steps of 0.01, not {text}")
    return interval


if __name__ == "__main__":
    sys.exit(main())

"""Two hosts, one address, a client: the master is killed, the address moves, and you see when.

After that two directors share the visitors of a web service out among two servers, of which one is killed and
comes back; at last a director is killed. This part is Standfast's alone: another daemon plays only the first one.

    python -m standfast.lab.demo [--svg FILE] [--balanced-svg FILE] [--advert-int SECONDS] [--daemon COMMAND]

Exit codes: 0 all went well; 1 it did not; 2 this machine does not allow a lab, or the arguments are wrong.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
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
from standfast.lab import balanced
from standfast.lab.balanced import DIRECTORS, SERVICE, VISIT_EVERY, WEBS, Story
from standfast.lab.balanced_figure import balanced_figure
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
    code = _in_a_lab(options.daemon, lambda lab: _show(lab, rules, options.svg))
    if code or options.daemon:
        return code
    return _in_a_lab("", lambda lab: _show_balancing(lab, rules, options.balanced_svg))


def _in_a_lab(daemon: str, show: Callable[[Lab], None]) -> int:
    """Play one part of the demo; the exit code."""
    try:
        lab = Lab(daemon=daemon.split())
    except Refused as refused:
        print(f"The demo cannot run here: {refused}.", file=sys.stderr)
        return 2
    with lab:
        try:
            show(lab)
        except Refused as refused:
            if refused.reason == "no-nftables":
                _tell(f"This part is left out: {refused}.")
                return 0
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


def _show_balancing(lab: Lab, rules: Rules, svg: Path) -> None:
    """Play the deaths of a web server and of a director, say what visitors saw, and write the figure."""
    (web, _), (other, _) = WEBS
    first, second = (name for name, *_ in DIRECTORS)
    _tell(
        f"\nTwo directors, {first} and {second}, share the visitors of {SERVICE} out among two web servers,"
    )
    _tell(
        f"{web} and {other}: virtual_server by nftables. A visitor comes every {VISIT_EVERY / MILLISECOND:g} ms.\n"
    )
    stage = balanced.set_up(lab, rules)
    _tell(f"{first} is master.")
    story = balanced.play(stage, _tell)
    _tell("")
    for line in balance(story):
        _tell(line)
    svg.write_text(balanced_figure(story))
    _tell(f"\nThe same as a figure: {svg}")


def balance(story: Story) -> Iterator[str]:
    """What visitors saw, for a person."""
    (web, _), _ = WEBS
    yield _RULE
    for what, start, end in (
        (f"{web} is killed, until no visitor is sent to it any more", story.killed, story.left_out),
        (f"{web} is started, until visitors are sent to it again", story.returned, story.back),
        (f"{DIRECTORS[0][0]} is cut off, until visitors are answered again", story.cut, story.taken_over),
    ):
        took, lost = between(start, end) / SECOND, story.lost_between(start, end)
        yield f"{took:>9.3f} s   {what:<66} {lost:>4} lost"
    yield _RULE
    yield f"{len(story.visits) - story.lost:,} of {len(story.visits):,} visitors were answered."


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
        "--balanced-svg",
        type=Path,
        default=Path("balanced.svg"),
        metavar="FILE",
        help="the figure of the web service",
    )
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

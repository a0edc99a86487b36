"""How Keepalived's dumps write values: switches, commands, addresses, moments."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from standfast.base.addresses import FOREVER, HOME, NO_DETECTION, Family, HostAddress, family_of
from standfast.base.route_names import SCOPES
from standfast.base.times import SECOND, Duration
from standfast.model.kinds.scripts import Script

MASKED: Final = "********"  # instead of every password: who may read a dump need not know them

Account = Callable[[Script], str]  # whom a script runs as, in numbers: "0:0"

NUMBER_OF_STATE: Final = {"init": 0, "backup": 1, "master": 2, "fault": 3}  # JSON-04

_SCOPES: Final = {number: name for name, number in reversed(SCOPES.items())}  # 0 is global, not universe


def inside(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a part, one step to the right."""
    return (f"  {line}" for line in lines)


def enabled(value: object) -> str:
    """`enabled` or `disabled`."""
    return "enabled" if value else "disabled"


def truth(value: object) -> str:
    """`true` or `false`."""
    return "true" if value else "false"


def yes(value: object) -> str:
    """`yes` or `no`."""
    return "yes" if value else "no"


def command(script: Script) -> str:
    """Each word between single quotes."""
    return quoted(script.words)


def quoted(words: tuple[str, ...]) -> str:
    """Each word between single quotes."""
    return " ".join(f"'{word}'" for word in words)


def moment(at: float) -> str:
    """A time of day, as a number and for people."""
    seconds = int(at)
    micro = f"{round((at - seconds) * 1e6):06d}"
    told = time.strftime(f"%a %b %d %H:%M:%S.{micro} %Y", time.localtime(seconds))
    return f"{seconds}.{micro} ({told})"


def whole_seconds(duration: Duration) -> int:
    """Of what is configured in whole seconds."""
    return duration // SECOND


def exact_seconds(duration: Duration) -> str:
    """With all six digits behind the point."""
    return f"{duration / SECOND:.6f}"


def number(duration: Duration) -> int | float:
    """Seconds, without a point if there is nothing behind it."""
    return duration // SECOND if duration % SECOND == 0 else duration / SECOND


def interval(duration: Duration, version: int) -> str:
    """Version 2 has whole seconds."""
    return f"{duration // SECOND} sec" if version == 2 else f"{duration // 1000} milli-sec"


def address(one: HostAddress, *, below: Mapping[str, str], tracked: bool, held: bool) -> str:
    """An address of an instance; the word `set` says that the host has it.

    Args:
        one: the address.
        below: of interfaces that are made for the instance, the one below.
        tracked: whether it is put back when somebody removes it.
        held: whether the host has it.
    """
    words = [_with_prefix(one)]
    if one.broadcast is not None:
        words.append(f"brd {one.broadcast}")
    parent = below.get(one.interface)
    words.append(f"dev {one.interface}@{parent}" if parent else f"dev {one.interface}")
    words.append(f"scope {_SCOPES.get(one.scope, one.scope)}")
    if one.label:
        words.append(f"label {one.label}")
    if one.peer is not None:
        words.append(f"peer {one.peer}/{one.prefix}")
    words += _of_ipv6(one)
    words += ["no_track"] * (not tracked) + ["set"] * held
    return " ".join(words)


def _with_prefix(one: HostAddress) -> str:
    alone = one.peer is not None or one.prefix == family_of(one.address).bits
    return str(one.address) if alone else f"{one.address}/{one.prefix}"


def _of_ipv6(one: HostAddress) -> list[str]:
    if family_of(one.address) is Family.IPV4:
        return []
    words = ["home"] * bool(one.flags & HOME) + ["-nodad"] * (not one.flags & NO_DETECTION)
    if one.preferred_seconds == 0:
        return [*words, "deprecated"]
    lasts = "forever" if one.preferred_seconds == FOREVER else one.preferred_seconds
    return [*words, f"preferred_lft {lasts}"]

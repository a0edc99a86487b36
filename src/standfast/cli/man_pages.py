"""The manual pages `standfast(1)` and `standfastd(8)`, made of the declarations of their command lines."""

from collections.abc import Iterator
from typing import Final

from standfast.base.places import CONFIG_FILE
from standfast.cli.command_line import Option, Verb, verbs
from standfast.cli.daemon_words import EXITS, SIGNALS, TRIAL_EXITS, sentence
from standfast.conf.manual.roff import escaped, prose

_MADE: Final = '.\\" Made by `standfast manual`; do not edit.'


def standfast_page() -> str:
    """The page of what a person types."""
    return "\n".join(_standfast()) + "\n"


def standfastd_page() -> str:
    """The page of the daemon."""
    return "\n".join(_standfastd()) + "\n"


def _head(name: str, section: int, summary: str) -> Iterator[str]:
    yield _MADE
    yield f'.TH {name.upper()} {section} "" Standfast "Standfast manual"'
    yield from (".nh", ".ad l", ".SH NAME", f"{name} \\- {escaped(summary)}", ".SH SYNOPSIS")


def _standfast() -> Iterator[str]:
    every = verbs()
    yield from _head("standfast", 1, "check and explain configurations of Standfast and Keepalived")
    yield from ("\\fBstandfast\\fR \\fIVERB\\fR [\\fIOPTION\\fR...] [\\fIWORD\\fR...]", ".br")
    yield "\\fBstandfast\\fR \\fIVERB\\fR \\fB\\-\\-help\\fR"
    yield ".SH DESCRIPTION"
    yield prose(
        "Everything that a person types. The daemon itself is `standfastd`. Each verb knows `--help`, and "
        "`standfast --version` says which version this is."
    )
    yield ".SH VERBS"
    for verb in every:
        yield from _verb(verb)
    yield from _end("standfastd", 8)


def _verb(verb: Verb) -> Iterator[str]:
    yield " ".join((f".SS {escaped(verb.name)}", *map(_value, verb.words)))
    yield prose(sentence(verb.what))
    for word, what in verb.operands:
        yield from (".TP", _value(word), prose(sentence(what)))
    for option in verb.options:
        if "--help" not in option.names:
            yield from (".TP", _usage(option), prose(sentence(option.what)))
    if verb.note:
        yield from (".PP", prose(verb.note))


def _usage(option: Option) -> str:
    names = ", ".join(f"\\fB{escaped(name)}\\fR" for name in option.names)
    if not option.takes_value:
        return names
    return f"{names} {_value(' | '.join(option.choices) or option.value)}"


def _value(text: str) -> str:
    return f"\\fI{escaped(text)}\\fR"


def _standfastd() -> Iterator[str]:
    from standfast.daemon.options import OPTIONS, Takes  # noqa: PLC0415  (the daemon, if needed)

    yield from _head("standfastd", 8, "keep virtual addresses standing, as keepalived(8) does")
    yield "\\fBstandfastd\\fR [\\fIOPTION\\fR...]"
    yield ".SH DESCRIPTION"
    yield prose(
        f"The daemon reads `{CONFIG_FILE}` and speaks VRRP for the instances in it. It takes the options, signals "
        "and exit statuses of Keepalived, so that what starts and stops Keepalived can start and stop it."
    )
    yield ".SH OPTIONS"
    for option in OPTIONS:
        names = [f"\\fB\\-{option.short}\\fR"] if option.short else []
        said = f"={_value(option.value)}"
        value = {Takes.NOTHING: "", Takes.VALUE: said, Takes.PERHAPS: f"[{said}]"}[option.takes]
        note = "" if option.built else " Accepted, has no effect yet."
        yield ".TP"
        yield ", ".join((*names, f"\\fB{escaped('--' + option.long)}\\fR{value}"))
        yield prose(sentence(option.words) + note)
    yield ".SH SIGNALS"
    yield from _table(SIGNALS)
    yield ".SH EXIT STATUS"
    yield from _table(EXITS)
    yield from (".PP", prose("With `-t`:"))
    yield from _table(TRIAL_EXITS)
    yield from (".SH FILES", ".TP", f".I {CONFIG_FILE}", "The configuration, if no other is named.")
    yield from _end("standfast", 1)


def _table(rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, what in rows:
        yield from (".TP", f"\\fB{escaped(name)}\\fR", prose(what))


def _end(other: str, section: int) -> Iterator[str]:
    yield from (".SH SEE ALSO", f"\\fBstandfast.conf\\fR(5), \\fB{other}\\fR({section})")

"""The page of the command line: every verb and option of `standfast`, and every option of `standfastd`."""

from collections.abc import Iterator, Sequence
from typing import Final

from standfast.base.places import CONFIG_FILE
from standfast.cli.command_line import Option, Verb, verbs
from standfast.cli.control import DEFAULT_SOCKET, STATUSES
from standfast.cli.daemon_words import EXITS, SIGNALS, TRIAL_EXITS, sentence

_ASKING: Final = ("--socket", "--instance", "--namespace")  # of every verb that asks the daemon


def commands_page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    every = verbs()
    yield "<!-- Made by `standfast manual`; do not edit. -->"
    yield from ("# Commands", "")
    yield "`standfast` is what a person types, `standfastd` is the daemon. `standfast VERB --help` says what"
    yield "this page says, and `standfast --version` which version it is."
    yield from ("", "| Verb | What it does |", "| --- | --- |")
    yield from (
        f"| [`{verb.name}`](#standfast-{verb.name}) | {_cell(sentence(verb.what))} |" for verb in every
    )
    yield from _asking(every)
    for verb in every:
        yield from _verb(verb)
    yield from _daemon()


def _asking(every: Sequence[Verb]) -> Iterator[str]:
    asking = [verb for verb in every if _asks(verb)]
    *names, last = (f"`{verb.name}`" for verb in asking)
    yield from ("", "## Asking the daemon", "")
    yield f"{', '.join(names)} and {last} ask the daemon that runs, at its control socket. That is"
    yield f"`{DEFAULT_SOCKET}`, unless one of these options or the variable `STANDFAST_SOCKET` names another."
    yield "Who may write to the socket may ask; orders are for root and the members of `control_socket_group`."
    yield ""
    yield from _table("Option", [_row(one) for one in asking[0].options if one.names[0] in _ASKING])
    yield from ("", "They end with one of these statuses:", "")
    yield from _table("Status", [(f"`{status}`", sentence(what)) for status, what in STATUSES])


def _asks(verb: Verb) -> bool:
    return any(option.names[0] == _ASKING[0] for option in verb.options)


def _verb(verb: Verb) -> Iterator[str]:
    own = [one for one in verb.options if "--help" not in one.names and one.names[0] not in _ASKING]
    yield from ("", f"## standfast {verb.name}", "")
    usage = " ".join(("standfast", verb.name, *(["[OPTION...]"] if own or _asks(verb) else []), *verb.words))
    yield from ("```", usage, "```", "", sentence(verb.what))
    if verb.operands or own:
        yield ""
        told = [(f"`{_cell(word)}`", _cell(sentence(what))) for word, what in verb.operands]
        yield from _table(
            "Word or option" if told and own else "Word" if told else "Option", [*told, *map(_row, own)]
        )
    if _asks(verb):
        yield from (
            "",
            "It also has the options, and the exit statuses, of [asking the daemon](#asking-the-daemon).",
        )
    elif verb.note:
        yield from ("", verb.note)


def _row(option: Option) -> tuple[str, str]:
    value = " \\| ".join(option.choices) or _cell(option.value)
    names = ", ".join(option.names) + (f" {value}" if option.takes_value else "")
    return f"`{names}`", _cell(sentence(option.what))


def _daemon() -> Iterator[str]:
    from standfast.daemon.options import OPTIONS, Takes  # noqa: PLC0415  (the daemon, if needed)

    yield from ("", "## standfastd", "", "```", "standfastd [OPTION...]", "```", "")
    yield f"The daemon. It reads `{CONFIG_FILE}`, if no other file is named, and takes the options, signals and"
    yield "exit statuses of Keepalived, so that what starts and stops Keepalived can start and stop it."
    yield ""
    rows = []
    for option in OPTIONS:
        value = {Takes.NOTHING: "", Takes.VALUE: f"={option.value}", Takes.PERHAPS: f"[={option.value}]"}
        short = f"-{option.short}, " if option.short else ""
        note = "" if option.built else " Accepted, has no effect yet."
        rows.append(
            (f"`{short}--{option.long}{_cell(value[option.takes])}`", _cell(sentence(option.words) + note))
        )
    yield from _table("Option", rows)
    for title, told in (
        ("Signals", SIGNALS), ("Exit statuses", EXITS), ("Exit statuses of a trial (`-t`)", TRIAL_EXITS),
    ):  # fmt: skip
        yield from ("", f"### {title}", "")
        yield from _table(
            "Signal" if title == "Signals" else "Status", [(f"`{one}`", what) for one, what in told]
        )


def _table(head: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from (f"| {head} | Meaning |", "| --- | --- |")
    yield from (f"| {first} | {second} |" for first, second in rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

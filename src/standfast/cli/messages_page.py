"""The page of what Standfast says: problems of a configuration, reasons, and the lines of log and history."""

from collections.abc import Iterator, Mapping
from typing import Final

from standfast.conf.behaviour_ids import without_ids
from standfast.conf.explained.explanation import Explanation
from standfast.conf.explained.table import CHAPTERS
from standfast.observe.reasons import DROPPED, REASONS
from standfast.observe.state.of_event import kind_of
from standfast.observe.wording import WORDINGS
from standfast.observe.words import VOCABULARY
from standfast.observe.words_bfd import DROPPED as BFD_DROPPED

_EXAMPLE_LINES: Final = 20  # as `standfast explain` shows
_EXAMPLE_WIDTH: Final = 110
_ABOUT: Final = {
    "words_vrrp": "Virtual routers",
    "words_lvs": "Virtual servers and checks",
    "words_bfd": "BFD sessions",
    "words_track": "Trackers",
    "words_supervise": "Processes and reloads",
    "words_daemon": "The daemon and the host",
    "words_messages": "Notices on their way out",
    "words_memory": "Memory debugging",
}


def messages_page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "<!-- Made by `standfast manual`; do not edit. -->"
    yield from ("# Messages", "")
    yield "What Standfast says has a short name (a slug) that stays the same when the words become better."
    yield "Search this page for it; `standfast explain NAME` knows those of problems, too."
    yield ""
    yield "- [Problems of a configuration](#problems-of-a-configuration): of `standfast check`, a start, a reload"
    yield "- [Reasons](#reasons-of-transitions): why an instance changed its state, why a packet was not used"
    yield "- [Log and history](#log-and-history): what is told, and with what data"
    yield from ("", "## Problems of a configuration", "")
    yield "The name stands in brackets behind the words: `keepalived.conf:3:5: warning: … [value-range]`. An"
    yield "error leaves out the part that is wrong, a warning tells what was corrected, a notice what may"
    yield "surprise."
    for title, chapter in CHAPTERS:
        yield from ("", f"### {title}", "")
        yield " · ".join(f"[{slug}](#{slug})" for slug in chapter)
        for slug, explanation in chapter.items():
            yield from _problem(slug, explanation)
    yield from _reasons(
        "Reasons of transitions",
        "`reason` in `standfast status --json`, in the log, and for scripts.",
        REASONS,
    )
    yield from _reasons(
        "Adverts that are not used", "The label `reason` of `standfast_adverts_dropped_total`.", DROPPED
    )
    yield from _reasons(
        "BFD packets that are not used",
        "The label `reason` of `standfast_bfd_packets_dropped_total`.",
        BFD_DROPPED,
    )
    yield from _events()


def _problem(slug: str, explanation: Explanation) -> Iterator[str]:
    yield from ("", f"#### {slug}", "", explanation.meaning, "", f"*What to do:* {explanation.remedy}")
    if explanation.example:
        example = explanation.example.splitlines()
        shown = example if len(example) <= _EXAMPLE_LINES else [*example[: _EXAMPLE_LINES - 1], "…"]
        yield from ("", "```", *map(_line, shown), "```")


def _line(text: str) -> str:
    """A line of an example that any reader can show."""
    shown = "".join(sign if sign.isprintable() or sign == "\t" else _escaped(sign) for sign in text)
    return shown if len(shown) <= _EXAMPLE_WIDTH else f"{shown[:_EXAMPLE_WIDTH]}…"


def _escaped(sign: str) -> str:
    """What stands for a character that cannot be shown, as Python writes it in a string."""
    return sign.encode("unicode_escape").decode()


def _reasons(title: str, where: str, reasons: Mapping[str, str]) -> Iterator[str]:
    yield from ("", f"## {title}", "", where, "", "| Reason | Meaning |", "| --- | --- |")
    yield from (f"| `{slug}` | {_cell(words)} |" for slug, words in reasons.items())


def _events() -> Iterator[str]:
    yield from ("", "## Log and history", "")
    yield "Everything that happens is a fact, and worded in one place. The log has a line of it; the history"
    yield "and `standfast events` have an event of this kind, whose `facts` are the data. Where Keepalived"
    yield "has such a line in its log, ours begins with the same words. Some are told only if `-D` asks for"
    yield "more detail."
    for module in VOCABULARY:
        name = module.__name__.rpartition(".")[2]
        kinds = [kind for kind, wording in WORDINGS.items() if wording.say.__module__ == module.__name__]
        yield from ("", f"### {_ABOUT[name]}", "", "| Kind | What it tells | Data |", "| --- | --- | --- |")
        for kind in kinds:
            what = without_ids((kind.__doc__ or "").partition("\n")[0])
            data = ", ".join(f"`{field}`" for field in getattr(kind, "__struct_fields__", ()))
            yield f"| `{kind_of(kind)}` | {_cell(what)} | {data} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

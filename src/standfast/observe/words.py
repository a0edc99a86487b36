"""From a fact to its line: one fact, one line, one place that words it."""

from standfast.observe import (
    words_bfd,
    words_daemon,
    words_lvs,
    words_memory,
    words_messages,
    words_supervise,
    words_track,
    words_vrrp,
)
from standfast.observe.line import Line
from standfast.observe.wording import WORDINGS, Wording

# Importing them has bound their wordings.
VOCABULARY = (
    words_vrrp,
    words_lvs,
    words_bfd,
    words_track,
    words_supervise,
    words_daemon,
    words_messages,
    words_memory,
)


def wording_of(kind: type) -> Wording | None:
    """How facts of this class are worded; None: they are only counted."""
    return WORDINGS.get(kind)


def line_of(fact: object) -> Line | None:
    """The line of a fact; None if facts of its class are only counted."""
    wording = WORDINGS.get(type(fact))
    return None if wording is None else wording.say(fact)

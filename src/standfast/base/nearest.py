"""The known word that a person may have meant."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint that names the known word a person may have meant; empty if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415  (only a mistake needs it, not each start)

    found = get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f"did you mean {found[0]}?" if found else ""

"""Ids of behaviours stand in docstrings for who reads the code; pages for others leave them out."""

import re
from typing import Final

_IDS: Final = re.compile(r" \((?:behaviours? )?[A-Z]+-\d+(?:(?: to |, | and )[A-Z]+-\d+)*\)")


def without_ids(text: str) -> str:
    """A text without the ids of behaviours that stand in brackets."""
    return _IDS.sub("", text)

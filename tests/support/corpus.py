"""The configurations of other people, where they are at hand."""

from functools import cache
from pathlib import Path
from typing import Final

import pytest
from written import WrittenFiles

from standfast.conf.read import Reading, read_config

FOLDER: Final = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "open"
needs_corpus = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the corpus of real configurations is not at hand"
)


def corpus_files() -> list[Path]:
    """All files, in order."""
    return sorted(FOLDER.glob("*.conf"))


@cache
def corpus_reading(path: Path) -> Reading:
    """What comes of reading one of them, alone."""
    return reading_of(path.read_bytes(), path.name)


def reading_of(content: bytes, name: str) -> Reading:
    """What comes of reading a content under a name."""
    return read_config(name, WrittenFiles({name: content}))

"""What is left open is not left in the code: it is finished, or stands where planned things stand."""

import re
from typing import Final

from importing import ROOT

MARKS: Final = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b|pytest\.mark\.x" r"fail")
FOLDERS: Final = ("src", "tests", "bench", "tools", ".ci", "examples", "docs")
SUFFIXES: Final = {".py", ".sh", ".md", ".conf", ""}


def test_nothing_is_marked_as_still_to_be_done() -> None:
    files = [file for top in FOLDERS for file in sorted((ROOT / top).rglob("*")) if file.suffix in SUFFIXES]
    lines = [
        f"{file.relative_to(ROOT)}:{number} {line.strip()}"
        for file in files
        if file.is_file() and "results" not in file.parts
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1)
        if MARKS.search(line)
    ]

    assert lines == []

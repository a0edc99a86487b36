"""`standfast fmt`: a configuration file in its canonical form."""

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from standfast.base.errors import Refused
from standfast.conf.format import formatted
from standfast.conf.read import Reading, read_config
from standfast.conf.reader import FileReader

FINE: Final = 0
DIFFERS: Final = 1
NOT_FORMATTED: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", nargs="+", help="file to format; included files are named for themselves")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--check", action="store_true", help="write nothing; name the files that are not canonical"
    )
    how.add_argument("--write", action="store_true", help="write into the files")
    parser.epilog = (
        "Without an option the canonical text goes to standard output. Comments stay, and what is read is the "
        "same before and after; that is checked each time. Exit status: 0 done, or canonical already; 1 --check "
        "found a file that is not; 2 a file could not be formatted."
    )


def run(arguments: argparse.Namespace) -> int:
    """Format each file."""
    return max(_one(path, check=arguments.check, write=arguments.write) for path in arguments.file)


def _one(path: str, *, check: bool, write: bool) -> int:
    from standfast.daemon.files import HostFiles  # noqa: PLC0415  (the edge, only when it is needed)

    try:
        before = HostFiles().read(path)
        after = _canonical(path, before, HostFiles())
        if write and after != before:
            _replace(path, after)
    except (Refused, OSError) as error:
        sys.stderr.write(f"standfast: {error}\n")
        return NOT_FORMATTED
    if check and after != before:
        sys.stdout.write(f"{path}: not canonical; `standfast fmt --write {path}` makes it so\n")
        return DIFFERS
    if not (check or write):
        sys.stdout.buffer.write(after)
    return FINE


def _canonical(path: str, before: bytes, files: FileReader) -> bytes:
    """The canonical form, in the encoding of the file.

    Raises:
        Refused: `changes-meaning`: it does not read as the file does, which is a mistake of ours.
    """
    try:
        text, encoding = before.decode(), "utf-8"
    except UnicodeDecodeError:
        text, encoding = before.decode("latin-1"), "latin-1"
    after = formatted(text).encode(encoding)
    if after != before and not _same(
        read_config(path, _Instead(files, path, before)), read_config(path, _Instead(files, path, after))
    ):
        raise Refused(
            "changes-meaning",
            f"{path}: formatting would change what is read",
            remedy="the file is as it was; please report it with the file",
        )
    return after


def _same(before: Reading, after: Reading) -> bool:
    said = [
        Counter((problem.slug, problem.words) for problem in reading.problems) for reading in (before, after)
    ]
    return before.config == after.config and said[0] == said[1]


class _Instead:
    """The files of the host, but for one."""

    def __init__(self, files: FileReader, path: str, content: bytes) -> None:
        self._files = files
        self._path = path
        self._content = content

    def read(self, path: str) -> bytes:
        return self._content if path == self._path else self._files.read(path)

    def matches(self, pattern: str, directory: str) -> Sequence[str]:
        return self._files.matches(pattern, directory)


def _replace(path: str, content: bytes) -> None:
    """Put the content into the file at once: whoever reads it meanwhile finds the old or the new one."""
    target = Path(path).resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        shutil.copymode(target, name)
        with suppress(PermissionError):  # a file of one's own has one's own group
            shutil.chown(name, target.stat().st_uid, target.stat().st_gid)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

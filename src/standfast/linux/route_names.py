"""The tables of iproute2, in which this host gives names to numbers of routes, rules and groups of links."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from standfast.base import route_names
from standfast.base.limits import NAMES_BYTES_MAX
from standfast.base.route_names import RouteNames

DIRECTORIES: Final = (Path("/usr/lib/iproute2"), Path("/usr/share/iproute2"), Path("/etc/iproute2"))


def directories_of(vendor: str, host: str) -> tuple[Path, ...]:
    """Where the tables are: of the vendor and of the host; an empty one where it is usual (iproute_usr_dir)."""
    *vendors, usual = DIRECTORIES
    return (*((Path(vendor),) if vendor else vendors), Path(host) if host else usual)


def read_route_names(directories: tuple[Path, ...] = DIRECTORIES) -> RouteNames:
    """The names that this host knows; a table that cannot be read adds none."""
    table = partial(_table, directories)
    return RouteNames(
        tables=table("rt_tables", route_names.TABLES),
        protocols=table("rt_protos", route_names.PROTOCOLS),
        scopes=table("rt_scopes", route_names.SCOPES),
        fields=table("rt_dsfield", route_names.FIELDS),
        realms=table("rt_realms", {}),
        groups=read_link_groups(directories),
        ip_protocols=_ip_protocols(),
    )


def read_link_groups(directories: tuple[Path, ...] = DIRECTORIES) -> Mapping[str, int]:
    """The names of groups of links."""
    return _table(directories, "group", route_names.GROUPS)


def _table(directories: tuple[Path, ...], name: str, built_in: Mapping[str, int]) -> Mapping[str, int]:
    found = dict(built_in)
    for directory in directories:
        for path in (directory / name, *sorted((directory / f"{name}.d").glob("*.conf"))):
            for word, number in _entries(path):  # as `ip`: of two numbers of a name the least
                found[word] = min(number, found.get(word, number))
    return found


def _entries(path: Path) -> Iterator[tuple[str, int]]:
    """The names of one file: a number and a name on a line, anything behind a # left out."""
    for words in _lines(path):
        with suppress(ValueError, IndexError):
            yield words[1], int(words[0], 0)


def _ip_protocols() -> Mapping[str, int]:
    found = dict(route_names.IP_PROTOCOLS)
    for words in _lines(Path("/etc/protocols")):
        with suppress(ValueError, IndexError):
            number = int(words[1])
            found.update(dict.fromkeys((words[0], *words[2:]), number))
    return found


def _lines(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(NAMES_BYTES_MAX)
    except OSError:
        return
    for line in text.splitlines():
        if words := line.partition("#")[0].split():
            yield words

"""`standfastd -t`: say every problem of the configuration, and give Keepalived's verdict (EX-10 to EX-14)."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from standfast.base.errors import Refused
from standfast.conf.problems import render
from standfast.conf.read import Reading
from standfast.conf.verdict import exit_code
from standfast.daemon.exits import Exit
from standfast.daemon.flags import Flags
from standfast.daemon.reader import read_configuration


def try_config(flags: Flags, _command: Sequence[str], say: Callable[[str], None]) -> int:
    """Read the configuration, start nothing; the exit status."""
    reading = _read(flags)
    texts = [render(problem) for problem in reading.problems]
    if reading.dropped:
        texts.append(f"{reading.dropped} more problems are not shown")
    try:
        _write(flags.test_log, "".join(f"{text}\n" for text in texts))
    except OSError as error:
        say(f"cannot write {flags.test_log}: {error.strerror}")
        return Exit.FATAL
    return exit_code(reading, all_config=flags.all_config)


def _read(flags: Flags) -> Reading:
    """Read it; where a namespace is named that we may visit, there: it has interfaces of its own."""
    reading = read_configuration(flags, resolves=True)
    name = flags.namespace or ("" if reading.config is None else reading.config.net_namespace)
    if not name:
        return reading
    from standfast.linux.network_namespace import check_name, path_of, visiting  # noqa: PLC0415  (ctypes; few)

    with suppress(OSError, Refused):
        check_name(name)
        with visiting(path_of(name)):
            return read_configuration(flags, resolves=True)
    return reading


def _write(path: str, text: str) -> None:
    if not path:
        sys.stderr.write(text)
        return
    with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123  (appended to, as a log is)
        file.write(text)

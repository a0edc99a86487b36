"""`standfastd -t`: say every problem of the configuration, and give Keepalived's verdict (EX-10 to EX-14)."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from standfast.conf.problems import render
from standfast.conf.read import Reading
from standfast.conf.verdict import exit_code
from standfast.daemon import configuration
from standfast.daemon.checks import check_interfaces
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.flags import Flags
from standfast.model.complaint import ErrorClass
from standfast.model.config import Config
from standfast.observe.facts import WorksWithout
from standfast.observe.words import line_of

Judged = tuple[ErrorClass, str]  # how Keepalived counts it, and the words


def try_config(flags: Flags, _command: Sequence[str], say: Callable[[str], None]) -> int:
    """Read the configuration, start nothing; the exit status."""
    reading = configuration.read(flags)
    texts = [render(problem) for problem in reading.problems]
    if reading.dropped:
        texts.append(f"{reading.dropped} more problems are not shown")
    for error_class, words in _of_this_host(reading):
        texts.append(words)
        reading = replace(reading, worst=max(reading.worst, error_class))
    try:
        _write(flags.test_log, "".join(f"{text}\n" for text in texts))
    except OSError as error:
        say(f"cannot write {flags.test_log}: {error.strerror}")
        return Exit.FATAL
    return exit_code(reading, all_config=flags.all_config)


def _of_this_host(reading: Reading) -> Iterator[Judged]:
    """What is wrong with the configuration on this host, though its text is fine."""
    config = reading.config
    if config is None or not config.vrrp_instances:
        return
    try:
        check_interfaces(config)
    except EndWith as end:
        yield ErrorClass.WARNING, end.words  # EX-12: Keepalived counts a warning with it
    yield from _scripts(config)


def _scripts(config: Config) -> Iterator[Judged]:
    from standfast.daemon.scripts import Accounts, complaints  # noqa: PLC0415  (brings the event loop along)

    for fact in complaints(config, Accounts()):
        insecure = isinstance(fact, WorksWithout)  # EX-13
        yield ErrorClass.SECURITY if insecure else ErrorClass.GENERAL, str(line_of(fact))


def _write(path: str, text: str) -> None:
    if not path:
        sys.stderr.write(text)
        return
    with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123  (appended to, as a log is)
        file.write(text)

"""`standfast check`: every problem of a configuration, for people or for programs."""

import argparse
import sys
from collections import Counter
from typing import Final

from standfast.base.frozen import changed
from standfast.base.places import CONFIG_FILE
from standfast.conf.problems import Problem, render
from standfast.conf.read import Reading, read_config
from standfast.model.complaint import Severity
from standfast.model.versions import Version, read_version

FINE: Final = 0
WITH_WARNINGS: Final = 1
WITH_ERRORS: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file", nargs="*", default=[CONFIG_FILE], help=f"configuration (default {CONFIG_FILE})"
    )
    parser.add_argument("--strict", action="store_true", help="count a warning as an error")
    parser.add_argument("--offline", action="store_true", help="ask nothing about this host")
    add_config_id(parser)
    parser.add_argument(
        "--target-version",
        type=_version,
        metavar="V",
        help="name keywords that are newer than this version of Keepalived",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="write the problems as JSON")
    form.add_argument(
        "--sarif", action="store_true", help="write the problems as SARIF 2.1.0, for editors and CI"
    )
    parser.epilog = "Exit status: 0 nothing is wrong, 1 there are warnings, 2 there are errors."


def add_config_id(parser: argparse.ArgumentParser) -> None:
    """Declare what all verbs that read a configuration have in common."""
    parser.add_argument(
        "-i", "--config-id", default="", help="identity of the host for lines with `@` (default: its name)"
    )


def _version(text: str) -> Version:
    try:
        return read_version(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(arguments: argparse.Namespace) -> int:
    """Check the files; the exit code is that of the worst problem."""
    from standfast.daemon.files import HostFiles, this_surroundings  # noqa: PLC0415  (the edge, if needed)

    host = None
    if not arguments.offline:
        from standfast.daemon.host import ThisHost  # noqa: PLC0415

        host = ThisHost()
    surroundings = changed(this_surroundings(arguments.config_id), target=arguments.target_version)
    readings = [(path, read_config(path, HostFiles(), surroundings, host=host)) for path in arguments.file]
    if arguments.json:
        from standfast.cli.check_json import as_json  # noqa: PLC0415  (msgspec costs a person's start)

        sys.stdout.write(as_json(readings))
    elif arguments.sarif:
        from standfast.cli.check_sarif import as_sarif  # noqa: PLC0415  (json, only when it is asked for)

        sys.stdout.write(as_sarif(readings))
    else:
        for path, reading in readings:
            _print(path, reading)
        if arguments.file == [CONFIG_FILE] and not readings[0][1].files:
            sys.stdout.write(
                f"{CONFIG_FILE} is where the daemon looks; `standfast check FILE` checks another\n"
            )
    return max(_exit_code(reading, strict=arguments.strict) for _, reading in readings)


def _exit_code(reading: Reading, *, strict: bool) -> int:
    severities = {problem.severity for problem in reading.problems}
    if Severity.ERROR in severities or reading.config is None:
        return WITH_ERRORS
    if Severity.WARNING in severities:
        return WITH_ERRORS if strict else WITH_WARNINGS
    return FINE


def _print(path: str, reading: Reading) -> None:
    for problem in reading.problems:
        sys.stdout.write(render(problem) + "\n\n")
    sys.stdout.write(f"{path}: {_summary(reading.problems, reading.dropped)}\n")


def _summary(problems: tuple[Problem, ...], dropped: int) -> str:
    counts = Counter(problem.severity for problem in problems)
    parts = [f"{counts[s]} {s}{'s' if counts[s] != 1 else ''}" for s in Severity if counts[s]]
    if dropped:
        parts.append(f"{dropped} more not shown")
    return ", ".join(parts) or "nothing is wrong"

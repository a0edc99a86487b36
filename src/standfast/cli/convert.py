"""`standfast convert`: a configuration as JSON, or JSON as a configuration."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from standfast.base.errors import Refused
from standfast.base.places import CONFIG_FILE
from standfast.cli.check import add_config_id
from standfast.conf.problems import Problem, render
from standfast.conf.write import faithful, read_text, write
from standfast.model.complaint import Severity

FINE: Final = 0
WITHOUT_PARTS: Final = 1  # converted, without what is wrong
NOT_CONVERTED: Final = 2
_SHOWN: Final = 10  # problems; the verb for all of them is `check`


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file", nargs="?", default=CONFIG_FILE, help=f"what to convert (default {CONFIG_FILE})"
    )
    parser.add_argument(
        "--to",
        choices=("json", "conf"),
        help="the other form; by default what the file is not (by its first byte)",
    )
    add_config_id(parser)
    parser.epilog = (
        "Passwords and keys are kept: the output is as secret as the file. Includes, variables and conditions are "
        "expanded, comments are lost. Exit status: 0 converted, 1 converted without the parts that are wrong "
        "(told on standard error), 2 not converted."
    )


def run(arguments: argparse.Namespace) -> int:
    """Convert one file to standard output; problems go to standard error."""
    to = arguments.to or ("conf" if _is_json(arguments.file) else "json")
    try:
        return _to_json(arguments.file, arguments.config_id) if to == "json" else _to_text(arguments.file)
    except Refused as refusal:
        sys.stderr.write(f"standfast: {refusal}\n")
        return NOT_CONVERTED


def _is_json(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return file.read(1) == b"{"
    except OSError:
        return False  # reading it will say why


def _to_json(path: str, config_id: str) -> int:
    import json  # noqa: PLC0415  (only this verb)

    from standfast.conf.json_form import as_document  # noqa: PLC0415  (only this verb)
    from standfast.conf.read import read_config  # noqa: PLC0415  (only this verb)
    from standfast.daemon.files import HostFiles, this_surroundings  # noqa: PLC0415  (the edge, if needed)

    reading = read_config(path, HostFiles(), this_surroundings(config_id))
    _tell(reading.problems)
    if reading.config is None or not reading.files:
        return NOT_CONVERTED
    json.dump(as_document(faithful(reading.config)), sys.stdout, indent=2)
    sys.stdout.write("\n")
    return _exit_code(reading.problems)


def _to_text(path: str) -> int:
    import json  # noqa: PLC0415  (only this verb)
    from decimal import Decimal  # noqa: PLC0415

    from standfast.conf.json_form import from_document  # noqa: PLC0415
    from standfast.daemon.files import HostFiles  # noqa: PLC0415  (the edge, only when it is needed)

    try:
        document = json.loads(HostFiles().read(path), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Refused("json-form", f"{path} is no JSON: {error}") from None
    said, problems = from_document(document, path)
    if not said.lines and problems:
        _tell(problems)
        return NOT_CONVERTED
    text = write(said)
    told = {(problem.slug, problem.words) for problem in problems}
    problems += [problem for problem in read_text(text).problems if (problem.slug, problem.words) not in told]
    _tell(problems)
    sys.stdout.write(text)
    return _exit_code(problems)


def _exit_code(problems: Iterable[Problem]) -> int:
    return WITHOUT_PARTS if any(problem.severity is Severity.ERROR for problem in problems) else FINE


def _tell(problems: Iterable[Problem]) -> None:
    worth = [problem for problem in problems if problem.severity is not Severity.NOTICE]
    for problem in worth[:_SHOWN]:
        sys.stderr.write(render(problem) + "\n\n")
    if len(worth) > _SHOWN:
        sys.stderr.write(f"{len(worth) - _SHOWN} more; `standfast check` shows all\n")

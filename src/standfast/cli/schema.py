"""`standfast schema`: the JSON Schema of a configuration's JSON form."""

import argparse
import json
import sys

from standfast.conf.schema import config_schema, without_effect


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--without-effect",
        action="store_true",
        help="list the keywords that are accepted and have no effect yet",
    )
    parser.epilog = "Exit status: 0."


def run(arguments: argparse.Namespace) -> int:
    """Write the schema, or the list."""
    if arguments.without_effect:
        sys.stdout.writelines(f"{place}\n" for place in without_effect())
    else:
        sys.stdout.write(schema_text())
    return 0


def schema_text() -> str:
    """The schema as text."""
    return json.dumps(config_schema(), indent=2) + "\n"

"""`standfast manual`: what is made of the declarations for readers, shells and editors."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from standfast.cli.commands_page import commands_page
from standfast.cli.completion import script
from standfast.cli.json_page import json_page
from standfast.cli.man_pages import standfast_page, standfastd_page
from standfast.cli.messages_page import messages_page
from standfast.cli.schema import schema_text
from standfast.conf.manual import grammars
from standfast.conf.manual.markdown import reference
from standfast.conf.manual.relations import relations
from standfast.conf.manual.roff import manual_page
from standfast.observe.metrics import reference as metrics_page
from standfast.observe.state.schema import state_schema

_VSCODE_VERSION: Final = "0.1.0"
_VSCODE: Final = "share/vscode/standfast-keepalived"


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


# Each file with the function that makes it; the paths are those below an installation's prefix.
FILES: Final[Mapping[str, Callable[[], str]]] = {
    "share/man/man1/standfast.1": standfast_page,
    "share/man/man5/standfast.conf.5": manual_page,
    "share/man/man8/standfastd.8": standfastd_page,
    "docs/reference/commands.md": commands_page,
    "docs/reference/configuration.md": reference,
    "docs/reference/json.md": json_page,
    "docs/reference/keywords-that-differ.md": relations,
    "docs/reference/standfast-config.schema.json": schema_text,
    "docs/reference/state.schema.json": lambda: _json(state_schema()),
    "docs/reference/messages.md": messages_page,
    "docs/reference/metrics.md": metrics_page,
    "share/bash-completion/completions/standfast": lambda: script("bash"),
    "share/zsh/site-functions/_standfast": lambda: script("zsh"),
    "share/fish/vendor_completions.d/standfast.fish": lambda: script("fish"),
    "share/vim/vimfiles/syntax/keepalived.vim": grammars.vim_syntax,
    f"{_VSCODE}/keepalived.tmLanguage.json": lambda: _json(grammars.textmate_grammar()),
    f"{_VSCODE}/package.json": lambda: _json(grammars.vscode_extension(_VSCODE_VERSION)),
    f"{_VSCODE}/language-configuration.json": lambda: _json(grammars.vscode_language()),
}
FORMS: Final = {
    "roff": "share/man/man5/standfast.conf.5",
    "markdown": "docs/reference/configuration.md",
    "vim": "share/vim/vimfiles/syntax/keepalived.vim",
    "textmate": f"{_VSCODE}/keepalived.tmLanguage.json",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--form", choices=tuple(FORMS), default="markdown", help="what to write (default markdown)"
    )
    parser.add_argument(
        "--write",
        metavar="DIRECTORY",
        help="write all files of share/ and docs/ below this directory instead",
    )
    parser.epilog = "Exit status: 0. To read it: standfast manual --form roff | man -l -"


def run(arguments: argparse.Namespace) -> int:
    """Write one form to standard output, or all files below a directory."""
    if arguments.write is None:
        sys.stdout.write(FILES[FORMS[arguments.form]]())
        return 0
    for name, make in FILES.items():
        path = Path(arguments.write, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make())
    return 0

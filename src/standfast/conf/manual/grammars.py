"""Grammars for editors: a syntax file for Vim, and a TextMate grammar (VS Code reads it, too)."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from standfast.conf.catalogue import all_words, entry_words, pages
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.names import Choice

_NUMBER: Final = r"-?\d+(\.\d+)?"
_ADDRESS: Final = r"(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(/\d{1,3})?"
_BOOLEANS: Final = ("on", "off", "true", "false", "yes", "no")
INCLUDES: Final = ("include", "includer", "includem", "includew", "includeb", "includea")


def blocks() -> tuple[str, ...]:
    """Keywords that open a block or a list, sorted."""
    kinds = (Block, Entries)
    found = {
        word for page in pages() for word, keyword in page.declaration.by_word.items()
        if isinstance(keyword.kind, kinds)
    }  # fmt: skip
    return tuple(sorted(found))


def keywords() -> tuple[str, ...]:
    """All other keywords, and words of entries, sorted."""
    return tuple(sorted(set(all_words()) - set(blocks()) - set(entry_words())))


def words_of_entries() -> tuple[str, ...]:
    """Words that stand behind the first one of a line only."""
    return tuple(sorted(entry_words()))


def values() -> tuple[str, ...]:
    """Words that a value can be one of, sorted."""
    kinds = [keyword.kind for page in pages() for keyword in page.declaration.by_word.values()]
    return tuple(sorted({word for kind in kinds if isinstance(kind, Choice) for word in kind.options}))


# ---- Vim


def vim_syntax() -> str:
    """`syntax/keepalived.vim`."""
    return "\n".join(_vim_lines()) + "\n"


def _vim_lines() -> Iterator[str]:
    yield '" Vim syntax file: configuration of Standfast and Keepalived'
    yield '" Made by `standfast manual`; do not edit.'
    yield from ('if exists("b:current_syntax")', "  finish", "endif", "", "syn case match")
    yield "setlocal iskeyword=@,48-57,_,-,."
    yield from _vim_words("keepalivedBlock", blocks())
    yield from _vim_words("keepalivedKeyword", keywords())
    yield from _vim_words("keepalivedEntry", words_of_entries())
    yield from _vim_words("keepalivedValue", (*values(), *_BOOLEANS))
    yield from _vim_words("keepalivedInclude", INCLUDES)
    yield r'syn match keepalivedNumber "\<-\?\d\+\(\.\d\+\)\?\>"'
    yield r'syn match keepalivedAddress "\<\d\{1,3}\(\.\d\{1,3}\)\{3}\(/\d\{1,3}\)\?\>"'
    yield r'syn match keepalivedAddress "\<\x*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\(/\d\{1,3}\)\?"'
    yield r'syn match keepalivedVariable "\$\h\w*\|\${[^}]*}"'
    yield r'syn match keepalivedDefine "^\s*\$\h\w*="'
    yield r'syn match keepalivedCondition "^\s*@^\?\S\+"'
    yield r'syn match keepalivedRepeat "\~\(SEQx\?\|LST\)("'
    yield r'syn region keepalivedString start=+"+ end=+"+ oneline contains=keepalivedVariable'
    yield r'syn match keepalivedComment "\(^\|[^\\]\)\zs[#!].*$"'
    yield r'syn region keepalivedFold start="{" end="}" transparent fold'
    yield ""
    yield from (f"hi def link keepalived{name} {group}" for name, group in _VIM_GROUPS.items())
    yield from ("", 'let b:current_syntax = "keepalived"')


_VIM_GROUPS: Final = {
    "Block": "Structure", "Keyword": "Keyword", "Entry": "Type", "Value": "Constant", "Include": "Include",
    "Number": "Number", "Address": "Number", "Variable": "Identifier", "Define": "Define",
    "Condition": "PreCondit", "Repeat": "PreProc", "String": "String", "Comment": "Comment",
}  # fmt: skip


def _vim_words(group: str, words: Iterable[str]) -> Iterator[str]:
    """Words of a group, some on a line; what Vim would take for an option of `syn keyword` is matched."""
    plain = [word for word in words if re.fullmatch(r"\w[\w-]*", word) and word not in _VIM_OPTIONS]
    other = [word for word in words if word not in plain]
    for start in range(0, len(plain), 8):
        yield f"syn keyword {group} {' '.join(plain[start : start + 8])}"
    for word in other:
        yield rf'syn match {group} "\(^\|\s\)\zs{word}\ze\(\s\|$\)"'


_VIM_OPTIONS: Final = {"conceal", "cchar", "contained", "containedin", "nextgroup", "transparent", "skipwhite",
    "skipempty", "skipnl", "display", "fold", "extend"}  # fmt: skip


# ---- TextMate


def textmate_grammar() -> dict[str, Any]:
    """`keepalived.tmLanguage.json`."""
    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Keepalived configuration",
        "scopeName": "source.keepalived",
        "fileTypes": ["keepalived.conf"],
        "patterns": [
            _match("comment.line.number-sign.keepalived", r"(?<!\\)[#!].*$"),
            {
                "name": "string.quoted.double.keepalived", "begin": '"', "end": '"|$',
                "patterns": [_match("variable.other.keepalived", _VARIABLE)],
            },
            _match("keyword.control.import.keepalived", rf"^\s*({'|'.join(INCLUDES)})(?=\s)"),
            _match("keyword.control.directive.keepalived", r"^\s*@\^?\S+|^\s*\$[A-Za-z_]\w*=|~(SEQx?|LST)(?=\()"),
            _match("variable.other.keepalived", _VARIABLE),
            _match("entity.name.type.keepalived", _any_of(blocks())),
            _match("keyword.other.keepalived", _any_of(keywords())),
            _match("support.type.keepalived", _any_of(words_of_entries())),
            _match("constant.language.keepalived", _any_of((*values(), *_BOOLEANS))),
            _match("constant.numeric.address.keepalived", rf"(?<![\w.:])({_ADDRESS})(?![\w.:])"),
            _match("constant.numeric.keepalived", rf"(?<![\w.]){_NUMBER}(?![\w.])"),
        ],
    }  # fmt: skip


_VARIABLE: Final = r"\$\{[^}]*\}|\$[A-Za-z_]\w*"


def _match(name: str, pattern: str) -> dict[str, str]:
    return {"name": name, "match": pattern}


def _any_of(words: Iterable[str]) -> str:
    return rf"(?<![\w./-])({'|'.join(map(re.escape, sorted(words)))})(?![\w./-])"


def vscode_extension(version: str) -> dict[str, Any]:
    """`package.json` of an extension for VS Code that holds the grammar."""
    return {
        "name": "standfast-keepalived",
        "displayName": "Keepalived configuration",
        "description": "Colours for configurations of Standfast and Keepalived",
        "version": version,
        "publisher": "standfast",
        "license": "Apache-2.0",
        "engines": {"vscode": "^1.60.0"},
        "categories": ["Programming Languages"],
        "contributes": {
            "languages": [
                {
                    "id": "keepalived",
                    "aliases": ["Keepalived"],
                    "filenames": ["keepalived.conf"],
                    "filenamePatterns": ["**/keepalived/**/*.conf"],
                    "configuration": "./language-configuration.json",
                }
            ],
            "grammars": [
                {
                    "language": "keepalived",
                    "scopeName": "source.keepalived",
                    "path": "./keepalived.tmLanguage.json",
                }
            ],
        },
    }


def vscode_language() -> dict[str, Any]:
    """`language-configuration.json`: comments and brackets."""
    return {
        "comments": {"lineComment": "#"},
        "brackets": [["{", "}"]],
        "autoClosingPairs": [["{", "}"], ['"', '"']],
        "indentationRules": {"increaseIndentPattern": r"\{\s*([#!].*)?$", "decreaseIndentPattern": r"^\s*\}"},
    }

"""Completion scripts for bash, zsh and fish, made of the command line."""

from collections.abc import Iterator, Sequence

from standfast.cli.command_line import Operand, Option, Verb, option_words

_MADE = "# Made by `standfast completion`; do not edit."


def bash(verbs: Sequence[Verb], words: Sequence[str]) -> str:
    """For bash 4 and later."""
    return "\n".join(_bash(verbs, words)) + "\n"


def _bash(verbs: Sequence[Verb], words: Sequence[str]) -> Iterator[str]:
    names = " ".join(verb.name for verb in verbs)
    yield _MADE
    yield "_standfast() {"
    yield "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= word"
    yield '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do'
    yield "        if [[ $word != -* ]]; then verb=$word; break; fi"
    yield "    done"
    yield "    COMPREPLY=()"
    yield "    case $verb in"
    yield f"    '') mapfile -t COMPREPLY < <(compgen -W '{names} --help --version' -- \"$current\") ;;"
    for verb in verbs:
        yield from _bash_verb(verb, words)
    yield "    esac"
    yield "}"
    yield "complete -o filenames -F _standfast standfast"


def _bash_verb(verb: Verb, words: Sequence[str]) -> Iterator[str]:
    yield f"    {verb.name})"
    for option in verb.options:
        if option.takes_value:
            pattern = "|".join(option.names)
            reply = f"-W '{' '.join(option.choices)}'" if option.choices else "-f"
            yield f"        if [[ $before == @({pattern}) ]]; then"
            yield f'            mapfile -t COMPREPLY < <(compgen {reply} -- "$current"); return'
            yield "        fi"
    yield "        if [[ $current == -* ]]; then"
    yield f"            mapfile -t COMPREPLY < <(compgen -W '{' '.join(option_words(verb))}' -- \"$current\")"
    if reply := _bash_operand(verb, words):
        yield "        else"
        yield f'            mapfile -t COMPREPLY < <(compgen {reply} -- "$current")'
    yield "        fi"
    yield "        ;;"


def _bash_operand(verb: Verb, words: Sequence[str]) -> str:
    match verb.operand:
        case Operand.FILES:
            return "-f"
        case Operand.KEYWORDS:
            return f"-W '{' '.join(words)}'"
        case Operand.CHOICES:
            return f"-W '{' '.join(verb.choices)}'"
        case Operand.NOTHING:
            return ""


def zsh(verbs: Sequence[Verb], words: Sequence[str]) -> str:
    """For zsh, as `_standfast` in a directory of `fpath`."""
    return "\n".join(_zsh(verbs, words)) + "\n"


def _zsh(verbs: Sequence[Verb], words: Sequence[str]) -> Iterator[str]:
    yield "#compdef standfast"
    yield _MADE
    yield "_standfast() {"
    yield "    local -a verbs"
    yield "    local state line"
    yield "    verbs=("
    yield from (f"        '{verb.name}:{_zsh_text(verb.what)}'" for verb in verbs)
    yield "    )"
    yield "    _arguments -C '(- *)--help[show the help]' '(- *)--version[show the version]' \\"
    yield "        '1: :->verb' '*:: :->arguments'"
    yield "    case $state in"
    yield "    verb) _describe verb verbs ;;"
    yield "    arguments)"
    yield "        case $line[1] in"
    for verb in verbs:
        yield f"        {verb.name})"
        yield "            _arguments \\"
        yield from (f"                {_zsh_option(option)} \\" for option in verb.options)
        yield f"                {_zsh_operand(verb, words)} ;;"
    yield "        esac ;;"
    yield "    esac"
    yield "}"
    yield '_standfast "$@"'


def _zsh_option(option: Option) -> str:
    value = f":value:({' '.join(option.choices)})" if option.choices else ":value:_files"
    tail = f"[{_zsh_text(option.what)}]" + (value if option.takes_value else "")
    if len(option.names) == 1:
        return f"'{option.names[0]}{tail}'"
    return f"'({' '.join(option.names)})'{{{','.join(option.names)}}}'{tail}'"


def _zsh_operand(verb: Verb, words: Sequence[str]) -> str:
    match verb.operand:
        case Operand.FILES:
            return "'*:file:_files'"
        case Operand.KEYWORDS:
            return f"'1:word:({' '.join(words)})'"
        case Operand.CHOICES:
            return f"'1:word:({' '.join(verb.choices)})'"
        case Operand.NOTHING:
            return "'*: :'"


def _zsh_text(text: str) -> str:
    return text.replace("'", "").replace("[", "(").replace("]", ")").replace(":", ",").replace("`", "")


def fish(verbs: Sequence[Verb], words: Sequence[str]) -> str:
    """For fish."""
    return "\n".join(_fish(verbs, words)) + "\n"


def _fish(verbs: Sequence[Verb], words: Sequence[str]) -> Iterator[str]:
    yield _MADE
    yield "complete -c standfast -f"
    for verb in verbs:
        yield f"complete -c standfast -n __fish_use_subcommand -a {verb.name} -d {_fish_text(verb.what)}"
    for verb in verbs:
        head = f"complete -c standfast -n '__fish_seen_subcommand_from {verb.name}'"
        for option in verb.options:
            yield f"{head} {_fish_option(option)}"
        match verb.operand:
            case Operand.FILES:
                yield f"{head} -F"
            case Operand.KEYWORDS:
                yield f"{head} -a '{' '.join(words)}'"
            case Operand.CHOICES:
                yield f"{head} -a '{' '.join(verb.choices)}'"
            case Operand.NOTHING:
                pass


def _fish_option(option: Option) -> str:
    names = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names]
    value = (
        ["-x", f"-a '{' '.join(option.choices)}'"] if option.choices else ["-r"] if option.takes_value else []
    )
    return " ".join((*names, *value, "-d", _fish_text(option.what)))


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

"""The language in which the configuration is declared: one class a block, one field a keyword.

Parser, checks, manual, schema, completion, printer and reload read these declarations and nothing else.
`kw` declares a keyword, `argument` what stands between a block's keyword and its brace, `block` the block.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum, StrEnum
from typing import Any, Final, TypeVar, dataclass_transform

from standfast.base.errors import broken, ensure
from standfast.base.frozen import MISSING, Field, changed, field, fields_of, frozen
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.kind import Form, Kind
from standfast.model.versions import OLDEST, Version

C = TypeVar("C")


class Reload(IntEnum):
    """What a changed value needs on a reload, weakest first."""

    LIVE = 0  # the machine takes it over and goes on
    RESTART = 1  # this instance (or server) starts anew
    DAEMON = 2  # the daemon must be restarted; a reload leaves the old value


class Effect(StrEnum):
    """What the value does in this version."""

    BUILT = "built"
    NOT_YET = "not-yet"  # accepted, has no effect yet
    NONE = "none"  # accepted for Keepalived's sake; it will never have one


LATER: Final = "is accepted and has no effect yet: SNMP is left for later"  # all that is NOT_YET is SNMP's


class Relation(StrEnum):
    """How the keyword compares with Keepalived's; anything but SAME needs its reason."""

    SAME = "same"
    DIFFERS = "differs"
    OURS = "ours"  # Keepalived does not know it; there it is reported and skipped


class Repeat(Enum):
    """What a keyword that stands twice in a block means."""

    LAST = "the last one counts"  # behaviour CF-03
    FIRST = "the first one counts, the others are reported"
    REPLACED = "the last one counts, the others are reported"
    ALL = "each is one more"


@frozen
class Keyword:
    """The declaration of one keyword."""

    kind: Form
    doc: str  # one sentence for the manual
    hint: str = ""  # what a person needs after getting it wrong
    name: str = ""  # as it stands in a file
    field: str = ""  # of the block's class
    aliases: tuple[str, ...] = ()
    deprecated: Mapping[str, str] | None = None  # alias -> what to write instead
    unsupported: Mapping[str, str] | None = None  # a word that Keepalived's parser refuses -> why
    opposite: str = ""  # the keyword that says no
    required: bool = False
    reload: Reload | None = None  # None: as the class says
    because: str = ""  # why a reload needs more than LIVE
    effect: Effect | None = None  # None: as the class says
    relation: Relation = Relation.SAME
    why: str = ""  # why the relation is not SAME
    since: Version = OLDEST  # the Keepalived that knew it first
    repeat: Repeat = Repeat.LAST
    inherits: tuple[str, ...] = ()  # "block.field", the nearest first
    default_words: str = ""  # how the manual tells a default that is not a constant
    argument: bool = False  # stands behind the block's own keyword
    shown: str = ""  # how the manual shows it, if a value stands without the keyword before it
    lines: bool = False  # the lines of the block itself, in a block without keywords

    @property
    def value_kind(self) -> Kind[Any]:
        """The kind of a value on the keyword's line, or of one entry; a block with keywords has none."""
        kind = self.kind.of if isinstance(self.kind, Entries) else self.kind
        if not isinstance(kind, Kind):
            broken(f"{self.name} has keywords in braces, not a value")
        return kind

    @property
    def remarkable(self) -> bool:
        """Whether there may be something to say about its being there, whatever its value."""
        return bool(self.deprecated or self.unsupported) or self.effect is Effect.NOT_YET

    @property
    def names(self) -> tuple[str, ...]:
        """All words that a file can say it with."""
        return (self.name, *self.aliases, *((self.opposite,) if self.opposite else ()))


_KEY: Final = "standfast"


def kw(  # noqa: PLR0913  (one parameter an attribute of the declaration)
    kind: Form,
    *,
    doc: str,
    default: Any = MISSING,
    hint: str = "",
    name: str = "",
    aliases: tuple[str, ...] = (),
    deprecated: Mapping[str, str] | None = None,
    unsupported: Mapping[str, str] | None = None,
    opposite: str = "",
    reload: Reload | None = None,
    because: str = "",
    effect: Effect | None = None,
    relation: Relation = Relation.SAME,
    why: str = "",
    since: Version = OLDEST,
    repeat: Repeat = Repeat.LAST,
    inherits: tuple[str, ...] = (),
    default_words: str = "",
    shown: str = "",
) -> Any:
    """Declare a keyword; without a default it is required. The attributes are told at `Keyword`."""
    declaration = Keyword(
        kind, doc, hint, name=name, aliases=aliases, deprecated=deprecated,
        unsupported=unsupported, opposite=opposite,
        required=default is MISSING, reload=reload, because=because, effect=effect, relation=relation, why=why,
        repeat=repeat, inherits=inherits, default_words=default_words,
        since=since, shown=shown,
    )  # fmt: skip
    return field(default=default, metadata={_KEY: declaration}, kw_only=True)


def argument(kind: Kind[Any], *, doc: str, default: Any = MISSING, hint: str = "") -> Any:
    """Declare what stands behind the block's own keyword: its name, its address."""
    declaration = Keyword(kind, doc, hint, required=default is MISSING, argument=True)
    return field(default=default, metadata={_KEY: declaration}, kw_only=True)


def lines(kind: Form, *, doc: str) -> Any:
    """Declare the lines of a block that has entries instead of keywords."""
    declaration = Keyword(kind, doc, repeat=Repeat.ALL, lines=True)
    return field(default=(), metadata={_KEY: declaration}, kw_only=True)


class BlockDeclaration:
    """What a block can hold, by the words of a file."""

    def __init__(self, name: str, of: type, keywords: tuple[Keyword, ...]) -> None:
        self.name = name
        self.of = of
        self.arguments = tuple(keyword for keyword in keywords if keyword.argument)
        self.lines = next((keyword for keyword in keywords if keyword.lines), None)
        self.keywords = tuple(keyword for keyword in keywords if not keyword.argument and not keyword.lines)
        self.by_word = {word: keyword for keyword in self.keywords for word in keyword.names}
        self.by_field = {keyword.field: keyword for keyword in keywords}
        self.heirs = tuple(keyword for keyword in self.keywords if keyword.inherits)
        self.inheritance = _inheritance(self.heirs)
        self.remarkable = frozenset(keyword.name for keyword in self.keywords if keyword.remarkable)
        self.required = tuple(keyword for keyword in keywords if keyword.required)
        self.inner = {keyword.field: keyword.kind for keyword in keywords if isinstance(keyword.kind, Block)}


def _inheritance(heirs: Sequence[Keyword]) -> dict[str, dict[str, list[str]]]:
    """What can be inherited: by the block that it comes from and its field there, the fields that it goes to."""
    found: dict[str, dict[str, list[str]]] = {}
    for heir in heirs:
        for reference in heir.inherits:
            block, _, name = reference.partition(".")
            found.setdefault(block, {}).setdefault(name, []).append(heir.field)
    return found


_DECLARED: Final = "__standfast_block__"
_DEFAULTS: Final = "__standfast_defaults__"


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(kw, argument, lines))
def block(name: str, *, reload: Reload = Reload.RESTART, effect: Effect = Effect.BUILT) -> Any:
    """Make a class a frozen dataclass that declares the block (or entry) of this name.

    Args:
        name: the keyword that opens it.
        reload: of keywords that say nothing else.
        effect: of keywords that say nothing else.
    """

    def declare(of: type[C]) -> type[C]:
        setattr(of, _DECLARED, name)
        return _with_defaults(of, reload, effect)

    return declare


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(kw, argument, lines))
def group(*, reload: Reload = Reload.RESTART, effect: Effect = Effect.BUILT) -> Any:
    """Make a class a part of one or more blocks: keywords that belong together."""

    def declare(of: type[C]) -> type[C]:
        return _with_defaults(of, reload, effect)

    return declare


def _with_defaults(of: type[C], reload: Reload, effect: Effect) -> type[C]:
    """Note what the class says of all keywords that it declares itself."""
    setattr(
        of, _DEFAULTS, {name: (reload, effect) for name, each in vars(of).items() if isinstance(each, Field)}
    )
    return frozen(of)


_MADE: Final[dict[type, BlockDeclaration]] = {}


def declares(of: type) -> bool:
    """Whether a class declares a block or an entry."""
    return _DECLARED in vars(of)


def declaration_of(of: type) -> BlockDeclaration:
    """The declaration that a class carries."""
    made = _MADE.get(of)
    if made is None:
        name = of.__dict__.get(_DECLARED)
        ensure(name is not None, f"{of.__name__} declares no block")
        made = _MADE[of] = BlockDeclaration(str(name), of, tuple(_keywords(of)))
    return made


def _keywords(of: type) -> list[Keyword]:
    found: list[Keyword] = []
    for name, each in fields_of(of).items():
        declared = (each.metadata or {}).get(_KEY)
        if isinstance(declared, Keyword):
            found.append(_completed(declared, name, of))
    return found


def _completed(declared: Keyword, name: str, of: type) -> Keyword:
    """A declaration with its names, and with what the class that it stands in says of all."""
    homes = (base.__dict__.get(_DEFAULTS, {}) for base in of.__mro__)
    reload, effect = next(home[name] for home in homes if name in home)
    return changed(
        declared,
        field=name,
        name=declared.name or name,
        reload=reload if declared.reload is None else declared.reload,
        effect=effect if declared.effect is None else declared.effect,
    )


def nested(keyword: Keyword) -> BlockDeclaration | None:
    """The declaration of the block that a keyword opens, if it opens one with keywords."""
    return declaration_of(keyword.kind.of) if isinstance(keyword.kind, Block) else None

"""PCRE2, the library that `regex` speaks of (behaviour HC-25; pcre2api(3)), through ctypes.

Its steps back are limited, and the places where a match may begin are tried in slices: no body can hold us up.
"""

import ctypes
import weakref
from functools import lru_cache
from typing import Final

from standfast.base.errors import Refused
from standfast.base.limits import REGEX_MATCH_LIMIT, REGEX_PATTERNS_KEPT

_LIBRARY: Final = "libpcre2-8.so.0"

# Names that the manual has, and their bits (pcre2.h).
OPTIONS: Final = {
    "allow_empty_class": 0x0000_0001, "alt_bsux": 0x0000_0002, "auto_callout": 0x0000_0004,
    "caseless": 0x0000_0008, "dollar_endonly": 0x0000_0010, "dotall": 0x0000_0020, "dupnames": 0x0000_0040,
    "extended": 0x0000_0080, "firstline": 0x0000_0100, "match_unset_backref": 0x0000_0200,
    "multiline": 0x0000_0400, "never_ucp": 0x0000_0800, "never_utf": 0x0000_1000,
    "no_auto_capture": 0x0000_2000, "no_auto_possess": 0x0000_4000, "no_dotstar_anchor": 0x0000_8000,
    "no_start_optimize": 0x0001_0000, "ucp": 0x0002_0000, "ungreedy": 0x0004_0000, "utf": 0x0008_0000,
    "never_backslash_c": 0x0010_0000, "alt_circumflex": 0x0020_0000, "alt_verbnames": 0x0040_0000,
    "use_offset_limit": 0x0080_0000,
}  # fmt: skip

_ANCHORED: Final = 0x8000_0000
_OFFSET_LIMIT: Final = OPTIONS["use_offset_limit"]
_JIT_COMPLETE: Final = 1
_INFO_ALL_OPTIONS: Final = 0
_NO_MATCH: Final = -1
_MATCH_LIMITS: Final = {-46: "stack", -47: "match limit", -53: "depth limit", -63: "heap limit"}

_pointer, _size, _u32, _int = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32, ctypes.c_int
_FUNCTIONS: Final = {
    "compile": (_pointer, (ctypes.c_char_p, _size, _u32, ctypes.POINTER(_int), ctypes.POINTER(_size), _pointer)),
    "code_free": (None, (_pointer,)),
    "jit_compile": (_int, (_pointer, _u32)),
    "jit_stack_create": (_pointer, (_size, _size, _pointer)),
    "jit_stack_assign": (None, (_pointer, _pointer, _pointer)),
    "jit_stack_free": (None, (_pointer,)),
    "match_context_create": (_pointer, (_pointer,)),
    "match_context_free": (None, (_pointer,)),
    "match_data_create_from_pattern": (_pointer, (_pointer, _pointer)),
    "match_data_free": (None, (_pointer,)),
    "set_match_limit": (_int, (_pointer, _u32)),
    "set_offset_limit": (_int, (_pointer, _size)),
    "match": (_int, (_pointer, ctypes.c_char_p, _size, _size, _u32, _pointer, _pointer)),
    "pattern_info": (_int, (_pointer, _u32, _pointer)),
    "get_error_message": (_int, (_int, ctypes.c_char_p, _size)),
}  # fmt: skip


class Compiled:
    """A pattern that is ready to be matched."""

    def __init__(self, text: str, options: tuple[str, ...], stack: tuple[int, int] | None) -> None:
        """Compile it.

        Raises:
            Refused: the library is missing, an option is unknown, or the pattern is wrong.
        """
        library = self._library = _load()
        self._code = _compile(library, text.encode(errors="surrogateescape"), _bits(options))
        self._context = library.match_context_create(None)
        self._data = library.match_data_create_from_pattern(self._code, None)
        self._stack = library.jit_stack_create(*stack, None) if stack else None
        library.set_match_limit(self._context, REGEX_MATCH_LIMIT)
        library.jit_compile(self._code, _JIT_COMPLETE)  # where it cannot, the pattern is interpreted
        if self._stack:
            library.jit_stack_assign(self._context, None, self._stack)
        found = _u32()
        library.pattern_info(self._code, _INFO_ALL_OPTIONS, ctypes.byref(found))
        self.anchored = bool(found.value & _ANCHORED)  # it can begin at the first place only
        weakref.finalize(self, _free, library, self._code, self._context, self._data, self._stack)

    def begins(self, subject: bytes, first: int, last: int) -> bool:
        """Whether a match begins at one of these places.

        Raises:
            Refused: a limit was reached, or the subject cannot be matched; `regex`.
        """
        library = self._library
        library.set_offset_limit(self._context, last)
        code = library.match(self._code, subject, len(subject), first, 0, self._data, self._context)
        if code == _NO_MATCH:
            return False
        if code < 0:
            limit = _MATCH_LIMITS.get(code)
            words = (
                f"it takes too long on this body ({limit}); simplify it" if limit else _message(library, code)
            )
            raise Refused("regex", words)
        return True


@lru_cache(REGEX_PATTERNS_KEPT)
def compiled(text: str, options: tuple[str, ...] = (), stack: tuple[int, int] | None = None) -> Compiled:
    """A pattern, compiled when it is first asked for.

    Raises:
        Refused: as `Compiled`.
    """
    return Compiled(text, options, stack)


class _Library:
    """The functions of the library, by their names without prefix and suffix."""

    def __init__(self, loaded: ctypes.CDLL) -> None:
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(loaded, f"pcre2_{name}_8")
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    def __getattr__(self, name: str) -> "ctypes._NamedFuncPointer":
        raise AttributeError(name)


@lru_cache(1)
def _load() -> _Library:
    try:
        return _Library(ctypes.CDLL(_LIBRARY))
    except OSError as error:
        words = f"the library {_LIBRARY} is missing"
        raise Refused("regex", words, remedy="install it (Debian: libpcre2-8-0)") from error


def _bits(options: tuple[str, ...]) -> int:
    bits = _OFFSET_LIMIT
    for option in options:
        try:
            bits |= OPTIONS[option.lower().removeprefix("pcre2_")]
        except KeyError as unknown:
            raise Refused(
                "regex", f"there is no regex option {option}", remedy="see pcre2api(3)"
            ) from unknown
    return bits


def _compile(library: _Library, text: bytes, bits: int) -> int:
    error, offset = _int(), _size()
    code = library.compile(text, len(text), bits, ctypes.byref(error), ctypes.byref(offset), None)
    if not code:
        raise Refused("regex", f"{_message(library, error.value)} at character {offset.value}")
    return int(code)


def _message(library: _Library, error: int) -> str:
    buffer = ctypes.create_string_buffer(256)
    library.get_error_message(error, buffer, len(buffer))
    return buffer.value.decode()


def _free(library: _Library, code: int, context: int, data: int, stack: int | None) -> None:
    library.match_data_free(data)
    library.match_context_free(context)
    library.code_free(code)
    if stack:
        library.jit_stack_free(stack)

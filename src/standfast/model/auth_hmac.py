"""`auth_hmac`: adverts signed with HMAC-SHA256 (behaviours AU-04 to AU-16)."""

from typing import Final

from standfast.base.frozen import frozen
from standfast.base.times import Duration
from standfast.model.declare import Reload, Repeat, block, kw
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.names import Choice
from standfast.model.kinds.numbers import Whole, WholeSeconds
from standfast.model.kinds.secrets import Secret
from standfast.model.words import Words

KEY_BYTES: Final = range(32, 65)


@frozen
class HmacKey:
    """A signing key: its bytes, or the file that holds them."""

    id: int
    value: Secret | None = None
    file: str = ""


def key_bytes(written: bytes) -> bytes | None:
    """A key as a file writes it: as it is, or behind `hex:`; None if what follows is not hexadecimal."""
    written = written.rstrip(b"\r\n")
    if not written.startswith(b"hex:"):
        return written
    try:
        return bytes.fromhex(written.removeprefix(b"hex:").decode("ascii"))
    except ValueError:
        return None


class KeyKind(Kind[HmacKey]):
    """`<ID:1..255> <TEXT | hex:HEX | file:PATH>`; a key has 32 to 64 bytes (AU-07, AU-08)."""

    secret = True

    @property
    def syntax(self) -> str:
        """The forms."""
        return "<ID:1..255> <TEXT | hex:HEX | file:PATH>"

    def read(self, words: Words) -> HmacKey:
        """One key."""
        number = Whole(1, 255).read(words)
        text = words.next("a key")
        if text.startswith("file:"):
            return HmacKey(number, file=text.removeprefix("file:"))
        value = key_bytes(text.encode(errors="surrogateescape"))
        if value is None:
            words.reject("key-hex", "the key behind hex: is not hexadecimal")
        if len(value) not in KEY_BYTES:
            words.reject("key-length", f"key {number} has {len(value)} bytes; it must have 32 to 64")
        return HmacKey(number, Secret(value))

    def write(self, value: HmacKey) -> tuple[str, ...]:
        """The words, with the key itself: for files only."""
        if value.value is None:
            return (str(value.id), f"file:{value.file}")
        return (str(value.id), f"hex:{value.value.value.hex()}")

    def schema(self) -> Schema:
        """An object that tools should not show."""
        return {"type": "object", "writeOnly": True}


@block("auth_hmac", reload=Reload.LIVE)
class AuthHmac:
    """Signed adverts."""

    key: tuple[HmacKey, ...] = kw(
        KeyKind(), default=(), repeat=Repeat.ALL, doc="Signing key; several allow a change of keys."
    )
    active_key: int | None = kw(Whole(1, 255), default=None, doc="Key that we sign with.")
    time_window: Duration | None = kw(
        WholeSeconds(1, 300), default=None, default_words="the larger of 5 s and three advert intervals",
        doc="How old a signed advert may be.",
    )  # fmt: skip
    anti_replay: str = kw(
        Choice("time", "monotonic"), default="time", doc="How repeated adverts are recognised."
    )
    mode: str = kw(
        Choice("enforce", "permissive", "receive-only"),
        default="enforce",
        doc="What is done with unsigned adverts.",
    )

"""Passwords: kept as bytes, never shown."""

from standfast.base.frozen import field, frozen
from standfast.model.complaint import Severity
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words


@frozen
class Secret:
    """Bytes that stand in no log line, dump or representation."""

    value: bytes = field(repr=False)

    def __str__(self) -> str:
        return "********"


class Password(Kind[Secret]):
    """A shared secret of a limited length; what is longer is cut (behaviour AU-01)."""

    secret = True

    def __init__(self, size: int) -> None:
        self.size = size

    @property
    def syntax(self) -> str:
        """`<SECRET up to 8 characters>`."""
        return f"<SECRET up to {self.size} characters>"

    def read(self, words: Words) -> Secret:
        """The secret's bytes."""
        value = words.next("a password").encode(errors="surrogateescape")
        if len(value) > self.size:
            words.complain(
                "password-cut",
                f"{words.keyword} has {len(value)} characters; the first {self.size} are used",
                severity=Severity.WARNING,
                hint=f"the packet has room for {self.size}; shorten it on every router of the group",
            )
        return Secret(value[: self.size])

    def write(self, value: Secret) -> tuple[str, ...]:
        """The secret itself: for files only."""
        return (value.value.decode(errors="surrogateescape"),)

    def schema(self) -> Schema:
        """A string that tools should not show."""
        return {"type": "string", "writeOnly": True, "maxLength": self.size}


class Passphrase(Password):
    """A secret of any length."""

    def __init__(self) -> None:
        super().__init__(1 << 16)

    @property
    def syntax(self) -> str:
        """`<STRING>`."""
        return "<STRING>"

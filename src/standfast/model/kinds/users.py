"""Accounts."""

from standfast.base.frozen import frozen
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words


@frozen
class User:
    """An account by its names; empty ones are for the daemon to choose."""

    user: str = ""
    group: str = ""  # empty: the user's own


class Account(Kind[User]):
    """`<USER> [GROUP]`."""

    @property
    def syntax(self) -> str:
        """`<USER> [GROUP]`."""
        return "<USER> [GROUP]"

    def read(self, words: Words) -> User:
        """A user, and perhaps a group."""
        return User(words.next("a user"), words.optional() or "")

    def write(self, value: User) -> tuple[str, ...]:
        """The names."""
        return (value.user, value.group) if value.group else (value.user,)

    def schema(self) -> Schema:
        """An object."""
        text: Schema = {"type": "string"}
        return {"type": "object", "properties": {"user": text, "group": text}, "required": ["user"]}

"""What the configuration reader needs of the world: files by their path, and patterns of paths."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from standfast.base.frozen import field, frozen
from standfast.model.versions import Version


class FileReader(Protocol):
    """Files; the real one stands at the edge, tests have one of a dictionary."""

    def read(self, path: str) -> bytes:
        """The content of a regular file of at most `CONFIG_BYTES_MAX`.

        Raises:
            Refused: it cannot be read: `not-found`, `not-a-file`, `not-permitted`, `too-large`.
        """
        ...

    def matches(self, pattern: str, directory: str) -> Sequence[str]:
        """The paths that a pattern (`*`, `?`, `[…]`, `{a,b}`) stands for, sorted; relative to the directory."""
        ...


def _lowest(low: int, _high: int) -> int:
    return low


@frozen
class Surroundings:
    """What a configuration may ask about where it is read; the edge fills it in."""

    config_id: str = ""  # what `@` lines are compared with: `-i`, or the host name up to its first dot
    environment: Mapping[str, str] = field(default_factory=dict)
    random: Callable[[int, int], int] = _lowest  # a number from the first to the second
    target: Version | None = None  # the Keepalived that the files are meant for; None: any
    strict_includes: bool = False  # `-e`: every check of every include, and the top file must be there

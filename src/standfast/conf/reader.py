"""What the configuration reader needs of the world: files by their path, and patterns of paths."""

from collections.abc import Sequence
from typing import Protocol


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

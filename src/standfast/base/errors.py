"""The errors that name whose fault it was.

What an outsider sends wrongly is `Malformed`. What a person or the kernel refuses is `Refused`. A mistake of
our own is a failed `ensure`: it stops the process, and the parent starts a new one.
"""

from typing import NoReturn


class Malformed(Exception):
    """Bytes from outside that break a rule of their format; the sender's fault, not ours."""

    def __init__(self, reason: str, *, got: int = 0, want: int = 0) -> None:
        super().__init__(f"{reason}: got {got}, want {want}")
        self.reason = reason  # stable slug: metric label, test key
        self.got = got
        self.want = want


class Refused(Exception):
    """Something that was asked for and cannot be had: says what, why, and what to do."""

    def __init__(self, reason: str, words: str, *, remedy: str = "") -> None:
        super().__init__(f"{words}; {remedy}" if remedy else words)
        self.reason = reason  # stable slug
        self.words = words
        self.remedy = remedy


class Broken(Exception):
    """One of our own rules does not hold; never caught, except to say it and stop."""


def ensure(condition: object, words: str) -> None:
    """Stop the process, saying `words`, if one of our own rules does not hold.

    Raises:
        Broken: the condition is false.
    """
    if not condition:
        broken(words)


def broken(words: str) -> NoReturn:
    """Stop the process: the code has reached what it says cannot be reached."""
    raise Broken(words)

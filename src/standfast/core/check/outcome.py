"""What one attempt of a check came to."""

from typing import Final

from msgspec import Struct

from standfast.base.times import ZERO, Duration

PHASES: Final = frozenset(
    {
        "resolve",  # a name has no address
        "connect",  # no connection: refused, unreachable, no route
        "tls",  # the handshake failed
        "send",  # the connection broke while we spoke
        "receive",  # it broke while we listened
        "reply",  # the answer is none of the protocol, or not the one that was asked for
        "status",  # a status or reply code that is not good
        "digest",  # the body is another one
        "regex",  # the body does not match, or does and must not
        "size",  # more was sent than is read
        "icmp",  # somebody on the way objects
        "timeout",  # no answer in time; the detail says what was waited for
        "script",  # a program ended with a status that is not good, or by a signal
        "cannot-run",  # it could not be tried at all: no permission, no descriptor, a script that is missing
        "file",  # a tracked file cannot be used
        "session",  # a BFD session is down
    }
)


class Outcome(Struct, frozen=True, gc=False):
    """Good, or the phase in which it failed and why."""

    ok: bool
    phase: str = ""  # one of PHASES; empty if it is good
    detail: str = ""  # for people
    value: int | None = None  # the weight that a program asks for (HC-16); None: it asks for none
    took: Duration = ZERO

    @property
    def words(self) -> str:
        """Phase and detail for people; empty if it is good."""
        return f"{self.phase}: {self.detail}" if self.detail else self.phase

"""A client that asks an address for an echo every few milliseconds, and remembers which were answered."""

import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.times import Duration, Instant, after
from standfast.lab.clock import SO_TIMESTAMPNS, STAMP_SPACE, now, stamp_in

ECHO_REQUEST: Final = {Family.IPV4: 8, Family.IPV6: 128}
ECHO_PROTOCOL: Final = {Family.IPV4: socket.IPPROTO_ICMP, Family.IPV6: socket.IPPROTO_ICMPV6}
_ECHO: Final = struct.Struct("!BBHHH")  # type, code, checksum, identifier (both the kernel's), sequence
_NUMBERS: Final = 1 << 16  # sequence numbers there are; a probe uses each once
_REPLY: Final = 2048
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """One echo request, and when its reply came."""

    sent_at: Instant
    answered_at: Instant | None  # None: never, as far as we waited


class Probe:
    """Asks from now until it is closed; a context manager."""

    def __init__(self, echo: socket.socket, address: IpAddress, *, every: Duration) -> None:
        self._echo = echo
        self._echo.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._echo.settimeout(0)
        self._address = address
        self._every = every
        self._sent: list[Instant] = []
        self._answered: dict[int, Instant] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="probe", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ask no more; what was answered stays."""
        if not self._closing.is_set():
            self._closing.set()
            self._thread.join()
            self._collect()
            self._echo.close()

    @property
    def questions(self) -> tuple[Question, ...]:
        """All that was asked so far, in order."""
        if not self._closing.is_set():
            self._collect()
        sent = tuple(self._sent)
        return tuple(Question(at, self._answered.get(number)) for number, at in enumerate(sent))

    def answers_since(self, moment: Instant) -> bool:
        """Whether a question that was asked after that moment has been answered."""
        return any(each.answered_at is not None for each in self.questions if each.sent_at > moment)

    def _ask(self) -> None:
        kind = ECHO_REQUEST[family_of(self._address)]
        due = now()
        for number in range(_NUMBERS):
            if self._closing.is_set():
                return
            self._sent.append(now())
            # Nobody there to ask, or nobody answers: that is what we are here to find out.
            with suppress(OSError):
                self._echo.sendto(_ECHO.pack(kind, 0, 0, 0, number), (str(self._address), 0))
            due = after(due, self._every)
            time.sleep(max(due - now(), 0) / _MICROSECONDS)

    def _collect(self) -> None:
        with suppress(BlockingIOError):
            while True:
                try:
                    reply, ancillary, _, _ = self._echo.recvmsg(_REPLY, STAMP_SPACE)
                except BlockingIOError:
                    raise
                except OSError:
                    continue  # an ICMP error that some earlier question met
                number = _ECHO.unpack_from(reply)[4]
                self._answered.setdefault(number, stamp_in(ancillary))

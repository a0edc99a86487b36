"""The kernel's load balancer: told what to balance, in batches, and asked what it has.

The kernel carries a batch out before the send call returns, and its refusals can be received then (`requests`). So
a thousand destinations are ten sends; nothing is awaited.
"""

import asyncio
import errno
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from standfast.base.errors import Refused
from standfast.base.frozen import frozen
from standfast.base.limits import IPVS_BATCH
from standfast.base.services import DestinationKey, ServiceKey
from standfast.engine.lvs_ports import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    RemoveService,
    TableCommand,
)
from standfast.linux.genetlink import SEQUENCE, ask, find_family
from standfast.linux.ipvs_modules import CORE, Load, load_all, load_module
from standfast.linux.ipvs_reading import TableReading
from standfast.linux.ipvs_refusals import in_words
from standfast.linux.ipvs_settling import settle
from standfast.linux.network_namespace import visiting
from standfast.linux.refusals import refused
from standfast.linux.requests import Requests
from standfast.wire.genetlink import PROTOCOL
from standfast.wire.ipvs import (
    FAMILY_NAME,
    DestinationRequests,
    Info,
    Timeouts,
    decode_daemon_report,
    decode_destination_report,
    decode_info,
    decode_timeouts,
    encode_add_service,
    encode_edit_service,
    encode_flush,
    encode_remove_service,
    encode_set_timeouts,
    encode_start_daemon,
    encode_stop_daemon,
    encode_zero,
    request_daemons,
    request_destinations,
    request_info,
    request_timeouts,
)
from standfast.wire.ipvs_daemon import SyncDaemon, SyncPart
from standfast.wire.netlink import Answer, Message

_NO_IPVS: Final = "load it on the host (modprobe ip_vs), or install a kernel that has it"
_NO_SYNC: Final = (
    "cannot start the {part} part of the sync daemon on {interface}: the kernel does not accept these values, or "
    "a service has a destination of another family [EINVAL]"
)

Encode = Callable[[int], bytes]  # gets the sequence number


@frozen
class TableRefusal:
    """A command that the kernel did not carry out."""

    command: TableCommand
    refused: Refused


@frozen
class Outcome:
    """What became of commands."""

    refusals: tuple[TableRefusal, ...] = ()
    surprises: tuple[TableCommand, ...] = ()  # met another table than was believed, and are true now
    lost: bool = False  # the kernel had more to answer than was kept: read the table to know


class Ipvs:
    """IPVS of one network namespace."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, load: Load = load_module, place: str | None = None
    ) -> None:
        """Find it, loading the module if need be.

        Args:
            loop: that late answers are waited for on.
            load: loads a module.
            place: the file of its network namespace (behaviour PR-15); None: that which we are in.

        Raises:
            Refused: the kernel has no IPVS, or the process may not use it.
        """
        self._load = load
        self._place = place
        self._lost = False
        doing = "speak to IPVS" if place is None else f"speak to IPVS in the network namespace {place}"
        try:
            with visiting(place):
                self.family = _find(load)
                self._requests = Requests(loop, self._lose, protocol=PROTOCOL)
        except OSError as error:
            raise refused(error.errno or 0, doing) from error

    def close(self) -> None:
        """Give the descriptor back; the table stays."""
        self._requests.close()

    # ---- the table

    def apply(self, commands: Sequence[TableCommand]) -> Outcome:
        """Carry these commands out, in their order.

        Where the table was not as they took it to be, it is made as they want it: what should be added and is
        there is changed, what should be changed and is not there is added.
        """
        self._lost = False
        batches = range(0, len(commands), IPVS_BATCH)
        outcomes = [self._carry_out(commands[at : at + IPVS_BATCH]) for at in batches]
        return Outcome(
            tuple(refusal for outcome in outcomes for refusal in outcome.refusals),
            tuple(surprise for outcome in outcomes for surprise in outcome.surprises),
            self._lost,
        )

    def read(self, *, counters: bool = False) -> TableReading:
        """Begin to read the table; the caller advances it, and closes it.

        Raises:
            OSError: no socket can be had.
        """
        with visiting(self._place):
            return TableReading(self.family, counters=counters)

    def keep_unread(self, size: int) -> None:
        """Let the socket keep that many bytes of refusals, but never fewer than is usual."""
        self._requests.keep_unread(size)

    def flush(self) -> None:
        """Have no services at all, not even those of others (behaviour LV-14).

        Raises:
            Refused: the kernel does not.
        """
        _heed(self._answer(encode_flush), "empty the IPVS table")

    def zero(self, key: ServiceKey | None = None) -> None:
        """Count from zero, for one service or for all.

        Raises:
            Refused: the kernel does not.
        """
        _heed(self._answer(encode_zero, key), "set counters to zero")

    def info(self) -> Info:
        """What the kernel says about its balancer.

        Raises:
            Refused: it says nothing.
        """
        (message,) = self._ask(request_info, "ask for IPVS's version")
        return decode_info(message)

    def connections(self, key: ServiceKey) -> dict[DestinationKey, int]:
        """The active connections of each destination of a service; of a service that is not there, nothing.

        Raises:
            Refused: the kernel does not tell.
        """
        messages = self._ask(partial(request_destinations, key=key), "count connections")
        reports = (decode_destination_report(message, key.family, counters=False) for message in messages)
        return {report.destination.key: report.connections.active for report in reports}

    # ---- timeouts

    def timeouts(self) -> Timeouts:
        """The timeouts of connections.

        Raises:
            Refused: the kernel does not tell.
        """
        (message,) = self._ask(request_timeouts, "read IPVS's timeouts")
        return decode_timeouts(message)

    def set_timeouts(self, timeouts: Timeouts) -> None:
        """Have these timeouts of connections; 0 leaves what is set.

        Raises:
            Refused: the kernel does not accept them.
        """
        _heed(self._answer(encode_set_timeouts, timeouts), "set IPVS's timeouts")

    # ---- synchronisation

    def daemons(self) -> tuple[SyncDaemon, ...]:
        """The threads that synchronise connections.

        Raises:
            Refused: the kernel does not tell.
        """
        messages = self._ask(request_daemons, "read IPVS's sync daemons")
        return tuple(decode_daemon_report(message) for message in messages)

    def start_daemon(self, daemon: SyncDaemon) -> None:
        """Run this thread; one of other parameters in its place is ended first.

        Raises:
            Refused: the kernel does not.
        """
        running = {each.part: each for each in self.daemons()}.get(daemon.part)
        if running is not None:
            if _is_as_asked(running, daemon):
                return
            self.stop_daemon(daemon.part)
        answer = self._answer(encode_start_daemon, daemon)
        if answer.error == errno.EINVAL:
            words = _NO_SYNC.format(part=daemon.part.name.lower(), interface=daemon.interface)
            raise Refused("EINVAL", words)
        _heed(answer, f"start the sync daemon on {daemon.interface}")

    def stop_daemon(self, part: SyncPart) -> None:
        """End this thread; one that does not run is fine.

        Raises:
            Refused: the kernel does not.
        """
        answer = self._answer(encode_stop_daemon, part)
        if answer.error != errno.ESRCH:
            _heed(answer, "stop the sync daemon")

    # ---- how

    def _carry_out(self, commands: Sequence[TableCommand]) -> Outcome:
        """Carry out one batch, and what has to be done differently a second time."""
        answers = self._send_commands(commands)
        settled = settle(commands, answers)
        why = load_all(settled.modules, self._load)
        refusals = [
            TableRefusal(commands[place], in_words(commands[place], answers[place]))
            for place in settled.refused
        ]
        for place, answer in sorted(self._send_commands(settled.again).items()):
            command = settled.again[place]
            refusals.append(TableRefusal(command, in_words(command, answer, why_no_module=why)))
        return Outcome(tuple(refusals), settled.surprises)

    def _send_commands(self, commands: Sequence[TableCommand]) -> dict[int, Answer]:
        return self._send(len(commands), partial(encode_commands, self.family, commands))

    def _send(self, count: int, encode: Encode) -> dict[int, Answer]:
        """Have the kernel do what that many messages ask; its refusals, by place."""
        answers: dict[int, Answer] = {}
        if not count:
            return answers
        start = self._requests.reserve(count, answers.__setitem__)
        try:
            self._requests.send(encode(start))
            self._requests.settle()
        except OSError as error:
            answers = {place: Answer(0, error.errno or 0) for place in range(count)}
        finally:
            self._requests.give_back(start)
        return answers

    def _answer(self, encode: Callable[..., bytes], *arguments: object) -> Answer:
        """The answer to one request; of error 0 if there is none, for then it was done."""
        answers = self._send(1, lambda sequence: encode(self.family, *arguments, sequence=sequence))
        return answers.get(0, Answer(0, 0))

    def _ask(self, request: Callable[..., bytes], doing: str) -> Sequence[Message]:
        try:
            with visiting(self._place):
                return ask(request(self.family, sequence=SEQUENCE))
        except OSError as error:
            raise refused(error.errno or errno.ETIMEDOUT, doing) from error

    def _lose(self) -> None:
        self._lost = True


def encode_commands(family: int, commands: Iterable[TableCommand], start: int) -> bytes:
    """The messages of commands, numbered from `start`."""
    requests: dict[ServiceKey, DestinationRequests] = {}

    def of(key: ServiceKey) -> DestinationRequests:
        if key not in requests:
            requests[key] = DestinationRequests(family, key)
        return requests[key]

    def encoded(command: TableCommand, sequence: int) -> bytes:
        match command:
            case AddDestination(key, destination):
                return of(key).add(destination, sequence=sequence)
            case EditDestination(key, destination):
                return of(key).edit(destination, sequence=sequence)
            case RemoveDestination(key, name):
                return of(key).remove(name, sequence=sequence)
            case AddService(service):
                return encode_add_service(family, service, sequence=sequence)
            case EditService(service):
                return encode_edit_service(family, service, sequence=sequence)
            case RemoveService(key):
                return encode_remove_service(family, key, sequence=sequence)

    return b"".join(encoded(command, sequence) for sequence, command in enumerate(commands, start))


def _find(load: Load) -> int:
    """The number of IPVS's messages.

    Raises:
        Refused: there is no IPVS.
    """
    try:
        return find_family(FAMILY_NAME).number
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise refused(error.errno or errno.ETIMEDOUT, "look for IPVS") from error
    why = load(CORE)
    try:
        return find_family(FAMILY_NAME).number
    except OSError as error:
        says = f" ({why})" if why else ""
        raise Refused("no-ipvs", f"this kernel has no IPVS{says}", remedy=_NO_IPVS) from error


def _is_as_asked(running: SyncDaemon, asked: SyncDaemon) -> bool:
    """Whether a thread does what is asked; what is left to the kernel may be anything."""
    wanted = asked.__dict__.items()
    return all(getattr(running, name) == value for name, value in wanted if value or name == "number")


def _heed(answer: Answer, doing: str) -> None:
    """Take an answer for what it is.

    Raises:
        Refused: it is a refusal.
    """
    if answer.error:
        raise refused(answer.error, doing, kernel_says=answer.words)

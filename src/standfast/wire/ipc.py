"""What the parent and its children say to each other: JSON, one message a line, on a socket pair.

    parent  ── Hello, Configure, Orders, Linked, Ask, HandOver, Signalled, States ──>  child
    parent  <── Awaiting, Ready, Alive, Configured, AskReload, Told, Happened, Announce ──  child
    bfd     ── SessionTold ──>  vrrp, checker        (one message a packet, on a socket pair of their own)

Orders to end and to write a dump are signals, as an operator would send them to the child (behaviours SIG-12,
SIG-13): they reach a child that does not read.

A state of 1,000 instances is a megabyte, through which nobody should look twice. So the line of a `Told` is a
head, which says how long each text is, a tab, and the texts one behind the other; JSON has no bare tab either.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Annotated, Final

import msgspec

from standfast.base.errors import Malformed
from standfast.base.limits import IPC_LINE_MAX


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """Parent: answer this from your loop."""

    number: int


class ScriptAccount(msgspec.Struct, frozen=True):
    """Whom scripts run as, or why there is nobody; the parent looked it up."""

    asked: tuple[str, str]  # user and group, as configured; empty: the default
    name: str = ""
    uid: int = -1
    gid: int = -1
    groups: tuple[int, ...] = ()
    refusal: tuple[str, str, str] | None = None  # slug, words, remedy


class Configure(msgspec.Struct, frozen=True, tag="configure"):
    """Parent: run on this configuration from now on; the answer is `Configured`."""

    number: int
    config: msgspec.Raw  # JSON, as `model` writes it; the envelope does not look inside
    accounts: tuple[ScriptAccount, ...] = ()


class Order(msgspec.Struct, frozen=True):
    """An order of an operator, as long as it stands."""

    what: str  # of routers: maintenance, failover; of real servers: drain, weight, disable
    owner: str
    name: str = ""  # of an instance, a sync group or a virtual server; empty: all
    reason: str = ""
    server: str = ""  # of a real server of that virtual server; empty: it is for routers
    weight: int = 0  # of an order for a weight


class Orders(msgspec.Struct, frozen=True, tag="orders"):
    """Parent: these orders stand from now on, and no others."""

    orders: tuple[Order, ...]


class Linked(msgspec.Struct, frozen=True, tag="linked"):
    """Parent: the descriptor that comes with this message leads to that child, which has just begun."""

    child: str


class HandOver(msgspec.Struct, frozen=True, tag="hand-over"):
    """Parent: the descriptor that comes with this message leads to your successor; leave it all, and end."""


class Awaiting(msgspec.Struct, frozen=True, tag="awaiting"):
    """Child: all is prepared; I wait for what my predecessor leaves."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Child: I do my work."""

    went_on: bool = False  # where my predecessor stopped


class Alive(msgspec.Struct, frozen=True, tag="alive"):
    """Child: the answer to a hello."""

    number: int
    late_us: int  # how late my loop was at its worst since the last hello
    rings: int = 0  # how often its alarm has rung since it began


class Configured(msgspec.Struct, frozen=True, tag="configured"):
    """Child: the answer to a configuration."""

    number: int
    refusal: str = ""  # empty: I run on it; otherwise why I keep the old one


class Signalled(msgspec.Struct, frozen=True, tag="signalled"):
    """Parent: a signal came; to a child that is a thread, and gets none from the kernel."""

    number: int


class AskReload(msgspec.Struct, frozen=True, tag="ask-reload"):
    """Child: somebody sent me SIGHUP; only the parent reads files."""


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Parent: tell your state; the answer is one `Told` or more."""

    number: int
    names: tuple[str, ...] = ()  # of what is asked about; empty: all


class Announce(msgspec.Struct, frozen=True, tag="announce"):
    """Messenger: somebody on the bus wants a master to announce its addresses again; the parent passes it on."""

    router: str


class States(msgspec.Struct, frozen=True, tag="states"):
    """Parent: the states of the routers, for a messenger that has heard nothing of them yet."""

    states: dict[str, str]  # by name: INIT, BACKUP, MASTER, FAULT


class Told(msgspec.Struct, frozen=True, tag="told"):
    """Child: a slice of my state; there are several, so that adverts find their way in between."""

    number: int
    # By what they are of; each text is a value, or several with commas between them. Nobody looks inside.
    parts: dict[str, list[msgspec.Raw]]
    last: bool = False


class Happened(msgspec.Struct, frozen=True, tag="happened"):
    """Child: something that is worth remembering."""

    json: msgspec.Raw  # an event, as `observe` writes it
    lost: int = 0  # how many before it could not be told, because nobody read


Message = (
    Hello
    | Configure
    | Orders
    | Linked
    | Ask
    | HandOver
    | Awaiting
    | Ready
    | Alive
    | Configured
    | AskReload
    | Told
    | Happened
    | Signalled
    | Announce
    | States
)


class SessionTold(msgspec.Struct, frozen=True):
    """The bfd process: what a session says from now on; a new listener is told of all that it may know."""

    session: str
    up: bool
    reason: str = ""  # for people: why it is not up


class _Head(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What stands before the texts of a `Told`."""

    number: int
    last: bool
    sizes: dict[str, list[Annotated[int, msgspec.Meta(ge=0)]]]  # of the texts in bytes, by what they are of


_TOLD: Final = b"="  # begins the line of a `Told`
_TAB: Final = b"\t"
_head_decoder: msgspec.json.Decoder[_Head] = msgspec.json.Decoder(_Head)
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
_told_decoder: msgspec.json.Decoder[SessionTold] = msgspec.json.Decoder(SessionTold)


def encode_told(told: SessionTold) -> bytes:
    """One packet."""
    return _encoder.encode(told)


def decode_told(packet: bytes) -> SessionTold:
    """What a packet between bfd and another child says.

    Raises:
        Malformed: it says nothing that we know.
    """
    try:
        return _told_decoder.decode(packet)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("ipc-message", got=len(packet)) from None


def several(values: Sequence[msgspec.Raw]) -> list[msgspec.Raw]:
    """These values as one text, as a `Told` may have them: what is one piece is handed on the quicker."""
    return [msgspec.Raw(b",".join(values))] if values else []


def raw(json: bytes) -> msgspec.Raw:
    """JSON that was encoded elsewhere, to be put into a message as it is."""
    return msgspec.Raw(json)


def encode_message(message: Message) -> bytes:
    """One line; JSON has no bare line feed, so the line feed ends it."""
    if isinstance(message, Told):
        sizes = {what: [len(memoryview(text)) for text in texts] for what, texts in message.parts.items()}
        head = _encoder.encode(_Head(message.number, message.last, sizes))
        return b"".join((_TOLD, head, _TAB, *chain.from_iterable(message.parts.values()), b"\n"))
    return _encoder.encode(message) + b"\n"


def decode_message(line: bytes) -> Message:
    """The message in a line, without its line feed.

    Raises:
        Malformed: it is none that we know.
    """
    try:
        return _told_in(line) if line.startswith(_TOLD) else _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("ipc-message", got=len(line)) from None


def _told_in(line: bytes) -> Told:
    """Cut the texts of a `Told` apart, without looking into them."""
    at = line.find(_TAB) + len(_TAB)
    head = _head_decoder.decode(line[len(_TOLD) : at])  # white space at its end is no harm
    if sum(chain.from_iterable(head.sizes.values())) != len(line) - at:
        raise Malformed("ipc-message", got=len(line))
    parts: dict[str, list[msgspec.Raw]] = {}
    for what, sizes in head.sizes.items():
        parts[what] = texts = []
        for size in sizes:
            texts.append(msgspec.Raw(line[at : at + size]))
            at += size
    return Told(head.number, parts, head.last)


class Lines:
    """Puts lines together from what a stream socket hands out, and keeps no more than one line's bound."""

    def __init__(self, limit: int = IPC_LINE_MAX) -> None:
        self._limit = limit
        self._rest = bytearray()

    @property
    def rest(self) -> bytes:
        """What there is of a line that is not complete."""
        return bytes(self._rest)

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that are complete now, without their line feeds.

        Raises:
            Malformed: a line is longer than the bound; nothing that follows can be trusted.
        """
        *lines, rest = data.split(b"\n")
        if lines:
            lines[0] = b"".join((self._rest, lines[0]))
            self._rest.clear()
        self._rest += rest
        for line in lines:
            self._check(len(line))
        self._check(len(self._rest))
        return lines

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise Malformed("ipc-line", got=size, want=self._limit)

"""The words for what BFD sessions tell. The first words are those of Keepalived's log."""

from typing import Final

from standfast.base.times import MILLISECOND
from standfast.core.bfd.effects import (
    NotListening,
    NotSending,
    PaceChanged,
    PacketDropped,
    SessionChanged,
    SessionRemoved,
    SessionStarted,
)
from standfast.observe.line import Level, Line, line
from standfast.observe.wording import words

DIAGNOSTICS: Final = (  # RFC 5880, section 4.1
    "No Diagnostic",
    "Control Detection Time Expired",
    "Echo Function Failed",
    "Neighbor Signaled Session Down",
    "Forwarding Plane Reset",
    "Path Down",
    "Concatenated Path Down",
    "Administratively Down",
    "Reverse Concatenated Path Down",
)

_NO_AUTHENTICATION: Final = "it is authenticated ({}), which is not offered here"

DROPPED: Final = {
    "version": "it speaks another version of BFD",
    "short": "it is shorter than a control packet",
    "length": "it says that it is shorter than a control packet",
    "truncated": "it says that it is longer than it is",
    "multiplier-zero": "its detect multiplier is 0",
    "multipoint": "it is for multipoint, which nobody uses",
    "my-discriminator-zero": "it names no session of its own",
    "your-discriminator-zero": "it names no session of ours, though it has heard us",
    "unknown-discriminator": "it is for a session that is none of ours",
    "unknown-neighbour": "no session here has its sender as the neighbour",
    "ttl": "it has come farther than a neighbour's may (max_hops)",
    "sender": "its sender is not the neighbour of the session",
    "authentication-type": "its kind of authentication is unknown",
    "authentication-length": "its authentication section has a wrong length",
    "simple-password": _NO_AUTHENTICATION.format("a password"),
    "keyed-md5": _NO_AUTHENTICATION.format("keyed MD5"),
    "meticulous-keyed-md5": _NO_AUTHENTICATION.format("meticulous keyed MD5"),
    "keyed-sha1": _NO_AUTHENTICATION.format("keyed SHA1"),
    "meticulous-keyed-sha1": _NO_AUTHENTICATION.format("meticulous keyed SHA1"),
    "admin-down": "the session has just been taken away here",
}

_AS_ASKED: Final = frozenset({"admin-down"})  # nothing is wrong


def diagnostic_words(number: int) -> str:
    """A diagnostic, for people."""
    return DIAGNOSTICS[number] if number < len(DIAGNOSTICS) else f"Diagnostic {number}"


@words(SessionChanged)
def changed(fact: SessionChanged) -> Line:
    """A transition, with its cause."""
    said = f"({fact.session}) Entering {fact.new} state"
    if fact.new == "Init":
        return line(Level.DEBUG, said, was=fact.old)
    if fact.new == "Up":
        return line(Level.NOTICE, said, was=fact.old)
    why = f"Local diagnostic - {diagnostic_words(fact.local)}, "
    why += f"Remote diagnostic - {diagnostic_words(fact.remote)}"
    waited = f"{fact.detection // MILLISECOND} ms" if fact.detection else ""
    level = Level.NOTICE if fact.new == "AdminDown" else Level.WARNING
    return line(level, f"{said} ({why})", was=fact.old, reason=fact.reason, unheard=waited)


@words(PaceChanged)
def paced(fact: PaceChanged) -> Line:
    """The neighbour knows our intervals."""
    interval, detection = f"{fact.interval // MILLISECOND} ms", f"{fact.detection // MILLISECOND} ms"
    return line(
        Level.DEBUG, f"({fact.session}) Poll sequence completed", interval=interval, detection=detection
    )


@words(SessionStarted)
def started(fact: SessionStarted) -> Line:
    """A session begins."""
    said = f"({fact.session}) BFD session with {fact.neighbor}"
    return line(Level.INFO, said, discriminator=f"{fact.discriminator:#010x}", port=fact.port)


@words(SessionRemoved)
def removed(fact: SessionRemoved) -> Line:
    """A session is no longer configured."""
    return line(Level.NOTICE, f"({fact.session}) Removed")


@words(PacketDropped, same=lambda fact: (fact.session, fact.sender, fact.reason))
def dropped(fact: PacketDropped) -> Line:
    """A packet that did not count."""
    compared = {"got": fact.got, "want": fact.want} if fact.got != fact.want else {}
    return line(
        Level.INFO if fact.reason in _AS_ASKED else Level.WARNING,
        f"({fact.session or 'BFD'}) Ignored a packet from {fact.sender}: "
        f"{DROPPED.get(fact.reason, fact.reason)}",
        reason=fact.reason,
        **compared,
    )


@words(NotSending, same=lambda fact: (fact.session, fact.words))
def not_sending(fact: NotSending) -> Line:
    """The kernel refuses a session its socket."""
    return line(Level.ERROR, f"({fact.session}) Cannot send, and tries again: {fact.words}")


@words(NotListening, same=lambda fact: (fact.family, fact.multihop, fact.words))
def not_listening(fact: NotListening) -> Line:
    """The kernel refuses us a port."""
    return line(
        Level.ERROR,
        f"BFD is not heard, and tries again: {fact.words}",
        hint="another BFD daemon on this host has the port",
    )

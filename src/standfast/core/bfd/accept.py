"""Which packets count: the receive checks of RFC 5880, section 6.8.6, with RFC 5881, section 5.

A packet that fails one moves no timer and changes no state; the slug of the check is the word in counters and
log lines. The ladder of the codec: version, short, length, truncated, multiplier-zero, multipoint,
my-discriminator-zero. Then: your-discriminator-zero, unknown-neighbour or unknown-discriminator (which session it
is for), ttl, sender, authentication-type, authentication-length or the name of its kind, admin-down.

The RFC has the TTL judged first; here it comes when the session is known, whose parameters say how far away its
neighbour may be. It is the same, since no check before it does anything but refuse.
"""

from typing import Final

from standfast.base.errors import Malformed
from standfast.core.bfd.events import Received
from standfast.core.bfd.session import Session
from standfast.wire.bfd import AuthenticationType, ControlPacket, SessionState, decode_authentication

REFUSED: Final = {  # the kinds of authentication, by the slug that refuses them: none is offered (BF-01)
    AuthenticationType.SIMPLE_PASSWORD: "simple-password",
    AuthenticationType.KEYED_MD5: "keyed-md5",
    AuthenticationType.METICULOUS_KEYED_MD5: "meticulous-keyed-md5",
    AuthenticationType.KEYED_SHA1: "keyed-sha1",
    AuthenticationType.METICULOUS_KEYED_SHA1: "meticulous-keyed-sha1",
}
_WITHOUT_OURS: Final = frozenset({SessionState.DOWN, SessionState.ADMIN_DOWN})


def check_addressed(control: ControlPacket) -> None:
    """Only who is not in touch yet, or gave up, may leave our discriminator out.

    Raises:
        Malformed: `your-discriminator-zero`.
    """
    if control.yours == 0 and control.state not in _WITHOUT_OURS:
        raise Malformed("your-discriminator-zero", got=control.state, want=SessionState.DOWN)


def check_session(session: Session, phase: SessionState, packet: Received, control: ControlPacket) -> None:
    """What a session asks of a packet that is for it.

    Raises:
        Malformed: the first check that it fails, with its slug.
    """
    if packet.ttl < session.least_ttl:
        raise Malformed("ttl", got=packet.ttl, want=session.least_ttl)
    # On one hop the discriminator alone selects (RFC 5881, section 6: links between two have odd addresses); over
    # several, where the TTL proves nothing, the session is the pair of addresses (RFC 5883, section 3).
    if session.multihop and packet.sender != session.neighbor:
        raise Malformed("sender")
    if control.authentication is not None:
        kind = decode_authentication(control.authentication).type
        raise Malformed(REFUSED[kind], got=kind, want=0)
    if phase is SessionState.ADMIN_DOWN:
        raise Malformed("admin-down")

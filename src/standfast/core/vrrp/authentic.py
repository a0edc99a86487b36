"""Whether an advert is from somebody who knows the secret, and was not heard before (behaviours AU-02 to AU-14).

`auth_hmac`: each sender counts for itself. In time mode an advert must also be fresh, so a mark that lies outside
the window only orders what the window refuses anyway; it is forgotten, and whose clock was set right is heard
again. In monotonic mode marks stay. Only so many senders are remembered: who is not must be later than all that
were forgotten, so that to forget a sender makes nothing of it good again.

AH: all senders count together, as in Keepalived. What is sent is above all that was heard, and heard is only what
is above all that was sent.
"""

from typing import Final

from standfast.base.addresses import IpAddress
from standfast.base.errors import Malformed, ensure
from standfast.base.frozen import field, frozen
from standfast.base.limits import SIGNERS_KEPT
from standfast.base.times import SECOND, Duration, WallTime
from standfast.wire.ah import SEQUENCE_MAX, decode_ah, is_authentic
from standfast.wire.vrrp_hmac import Trailer, ahead, decode_trailer, is_signed, sequence_at, span


@frozen
class Signature:
    """How the adverts of a router are signed and checked: its `auth_hmac`."""

    keys: tuple[tuple[int, bytes], ...] = field(repr=False)  # by id; each may have signed what is heard
    active: int  # id of the key that we sign with
    window: Duration  # how far from our clock the time of an advert may be
    timed: bool = True  # anti_replay time
    required: bool = True  # adverts without one are dropped (enforce)
    signs: bool = True  # ours have one; not in mode receive-only

    def key(self, number: int) -> bytes | None:
        """The key of this id."""
        return next((key for known, key in self.keys if known == number), None)

    @property
    def active_key(self) -> bytes:
        """The key that we sign with."""
        key = self.key(self.active)
        ensure(key is not None, "the key that signs is among the keys")
        return key or b""


@frozen
class Marks:
    """The last sequence number that was believed of each sender, the one heard longest ago first."""

    latest: tuple[tuple[IpAddress, int], ...] = ()
    forgotten: int | None = None  # the highest number of those that had to make room

    def of(self, sender: IpAddress) -> int | None:
        """What an advert of this sender must be later than; None: than nothing."""
        return next((sequence for known, sequence in self.latest if known == sender), self.forgotten)


NO_MARKS: Final = Marks()


def check_signature(
    signature: Signature,
    marks: Marks,
    *,
    message: bytes,
    tail: bytes,
    sender: IpAddress,
    vrid: int,
    wall: WallTime,
) -> None:
    """Believe an advert, or not; the checks in the order of behaviour AU-12.

    Args:
        signature: the router's.
        marks: what was heard before.
        message: the advert.
        tail: what stood behind it; empty: it is not signed.
        sender: whom it comes from.
        vrid: the router's.
        wall: when it came.

    Raises:
        Malformed: `hmac-missing`, `hmac-malformed`, `hmac-unknown-key`, `hmac-invalid`, `hmac-stale` (with
            seconds), `hmac-replay`.
    """
    if not tail:
        if signature.required:
            raise Malformed("hmac-missing")
        return
    trailer = decode_trailer(tail)
    key = signature.key(trailer.key)
    if key is None:
        raise Malformed("hmac-unknown-key", got=trailer.key, want=signature.active)
    if not is_signed(message, trailer, sender, vrid=vrid, key=key):
        raise Malformed("hmac-invalid")
    if signature.timed:
        _check_freshness(signature, trailer, wall)
    last = fresh_marks(signature, marks, wall).of(sender)
    if last is not None and ahead(trailer.sequence, last) <= 0:
        raise Malformed("hmac-replay")


def _check_freshness(signature: Signature, trailer: Trailer, wall: WallTime) -> None:
    late = ahead(sequence_at(wall), trailer.sequence)
    if abs(late) > span(signature.window):
        raise Malformed("hmac-stale", got=round(late / span(SECOND)), want=signature.window // SECOND)


def remembered(
    signature: Signature, marks: Marks, *, tail: bytes, sender: IpAddress, wall: WallTime, room: int = 0
) -> Marks:
    """The marks behind an advert that passed `check_signature`.

    Args:
        signature: the router's.
        marks: those before it.
        tail: what stood behind the advert.
        sender: whom it comes from.
        wall: when it came.
        room: senders to remember; never less than `SIGNERS_KEPT` (behaviour AU-14).
    """
    if not tail:
        return marks
    kept = fresh_marks(signature, marks, wall)
    latest = [mark for mark in kept.latest if mark[0] != sender]
    latest.append((sender, decode_trailer(tail).sequence))
    forgotten = kept.forgotten
    while len(latest) > max(SIGNERS_KEPT, room):
        _, sequence = latest.pop(0)
        forgotten = sequence if forgotten is None or ahead(sequence, forgotten) > 0 else forgotten
    return Marks(tuple(latest), forgotten)


def fresh_marks(signature: Signature, marks: Marks, wall: WallTime) -> Marks:
    """The marks that count now: in time mode those within the window, in monotonic mode all."""
    if not signature.timed or (not marks.latest and marks.forgotten is None):
        return marks
    now, window = sequence_at(wall), span(signature.window)
    latest = tuple(mark for mark in marks.latest if abs(ahead(mark[1], now)) <= window)
    forgotten = marks.forgotten
    if forgotten is not None and abs(ahead(forgotten, now)) > window:
        forgotten = None
    return Marks(latest, forgotten)


# ---- AH


def check_header(key: bytes, counter: int, *, covering: bytes, message: bytes) -> None:
    """Believe an advert behind an Authentication Header, or not.

    Args:
        key: the password.
        counter: the highest sequence number that was heard or sent.
        covering: what stood before the advert.
        message: the advert.

    Raises:
        Malformed: `ah-malformed`, `auth-failed`, `ah-replay`.
    """
    header = decode_ah(covering)
    if not is_authentic(covering, message, key=key):
        raise Malformed("auth-failed")
    if header.sequence <= counter:
        raise Malformed("ah-replay", got=header.sequence, want=counter + 1)


def next_counter(counter: int) -> int:
    """The sequence number of the next advert; the last one is used for ever: it must not start again."""
    return min(counter + 1, SEQUENCE_MAX)

"""When the addresses of a master are announced: gratuitous ARP and unsolicited neighbour advertisements.

After a takeover there are two batches, `Rounds.delay` apart; each goes `Rounds.repeat` times over all
addresses, round robin (behaviour GA-03). A weaker master that was heard starts batches of its own, and a
refresh repeats them for ever. A batch goes by parts, so that adverts find their way in between. Beside all that,
addresses on other interfaces than the router's own may be announced again and again (behaviour GA-11).
"""

from enum import StrEnum

from standfast.base.frozen import frozen
from standfast.base.times import ZERO, Instant, after
from standfast.core.vrrp.router import Part, Rounds, Router


class Cause(StrEnum):
    """Why the addresses are announced."""

    MASTER = "master"  # we took over
    WEAKER = "weaker"  # a weaker master may have misled the hosts
    REFRESH = "refresh"  # garp_master_refresh
    ELSEWHERE = "elsewhere"  # garp_extra_if


@frozen
class Announcing:
    """What has been announced since one cause; what is next follows from it."""

    cause: Cause
    started: Instant
    done: int = 0  # parts announced, in all rounds of both batches


def rounds_of(router: Router, cause: Cause) -> Rounds:
    """The batches that a cause asks for."""
    wanted = router.announcements
    match cause:
        case Cause.MASTER:
            return wanted.takeover
        case Cause.WEAKER:
            return wanted.weaker
        case Cause.REFRESH:
            return Rounds(wanted.refresh_repeat, delay=ZERO)
        case Cause.ELSEWHERE:
            return Rounds(1, delay=ZERO)


def announcement_due(router: Router, announcing: Announcing) -> Instant | None:
    """When the next part is to be announced; in the past while a batch is under way, None if never."""
    rounds = rounds_of(router, announcing.cause)
    batch = rounds.repeat * len(router.parts)
    second_batch = after(announcing.started, rounds.delay)
    if announcing.done < batch:
        return announcing.started
    if rounds.delay and announcing.done < 2 * batch:
        return second_batch
    if router.announcements.refresh and router.announcements.refresh_repeat and router.parts:
        return after(second_batch, router.announcements.refresh)
    return None


def elsewhere_due(router: Router, elsewhere: Announcing | None) -> Instant | None:
    """When the addresses on other interfaces are announced next; None if never."""
    if elsewhere is None or not router.elsewhere:
        return None
    return after(elsewhere.started, router.announcements.elsewhere)


def next_elsewhere(router: Router, elsewhere: Announcing, due: Instant) -> tuple[Part, Announcing]:
    """The part to announce at `due`, which `elsewhere_due` gave, and what has been announced then."""
    part = router.elsewhere[elsewhere.done]
    done = elsewhere.done + 1
    if done == len(router.elsewhere):
        return part, Announcing(Cause.ELSEWHERE, due)
    return part, Announcing(Cause.ELSEWHERE, elsewhere.started, done)


def next_part(router: Router, announcing: Announcing, due: Instant) -> tuple[Part, Announcing]:
    """The part to announce at `due`, which `announcement_due` gave, and what has been announced then."""
    rounds = rounds_of(router, announcing.cause)
    batches = 2 if rounds.delay else 1
    if announcing.done >= batches * rounds.repeat * len(router.parts):
        announcing = Announcing(Cause.REFRESH, due)
    part = router.parts[announcing.done % len(router.parts)]
    return part, Announcing(announcing.cause, announcing.started, announcing.done + 1)


def in_a_batch(router: Router, announcing: Announcing, now: Instant) -> bool:
    """Whether announcements are going out at this moment."""
    due = announcement_due(router, announcing)
    return due is not None and due <= now

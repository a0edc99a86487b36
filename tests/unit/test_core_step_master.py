"""What a master does on time, and how it answers (RFC 9568, 6.4.3; behaviours SM-14 to SM-17, SM-26)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import ABOVE, BELOW, OWNER, ROUTER, ROUTER2, ROUTER6, US, VIP, heard, vips

from standfast.base.addresses import IpAddress
from standfast.base.limits import ANSWERS_PER_INTERVAL
from standfast.base.times import SECOND, Duration, Instant, after, seconds, times
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.effects import (
    Announce,
    Effects,
    Overslept,
    OwnersConflict,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
    WeakerHeard,
)
from standfast.core.vrrp.events import Due, Heard
from standfast.core.vrrp.router import Announcements, Part, Rounds, Router
from standfast.core.vrrp.state import Backup, Master
from standfast.core.vrrp.step import step
from standfast.core.vrrp.timing import deadline, master_down

START = Instant(0)
ANNOUNCED = Announcing(Cause.MASTER, START, done=10)
BEAT = Instant(60_000_000)
STATE = Master(START, BEAT, ANNOUNCED)
NOW = Instant(60_400_000)
ADVERT = SendAdvert("VI_1", 100)


def yields(detail: str, priority: int = 100) -> Effects:
    return (
        ReleaseAddresses("VI_1", (VIP,)),
        RouterChanged("VI_1", "master", "backup", "stronger-heard", priority, detail),
    )


# ---- who is stronger


@pytest.mark.behaviour("SM-14")
@pytest.mark.rfc(42)
@pytest.mark.parametrize(
    ("router", "priority", "sender", "stays"),
    [
        pytest.param(ROUTER, 101, BELOW, False, id="a higher priority wins, whatever the address"),
        pytest.param(
            ROUTER,
            100,
            ABOVE,
            False,
            id="between equals the higher address wins",
            marks=pytest.mark.rfc("D4"),
        ),
        pytest.param(ROUTER, 100, BELOW, True, id="between equals the lower address yields to us"),
        pytest.param(ROUTER, 99, ABOVE, True, id="a lower priority loses, whatever the address"),
        pytest.param(replace(ROUTER, preempt=False), 101, BELOW, False, id="nopreempt is not asked here"),
        pytest.param(
            ROUTER, 100, ip_address("10.0.0.10"), False, id="addresses are compared as numbers, not as text"
        ),
        pytest.param(ROUTER, 100, ip_address("9.255.255.255"), True, id="and the first byte counts most"),
        pytest.param(ROUTER, 100, US, True, id="nobody yields to himself"),
        pytest.param(ROUTER2, 255, BELOW, False, id="an owner wins"),
    ],
)
def test_a_master_yields_to_who_is_stronger(
    *, router: Router, priority: int, sender: IpAddress, stays: bool
) -> None:
    after_, _ = step(router, STATE, heard(priority, sender=sender, at=NOW, router=router), NOW)

    assert isinstance(after_, Master) is stays


@pytest.mark.rfc("D4")
def test_ipv6_addresses_are_compared_as_numbers_too() -> None:
    lower, higher = ip_address("fe80::1"), ip_address("fe80:0:0:0:1::")

    for sender, kind in ((lower, Master), (higher, Backup)):
        after_, _ = step(ROUTER6, STATE, heard(100, sender=sender, at=NOW, router=ROUTER6), NOW)
        assert isinstance(after_, kind)


@pytest.mark.behaviour("SM-14")
@pytest.mark.rfc(42, "D3")
def test_yielding_lets_go_of_the_addresses_and_takes_the_pace_of_the_stronger() -> None:
    after_, effects = step(ROUTER, STATE, heard(150, at=NOW, interval_cs=30), NOW)

    assert after_ == Backup(NOW, seconds("0.3"), ABOVE, 150)
    assert deadline(ROUTER, after_) == NOW + 1_082_812
    assert effects == yields("10.0.0.3 has priority 150, ours is 100")


@pytest.mark.behaviour("SM-17")
def test_one_last_advert_before_yielding_if_it_is_asked_for() -> None:
    router = replace(ROUTER, says_goodbye_to_stronger=True)

    _, effects = step(router, STATE, heard(150, at=NOW), NOW)

    assert effects == (ADVERT, *yields("10.0.0.3 has priority 150, ours is 100"))


def test_who_was_displaced_by_a_split_of_the_network_hears_one_last_advert() -> None:
    """It could not hear that we were master, and hosts on our side have learnt the addresses from us."""
    split = replace(STATE, displaced=ABOVE)

    _, effects = step(ROUTER, split, heard(150, at=NOW), NOW)
    _, others = step(ROUTER, split, heard(150, sender=ip_address("10.0.0.9"), at=NOW), NOW)

    assert effects == (ADVERT, *yields("10.0.0.3 has priority 150, ours is 100"))
    assert ADVERT not in others


@pytest.mark.behaviour("SM-26")
@pytest.mark.rfc(50)
@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        pytest.param(ABOVE, Backup, id="the higher address stays"),
        pytest.param(BELOW, Master, id="the lower address yields to us"),
    ],
)
def test_two_owners_are_a_mistake_that_is_told_and_addresses_decide(sender: IpAddress, kind: type) -> None:
    after_, effects = step(OWNER, STATE, heard(255, sender=sender, at=NOW), NOW)

    assert isinstance(after_, kind)
    assert OwnersConflict("VI_1", sender) in effects


# ---- answers


@pytest.mark.behaviour("SM-16")
@pytest.mark.rfc(41)
def test_a_router_that_leaves_is_answered_at_once_and_the_next_advert_counts_from_there() -> None:
    after_, effects = step(ROUTER, STATE, heard(0, at=NOW), NOW)

    assert effects == (ADVERT,)
    assert after_ == Master(START, NOW, ANNOUNCED, answers=1)
    assert deadline(ROUTER, after_) == NOW + SECOND


@pytest.mark.behaviour("SM-15")
@pytest.mark.rfc(43, "D2")
@pytest.mark.parametrize("router", [ROUTER, ROUTER2], ids=["version 3", "version 2"])
def test_a_weaker_router_is_answered_at_once_and_the_grid_of_adverts_stays(router: Router) -> None:
    after_, effects = step(router, STATE, heard(99, at=NOW, router=router), NOW)

    assert effects == (ADVERT, WeakerHeard("VI_1", ABOVE, 99, 100))
    assert after_ == Master(START, BEAT, Announcing(Cause.WEAKER, NOW), answers=1)


@pytest.mark.behaviour("SM-15")
@pytest.mark.parametrize(
    ("router", "effects", "announces"),
    [
        pytest.param(
            replace(ROUTER, answers_weaker=False),
            (WeakerHeard("VI_1", ABOVE, 99, 100),),
            True,
            id="lower_prio_no_advert",
            marks=pytest.mark.rfc("v2-losing"),
        ),
        pytest.param(
            replace(ROUTER, announcements=Announcements(weaker=Rounds(repeat=0))),
            (ADVERT, WeakerHeard("VI_1", ABOVE, 99, 100)),
            False,
            id="garp_lower_prio_repeat 0",
        ),
    ],
)
def test_answers_to_a_weaker_router_can_be_turned_off(
    *, router: Router, effects: Effects, announces: bool
) -> None:
    after_, done = step(router, STATE, heard(99, at=NOW), NOW)

    assert done == effects
    assert isinstance(after_, Master)
    assert (after_.announcing != ANNOUNCED) is announces


@pytest.mark.behaviour("SM-15")
def test_a_batch_that_is_going_out_is_not_begun_again() -> None:
    """Two weaker adverts in a row: the second finds the first one's batch under way."""
    first, _ = step(ROUTER, STATE, heard(99, at=NOW), NOW)
    second, _ = step(ROUTER, first, heard(99, at=NOW + 1), Instant(NOW + 1))

    assert isinstance(second, Master)
    assert second.announcing == Announcing(Cause.WEAKER, NOW)


@pytest.mark.parametrize("priority", [0, 99], ids=["leaving", "weaker"])
def test_a_flood_is_answered_a_few_times_in_an_interval_and_anew_in_the_next(priority: int) -> None:
    state, sent = STATE, 0
    for n in range(1000):
        at = Instant(NOW + n)
        after_, effects = step(ROUTER, state, heard(priority, at=at), at)
        assert isinstance(after_, Master)
        state, sent = after_, sent + effects.count(ADVERT)

    beaten, _ = step(ROUTER, state, Due(), after(state.beat, SECOND))

    assert sent == ANSWERS_PER_INTERVAL
    assert isinstance(beaten, Master)
    assert beaten.answers == 0


def test_a_flood_never_stops_the_adverts_of_a_master() -> None:
    """Each answer to a leaver moves the beat; there are only so many, so the next advert comes at last."""
    state, last = STATE, NOW
    for n in range(ANSWERS_PER_INTERVAL + 10):
        last = Instant(NOW + times(n, Duration(100_000)))
        after_, _ = step(ROUTER, state, heard(0, at=last), last)
        assert isinstance(after_, Master)
        state = after_

    assert deadline(ROUTER, state) == NOW + (ANSWERS_PER_INTERVAL - 1) * 100_000 + SECOND


# ---- the beat


@pytest.mark.rfc(40)
@pytest.mark.parametrize(
    ("late", "beat"),
    [
        pytest.param(0, 61_000_000, id="on time"),
        pytest.param(200, 61_000_000, id="a little late: the next one is not"),
        pytest.param(999_999, 61_000_000, id="nearly an interval late"),
        pytest.param(1_000_000, 62_000_000, id="a whole interval late: one advert for both"),
        pytest.param(2_500_000, 63_000_000, id="two and a half late: back on the grid"),
    ],
)
def test_adverts_stand_on_a_fixed_grid(late: int, beat: int) -> None:
    after_, effects = step(ROUTER, replace(STATE, answers=3), Due(), Instant(61_000_000 + late))

    assert effects == (ADVERT,)
    assert after_ == Master(START, Instant(beat), ANNOUNCED, answers=0)


def test_an_alarm_with_nothing_due_changes_nothing() -> None:
    assert step(ROUTER, STATE, Due(), NOW) == (STATE, ())


def test_the_advert_goes_before_an_announcement_that_is_due_as_well() -> None:
    state = replace(STATE, announcing=Announcing(Cause.MASTER, START, done=1))

    spoken, effects = step(ROUTER, state, Due(), Instant(61_000_000))
    _, then = step(ROUTER, spoken, Due(), Instant(61_000_000))

    assert effects == (ADVERT,)
    assert then == (Announce(Part("VI_1", 0, (VIP,))),)


def test_announcements_go_part_by_part() -> None:
    router = replace(ROUTER, addresses=vips(130))
    state = Master(START, BEAT, Announcing(Cause.WEAKER, NOW))

    announced = []
    for _ in range(4):
        after_, effects = step(router, state, Due(), NOW)
        assert isinstance(after_, Master)
        state = after_
        announced += [effect.part.number for effect in effects if isinstance(effect, Announce)]

    assert announced == [0, 1, 2, 0]


# ---- sleep


def test_a_master_that_slept_less_than_the_others_silence_just_speaks() -> None:
    woke = Instant(BEAT + master_down(ROUTER, SECOND) - 1)

    after_, effects = step(ROUTER, STATE, Due(), woke)

    assert isinstance(after_, Master)
    assert effects == (ADVERT,)


OVERSLEPT = Instant(BEAT + 3_609_375)
YIELDS: Effects = (
    Overslept("VI_1", 2_609_375, "yields"),
    ReleaseAddresses("VI_1", (VIP,)),
    RouterChanged("VI_1", "master", "backup", "overslept", 100, "no advert of ours for 3.609375 s"),
)


@pytest.mark.rfc(82)
def test_a_master_that_overslept_the_others_silence_listens_before_it_speaks() -> None:
    after_, effects = step(ROUTER, STATE, Due(), OVERSLEPT)

    assert after_ == Backup(OVERSLEPT, SECOND)
    assert effects == YIELDS


@pytest.mark.parametrize(
    ("event", "waiting", "more"),
    [
        pytest.param(
            heard(99, at=OVERSLEPT - 5),
            Backup(OVERSLEPT, SECOND, weaker_since=OVERSLEPT),
            (WeakerHeard("VI_1", ABOVE, 99),),
            id="the one that took over meanwhile is weaker",
        ),
        pytest.param(
            heard(100, sender=BELOW, at=OVERSLEPT - 5),
            Backup(OVERSLEPT, SECOND, BELOW, 100),
            (),
            id="it is our equal with a lower address: a backup does not compare addresses",
        ),
        pytest.param(
            heard(0, at=OVERSLEPT - 5),
            Backup(OVERSLEPT, SECOND, ABOVE, 0, master_left=True),
            (),
            id="it has just left again: one skew",
        ),
    ],
)
def test_a_master_that_overslept_hears_before_its_own_alarm_and_does_not_speak_either(
    event: Heard, waiting: Backup, more: Effects
) -> None:
    """What was in the socket is given before `Due`. To answer and then to lie down would silence both sides."""
    after_, effects = step(ROUTER, STATE, event, OVERSLEPT)

    assert after_ == waiting
    assert effects == (*YIELDS, *more)


def test_a_master_that_overslept_and_hears_a_stronger_one_yields_to_it() -> None:
    after_, effects = step(ROUTER, STATE, heard(150, at=OVERSLEPT - 5), OVERSLEPT)

    assert after_ == Backup(Instant(OVERSLEPT - 5), SECOND, ABOVE, 150)
    assert effects == yields("10.0.0.3 has priority 150, ours is 100")

"""Who of a pool is alive, with what weight, and whether that is enough (HC-06, HC-18, HC-19, LV-08 to LV-10)."""

from collections.abc import Sequence

import pytest

from standfast.base.addresses import parse_address
from standfast.base.services import Destination, Endpoint, Forwarding, Mark, Service, Transport
from standfast.core.lvs.orders import NO_ORDERS, Order, What
from standfast.core.lvs.parameters import Followed, RealServer, VirtualServer
from standfast.core.lvs.pool import (
    Pool,
    Standing,
    Word,
    amended,
    desired,
    enough,
    pool,
    standing,
)
from standfast.core.lvs.said import word_of
from standfast.core.track.verdict import GOOD, WAITING, TrackerKey, TrackerKind, Verdict

WEB = Service(Endpoint(Transport.TCP, parse_address("10.0.0.100"), 80), "rr")
SORRY = Destination(parse_address("10.0.0.9"), 80)
UP, DOWN = Word(up=True), Word(up=False, reason="connect: refused")
FILE, BFD = TrackerKey(TrackerKind.FILE, "load"), TrackerKey(TrackerKind.BFD, "peer")


def server(number: int, weight: int = 1, *, inhibit: bool = False) -> RealServer:
    destination = Destination(parse_address(f"10.0.0.{number}"), 80, weight=weight)
    return RealServer(f"server {number}", destination, inhibit)


def virtual(*servers: RealServer, **more: object) -> VirtualServer:
    return VirtualServer("web", (WEB,), servers, **more)  # type: ignore[arg-type]


# ---- one server


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param([], Standing(up=True, weight=5), id="nobody is asked: it is up"),
        pytest.param([UP, UP], Standing(up=True, weight=5), id="all say so: it is up"),
        pytest.param(
            [UP, DOWN], Standing(up=False, weight=5, reason="connect: refused"), id="one does not: it is down"
        ),
        pytest.param([Word(up=True, weight=9)], Standing(up=True, weight=9), id="a program sets the weight"),
        pytest.param([Word(up=True, weight=0)], Standing(up=True, weight=0), id="also to nothing"),
        pytest.param([Word(up=True, more=-3)], Standing(up=True, weight=2), id="a file adds to it"),
        pytest.param(
            [Word(up=True, more=7), Word(up=True, weight=9), Word(up=True, more=-1)],
            Standing(up=True, weight=15), id="both, in whatever order they stand",
        ),
        pytest.param([Word(up=True, more=-99)], Standing(up=True, weight=0), id="never below nothing"),
        pytest.param(
            [Word(up=True, more=0x7FFF_FFFF)], Standing(up=True, weight=0x7FFF_FFFF), id="never above the most"
        ),
    ],
)  # fmt: skip
@pytest.mark.behaviour("HC-06", "HC-16", "HC-18")
def test_a_server_stands(words: Sequence[Word], expected: Standing) -> None:
    assert standing(server(2, 5), words) == expected


@pytest.mark.parametrize(
    ("what", "weight", "words", "expected"),
    [
        pytest.param(
            What.DRAIN, 0, [Word(up=True, weight=9, more=1)],
            Standing(up=True, weight=0, ordered="drain ordered by anna: a disk"), id="drained: up, without weight",
        ),
        pytest.param(
            What.WEIGHT, 7, [Word(up=True, weight=9, more=1)],
            Standing(up=True, weight=7, ordered="weight 7 ordered by anna: a disk"),
            id="a weight takes the place of every other one",
        ),
        pytest.param(
            What.WEIGHT, 7, [DOWN],
            Standing(up=False, weight=7, reason=DOWN.reason, ordered="weight 7 ordered by anna: a disk"),
            id="a weight makes nobody alive",
        ),
        pytest.param(
            What.DISABLE, 0, [UP],
            Standing(up=False, weight=5, reason="disable ordered by anna: a disk",
                     ordered="disable ordered by anna: a disk"),
            id="disabled: down, whatever the checks say",
        ),
    ],
)  # fmt: skip
def test_an_order_has_the_last_word(
    what: What, weight: int, words: Sequence[Word], expected: Standing
) -> None:
    order = Order(what, "anna", "VS", "RS", weight=weight, reason="a disk")

    assert standing(server(2, 5), words, order) == expected


@pytest.mark.parametrize(
    ("followed", "verdict", "word"),
    [
        pytest.param(Followed(FILE, 2), WAITING, Word(up=True), id="a file that was not read yet says nothing"),
        pytest.param(Followed(FILE, 2), Verdict(up=True, value=-4), Word(up=True, more=-8), id="a multiple"),
        pytest.param(
            Followed(FILE, 2), Verdict(up=False, reason="gone wrong"),
            Word(up=False, reason="file load: gone wrong"), id="a file that cannot be used is a failure",
        ),
        pytest.param(Followed(FILE, 0), Verdict(up=True), Word(up=True), id="without a weight 0 is good"),
        pytest.param(
            Followed(FILE, 0), Verdict(up=True, value=3), Word(up=False, reason="file load: it holds 3"),
            id="and any other number a failure",
        ),
        pytest.param(
            Followed(FILE, 2**40), Verdict(up=True, value=9), Word(up=True, more=0x7FFF_FFFF), id="within bounds"
        ),
        pytest.param(Followed(BFD), WAITING, Word(up=True), id="a session that has not begun is good"),
        pytest.param(
            Followed(BFD, alpha=True), WAITING, Word(up=False, reason="bfd peer: no result yet"),
            id="unless with alpha",
        ),
        pytest.param(Followed(BFD), GOOD, Word(up=True), id="a session that is up"),
        pytest.param(
            Followed(BFD), Verdict(up=False, reason="timeout"), Word(up=False, reason="bfd peer: timeout"),
            id="a session that is down",
        ),
    ],
)  # fmt: skip
@pytest.mark.behaviour("HC-18", "HC-19")
def test_a_file_or_a_session_says(followed: Followed, verdict: Verdict, word: Word) -> None:
    assert word_of(followed, verdict) == word


# ---- the quorum


@pytest.mark.behaviour("LV-09", "LV-23")
@pytest.mark.parametrize(
    ("quorum", "hysteresis", "weights", "gain", "keep"),
    [
        pytest.param(1, 0, (1, 1), 1, 1, id="one is enough"),
        pytest.param(3, 1, (2, 2, 2), 4, 2, id="a margin on both sides"),
        pytest.param(3, 2, (2, 2), 4, 1, id="no more than all together weigh"),
        pytest.param(1, 0, (0, 0), 1, 1, id="nothing is never enough"),
    ],
)
def test_enough_is(quorum: int, hysteresis: int, weights: tuple[int, ...], gain: int, keep: int) -> None:
    made = virtual(*(server(2 + n, w) for n, w in enumerate(weights)), quorum=quorum, hysteresis=hysteresis)

    assert (enough(made, before=False), enough(made, before=True)) == (gain, keep)


@pytest.mark.behaviour("LV-09")
@pytest.mark.parametrize(
    ("alive", "before", "quorum"),
    [
        pytest.param(4, True, True, id="all of four"),
        pytest.param(2, True, True, id="two keep it"),
        pytest.param(2, False, False, id="two do not gain it"),
        pytest.param(1, True, False, id="one loses it"),
        pytest.param(4, False, True, id="four gain it"),
    ],
)
def test_a_quorum_of_three_with_a_margin_of_one(alive: int, before: bool, quorum: bool) -> None:
    made = virtual(*(server(2 + n) for n in range(4)), quorum=3, hysteresis=1)

    found = pool(made, [[UP]] * alive + [[DOWN]] * (4 - alive), NO_ORDERS, before=before)

    assert (found.quorum, found.live) == (quorum, alive)


# ---- the table


def in_table(made: VirtualServer, up: Sequence[bool], *, quorum: bool) -> dict[str, int]:
    now = Pool(
        tuple(Standing(one, of.destination.weight) for one, of in zip(up, made.servers, strict=True)), quorum
    )
    (entry,) = desired(made, now).values()
    return {str(one.address): one.weight for one in entry.destinations.values()}


@pytest.mark.behaviour("LV-08", "LV-10")
@pytest.mark.parametrize(
    ("made", "up", "quorum", "expected"),
    [
        pytest.param(
            virtual(server(2, 5), server(3)), (True, True), True, {"10.0.0.2": 5, "10.0.0.3": 1}, id="all are up"
        ),
        pytest.param(virtual(server(2), server(3)), (True, False), True, {"10.0.0.2": 1}, id="one is down"),
        pytest.param(
            virtual(server(2, inhibit=True), server(3)), (False, True), True, {"10.0.0.2": 0, "10.0.0.3": 1},
            id="one is down, and inhibited",
        ),
        pytest.param(
            virtual(server(2), server(3)), (True, False), False, {"10.0.0.2": 1},
            id="no quorum, and nobody to take over: who is up serves on",
        ),
        pytest.param(
            virtual(server(2), server(3), sorry=SORRY), (True, False), False, {"10.0.0.9": 1},
            id="no quorum: the sorry server alone",
        ),
        pytest.param(
            virtual(server(2), server(3, inhibit=True), sorry=SORRY), (True, True), False,
            {"10.0.0.9": 1, "10.0.0.3": 0}, id="no quorum: who is inhibited keeps its place",
        ),
        pytest.param(
            virtual(server(2), sorry=SORRY), (True,), True, {"10.0.0.2": 1}, id="a quorum: no sorry server"
        ),
        pytest.param(
            virtual(server(2), sorry=SORRY, sorry_inhibit=True), (True,), True, {"10.0.0.2": 1, "10.0.0.9": 0},
            id="a quorum: the sorry server keeps its place",
        ),
        pytest.param(
            virtual(server(2), server(9, inhibit=True), sorry=SORRY), (False, False), False, {"10.0.0.9": 1},
            id="the sorry server is one of the real servers, too",
        ),
    ],
)  # fmt: skip
def test_the_kernel_should_have(
    made: VirtualServer, up: Sequence[bool], quorum: bool, expected: dict[str, int]
) -> None:
    assert in_table(made, up, quorum=quorum) == expected


def test_only_a_tunnel_leads_to_the_other_family() -> None:
    plain = RealServer("plain", Destination(parse_address("10.0.0.2"), 80))
    tunnel = RealServer("tunnel", Destination(parse_address("10.0.0.3"), 80, Forwarding.TUNNEL))
    six = Service(Endpoint(Transport.TCP, parse_address("2001:db8::1"), 80), "rr")
    made = VirtualServer("web", (WEB, six, Service(Mark(7))), (plain, tunnel))

    found = desired(made, Pool((Standing(up=True, weight=1),) * 2, quorum=True))

    counts = {str(key): len(entry.destinations) for key, entry in found.items()}
    assert counts == {"tcp 10.0.0.100:80": 2, "tcp [2001:db8::1]:80": 1, "fwmark 7": 2}


@pytest.mark.parametrize("up", [(True, True, True), (False, True, True), (False, False, True), (False,) * 3])
def test_a_pool_that_is_amended_is_the_pool_that_is_made_anew(up: tuple[bool, ...]) -> None:
    made = virtual(server(2), server(3, 2), server(4), quorum=2, hysteresis=1)
    before = pool(made, [[UP], [DOWN], [UP]], NO_ORDERS, before=True)
    words = [[UP] if one else [DOWN] for one in up]
    others = {place: standing(one, words[place]) for place, one in enumerate(made.servers)}

    assert amended(made, before, others) == pool(made, words, NO_ORDERS, before=before.quorum)


@pytest.mark.behaviour("LV-04")
@pytest.mark.parametrize(
    ("forwarding", "key", "port"),
    [
        pytest.param(Forwarding.NAT, WEB.key, 8080, id="NAT: its own"),
        pytest.param(Forwarding.DIRECT, WEB.key, 80, id="DR: the service's"),
        pytest.param(Forwarding.TUNNEL, WEB.key, 80, id="TUN: the service's"),
        pytest.param(Forwarding.NAT, Mark(5), 8080, id="a mark by NAT: its own"),
        pytest.param(Forwarding.DIRECT, Mark(5), 0, id="a mark by DR: any"),
    ],
)
def test_the_port_of_a_destination_is_its_own_only_by_nat(
    forwarding: Forwarding, key: Endpoint | Mark, port: int
) -> None:
    destination = Destination(parse_address("10.0.0.2"), 8080, forwarding)
    made = VirtualServer("web", (Service(key, "rr"),), (RealServer("one", destination),))

    (entry,) = desired(made, pool(made, [[UP]], NO_ORDERS, before=False)).values()

    assert [one.port for one in entry.destinations.values()] == [port]

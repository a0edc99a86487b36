"""What a person reads of the state: what is wrong comes first, and it fits on his screen."""

import pytest
from states_made import NOW, address, instance, status

from standfast.cli.status_words import details, overview
from standfast.cli.tables import Paper
from standfast.observe.spans import span
from standfast.observe.state.configuration import Configuration, Reload
from standfast.observe.state.event import Event
from standfast.observe.state.instance import Instance, Peer, Tracks, TwoMasters
from standfast.observe.state.process import Process
from standfast.observe.state.service import CheckState, RealServer, VirtualServer
from standfast.observe.state.status import Status
from standfast.observe.state.trouble import troubles
from standfast.observe.story import story

PEER = Peer(address="10.0.0.2", priority=100, last=NOW - 1)
TWO = TwoMasters(since=NOW - 5, first=PEER, second=PEER)
FAILED = Tracks(kind="script", name="chk", weight=-20, up=False, reason="exit status 1")
DOWN = RealServer(name="r1", up=False, weight=1, configured_weight=1, reason="connect: refused")
VIRTUAL = VirtualServer(name="v1", up=False, quorum=1, live=0, servers=(DOWN,))


def config(reload: Reload) -> Configuration:
    return Configuration(path="/etc/k.conf", generation=1, since=NOW, reload=reload)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        pytest.param(
            status(instance(state="fault", faults=("eth0 is down",))), "VI_1 is in fault: eth0 is down", id="fault"
        ),
        pytest.param(
            status(instance(two_masters=TWO)),
            "VI_1: two masters, 10.0.0.2 (priority 100) and 10.0.0.2 (priority 100)",
            id="two masters",
        ),
        pytest.param(
            status(instance(addresses=(address(present=False),))),
            "VI_1: the kernel does not have 10.0.0.100/24 on eth0",
            id="an address that is not there",
        ),
        pytest.param(
            status(instance(state="backup", addresses=(address(wanted=False),))),
            "VI_1: 10.0.0.100/24 is on eth0 although we are backup",
            id="an address that should not be there",
        ),
        pytest.param(
            status(processes=(Process(name="vrrp", state="waiting"),)),
            "the vrrp process is waiting",
            id="no child",
        ),
        pytest.param(
            status(configuration=config(Reload(at=NOW, ok=False, words="no eth7"))),
            "the last reload was refused: no eth7",
            id="a refused reload",
        ),
        pytest.param(
            status(virtual_servers=(VIRTUAL,)), "virtual server v1 has no quorum (0 of 1)", id="no quorum"
        ),
        pytest.param(
            status(kernel_read=False),
            "the kernel's addresses cannot be read; shown is what is believed",
            id="a kernel that does not tell",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_first(state: Status, words: str) -> None:
    assert troubles(state)[0] == words
    assert "wrong:" in next(overview(state, Paper(width=80, colours=False)))


@pytest.mark.parametrize(
    ("became", "left", "words"),
    [
        pytest.param(0, 0, "7 heard, 3 sent; never master", id="never"),
        pytest.param(1, 0, "7 heard, 3 sent; became master once", id="and still is"),
        pytest.param(2, 1, "7 heard, 3 sent; became master twice, gave it up once", id="again"),
        pytest.param(4, 4, "7 heard, 3 sent; became master 4 times, gave it up 4 times", id="often"),
    ],
)
def test_how_often_it_was_master_is_told_in_words(became: int, left: int, words: str) -> None:
    counted = {"advert_rcvd": 7, "advert_sent": 3, "become_master": became, "release_master": left}

    shown = "\n".join(details(status(instance(statistics=counted)), Paper(width=200, colours=False)))

    assert f"adverts   {words}\n" in f"{shown}\n"


def test_what_has_a_hyphen_is_not_taken_apart_at_the_end_of_a_line() -> None:
    (first, second) = Paper(width=40, colours=False).points(["was=master priority=100 reason=stronger-heard"])

    assert (first, second) == ("  - was=master priority=100", "    reason=stronger-heard")


def test_an_owners_address_belongs_to_the_host() -> None:
    state = status(instance(state="backup", owner=True, addresses=(address(wanted=False),)))

    assert troubles(state) == ()


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_is_wider_than_the_screen(width: int) -> None:
    checks = (CheckState(kind="HTTP_GET", up=False, reason="status: 503", last=NOW - 3, last_phase="status"),)
    server = RealServer(name="[10.0.0.9]:tcp:80", up=False, weight=1, configured_weight=2, checks=checks)
    virtual = VirtualServer(name="[10.0.0.100]:tcp:80", up=True, quorum=1, live=2, servers=(server,))
    one = instance(peers=(PEER,), two_masters=TWO, trackers=(FAILED,), drops={"ttl": 3}, detail="x " * 90)
    state = status(one, virtual_servers=(virtual,))
    paper = Paper(width=width, colours=False)

    lines = [*overview(state, paper), *details(state, paper)]

    assert [line for line in lines if len(line) > width] == []


@pytest.mark.parametrize(
    ("check", "words"),
    [
        pytest.param(
            CheckState(kind="TCP_CHECK", up=True, next=2.0), "no result yet", id="before the first attempt"
        ),
        pytest.param(
            CheckState(kind="TCP_CHECK", up=True, took=0.004, next=2.0), "good, took 4.0 ms", id="after it"
        ),
        pytest.param(CheckState(kind="BFD_CHECK", up=True), "good", id="a check without attempts"),
    ],
)
def test_a_check_says_on_what_its_verdict_rests(check: CheckState, words: str) -> None:
    server = RealServer(name="one", up=True, weight=1, configured_weight=1, checks=(check,))
    web = VirtualServer(name="web", up=True, quorum=1, live=1, servers=(server,))

    shown = "\n".join(details(status(virtual_servers=(web,)), Paper(width=200, colours=False)))

    assert words in shown.split(check.kind)[1]


def test_only_a_terminal_has_colours() -> None:
    state = status(instance(state="fault"))

    plain = "\n".join(overview(state, Paper(width=80, colours=False)))
    coloured = "\n".join(overview(state, Paper(width=80, colours=True)))

    assert "\033" not in plain
    assert "\033[1;31mFAULT\033[0m" in coloured


def test_a_name_cannot_steer_the_terminal() -> None:
    state = status(instance(name="VI\033[2J\n1"))

    assert all(line.isprintable() for line in overview(state, Paper(width=80, colours=False)))


# ---- the story


def told(one: Instance, *events: Event) -> str:
    return "\n".join(story(one, events, NOW))


def test_the_story_says_why_what_holds_and_what_would_change_it() -> None:
    went = Event(
        number=2, at=NOW - 100, process="vrrp", kind="router-changed", about="VI_1", text="(VI_1) MASTER",
        facts={"old": "backup", "new": "master", "priority": 150},
    )  # fmt: skip
    before = Event(
        number=1, at=NOW - 101, process="vrrp", kind="tracker-changed", about="chk", text="chk failed"
    )

    text = told(instance(trackers=(FAILED,), peers=(PEER,)), before, went)

    assert "Because the master fell silent: 10.0.0.2 silent for 3.6 s." in text
    assert "It came from BACKUP with priority 150. What led to it:" in text
    assert "chk failed" in text
    assert "script chk is not good: exit status 1" in text
    assert "it yields to an advert with a priority above 150" in text


def test_a_fault_with_a_further_cause_came_from_where_it_came_from_at_first() -> None:
    went, stays = (
        Event(
            number=number, at=NOW - 100 + number, process="vrrp", kind="router-changed", about="VI_1", text=text,
            facts={"old": was, "new": "fault", "priority": 150},
        )
        for number, was, text in ((1, "master", "(VI_1) eth0 is down"), (2, "fault", "(VI_1) chk failed"))
    )  # fmt: skip

    text = told(instance(state="fault"), went, stays)

    assert "It came from MASTER with priority 150." in text
    assert text.index("eth0 is down") < text.index("chk failed")


def test_without_its_history_a_story_says_so() -> None:
    assert "The history does not reach back to that." in told(instance())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.04, "0.0 s"),
        (0.4, "0.4 s"),
        (12.9, "12 s"),
        (60, "1 min"),
        (7_500, "2 h 5 min"),
        (352_800, "4 d 2 h"),
    ],
)
def test_a_span_is_told_in_the_unit_that_people_would_use(seconds: float, words: str) -> None:
    assert span(seconds) == words

"""How adverts of a real daemon travel: hop limits, no interface, strangers, late starts, a split network."""

from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import ip_address

import pytest
from daemon_lab import CALM, VIP, config, master, started

from standfast.base.times import SECOND, between
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

A, B = "10.99.0.1", "10.99.0.2"


@pytest.fixture
def strong(lab: Lab) -> Host:
    return lab.host("a", f"{A}/24")


@pytest.fixture
def weak(lab: Lab) -> Host:
    return lab.host("b", f"{B}/24")


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def unicast(
    own: str, peer: str, priority: int, more: str = "", *, ttl: int = 7, interval: str = "0.1"
) -> str:
    """A router of no interface: its adverts go by any, with this TTL."""
    text = config(priority, (f"{VIP}/24 dev eth0",), interface="eth0", interval=interval)
    words = f"unicast_src_ip {own}\nunicast_ttl {ttl}\nunicast_peer {{\n{peer} {more}\n}}"
    return text.replace("interface eth0", words)


@pytest.mark.behaviour("WI-20")
def test_unicast_without_an_interface_elects_and_fails_over(
    lab: Lab, strong: Host, weak: Host, closing: ExitStack
) -> None:
    capture = closing.enter_context(lab.capture())
    first = master(lab, strong, unicast(A, B, 150, interval=CALM))
    second = started(lab, weak, unicast(B, A, 100, interval=CALM))
    quiet = lab.within(20.0, lambda: "Entering BACKUP STATE" in second.log()) and not weak.holds(VIP)

    first.stop()

    assert quiet
    assert lab.within(20.0, lambda: weak.holds(VIP))
    assert {advert.ttl for _, advert in capture.adverts(51)} == {7}


@pytest.mark.behaviour("WI-10")
@pytest.mark.parametrize(
    ("limits", "heeds"),
    [
        pytest.param("min_ttl 7 max_ttl 7", True, id="as far as expected"),
        pytest.param("min_ttl 8", False, id="too far"),
        pytest.param("max_ttl 6", False, id="not far enough"),
    ],
)
def test_an_advert_must_have_come(lab: Lab, strong: Host, weak: Host, limits: str, *, heeds: bool) -> None:
    """A backup that heeds nobody waits for 1.8 s."""
    master(lab, strong, unicast(A, B, 150, interval=CALM))

    daemon = started(lab, weak, unicast(B, A, 100, limits, interval=CALM))
    taken = lab.within(3.0 if heeds else 20.0, lambda: weak.holds(VIP))
    told = lab.within(0 if heeds else 20.0, lambda: "outside min_ttl and max_ttl" in daemon.log())

    assert (taken, told) == (not heeds, not heeds)


@pytest.mark.behaviour("WI-16")
@pytest.mark.parametrize(
    ("word", "told"),
    [pytest.param("", False, id="silently"), pytest.param("log_unknown_vrids", True, id="or not")],
)
def test_an_advert_for_a_vrid_that_nobody_has_is_dropped(
    lab: Lab, strong: Host, weak: Host, word: str, *, told: bool
) -> None:
    stranger = config(200, ("10.99.0.99/24",)).replace("51", "52")
    daemon = started(lab, weak, f"global_defs {{ {word} }}\n" + config(100))

    started(lab, strong, stranger)
    words = "no router here has its virtual router id"

    assert lab.within(20.0 if told else 2.0, lambda: words in daemon.log()) is told
    assert lab.within(20.0, lambda: weak.holds(VIP))


@pytest.mark.behaviour("SM-25")
def test_a_delayed_start_lets_the_master_be_even_if_it_is_weaker(lab: Lab, strong: Host, weak: Host) -> None:
    """Without the delay it would be master a third of a second after its start."""
    master(lab, weak, config(100))

    with lab.capture() as capture:
        daemon = started(lab, strong, "global_defs { vrrp_startup_delay 4 }\n" + config(150))
        assert lab.within(20.0, lambda: strong.holds(VIP))
        spoken_at, _ = capture.adverts(51, source=ip_address(A))[0]

    assert between(daemon.started_at, spoken_at) >= 4 * SECOND
    assert "we have only just started" in daemon.log()


def test_a_network_that_was_split_and_is_whole_again(lab: Lab, strong: Host, weak: Host) -> None:
    first = master(lab, strong, config(150))
    second = started(lab, weak, config(100))
    lab.within(0.5, lambda: False)  # it hears the master a few times
    weak.separate()
    split = lab.within(20.0, lambda: weak.holds(VIP) and strong.holds(VIP))

    weak.rejoin()
    whole = lab.within(20.0, lambda: strong.holds(VIP) and not weak.holds(VIP))
    over = lab.within(20.0, lambda: f"No longer two masters: {A} goes on" in first.log())

    assert (split, whole, over) == (True, True, True)
    assert "Two masters" in first.log() + second.log()

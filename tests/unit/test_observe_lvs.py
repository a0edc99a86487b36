"""The words for virtual servers and their checks, and the dump: as operators of Keepalived grep for them."""

import pytest
from lvs_director import REFUSED, Director, real, web

from standfast.base.times import SECOND
from standfast.core.check.effects import CheckDown, CheckFailed
from standfast.core.lvs.effects import (
    ChecksActive,
    ManyChecksActive,
    QuorumChanged,
    RealServerChanged,
    RealServerWeighed,
    SorryServerChanged,
    TableDiffers,
)
from standfast.observe.dump_lvs import balancer_text
from standfast.observe.line import Level
from standfast.observe.words import line_of

VS, RS = "[10.0.0.100]:tcp:80", "[10.0.0.2]:tcp:80"


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (ChecksActive(VS, RS, active=True), f"Activating healthchecker for service {RS} for VS {VS}"),
        (ChecksActive(VS, RS, active=False), f"Suspending healthchecker for service {RS} for VS {VS}"),
        (
            ChecksActive(VS, RS, active=False, resting=True),
            f"Deactivating healthchecker for service {RS} for VS {VS}",
        ),
        (ManyChecksActive(2, 3000), "Activating healthcheckers for 3000 services of 2 virtual servers"),
        (CheckDown("k", RS, "TCP_CHECK", REFUSED, 1), f"TCP_CHECK on service {RS} failed"),
        (CheckDown("k", RS, "TCP_CHECK", REFUSED, 3), f"TCP_CHECK on service {RS} failed after 2 retries"),
        (RealServerChanged(VS, RS, up=False, weight=1), f"Removing service {RS} from VS {VS}"),
        (RealServerChanged(VS, RS, up=True, weight=1), f"Adding service {RS} to VS {VS}"),
        (RealServerChanged(VS, RS, up=False, weight=1, inhibit=True), f"Disabling service {RS} of VS {VS}"),
        (RealServerChanged(VS, RS, up=True, weight=1, inhibit=True), f"Enabling service {RS} of VS {VS}"),
        (
            RealServerChanged(VS, RS, up=False, weight=0, stopping=True),
            f"Shutting down service {RS} from VS {VS}",
        ),
        (RealServerWeighed(VS, RS, 7, 1), f"Changing weight from 1 to 7 for service {RS} of VS {VS}"),
        (
            QuorumChanged(VS, up=True, live=4, quorum=3, hysteresis=1),
            f"Gained quorum 3+1=4 <= 4 for VS {VS}",
        ),
        (
            QuorumChanged(VS, up=False, live=1, quorum=3, hysteresis=1),
            f"Lost quorum 3-1=2 > 1 for VS {VS}",
        ),
        (SorryServerChanged(VS, RS, used=True), f"Adding sorry server {RS} to VS {VS}"),
        (SorryServerChanged(VS, RS, used=False), f"Removing sorry server {RS} from VS {VS}"),
        (
            TableDiffers("tcp 10.0.0.100:80", ("10.0.0.2:80 is missing",)),
            "Somebody has changed the kernel's table of tcp 10.0.0.100:80; it is put right",
        ),
    ],
)
def test_a_fact_is_said(fact: object, words: str) -> None:
    line = line_of(fact)

    assert line is not None
    assert line.text == words


@pytest.mark.behaviour("HC-21", "HC-22")
@pytest.mark.parametrize(("shown", "level"), [(True, Level.INFO), (False, Level.DEBUG)])
def test_a_failure_that_changes_nothing_is_said_only_if_that_is_configured(shown: bool, level: Level) -> None:
    line = line_of(CheckFailed("k", RS, "TCP_CHECK", REFUSED, 1, shown))

    assert line is not None
    assert line.level == level


def test_the_dump_says_what_is_served_and_why_not() -> None:
    director = Director(web(real(2) + real(3), "sorry_server 10.0.0.9 80"))
    director.run(3, {"10.0.0.2": REFUSED})

    text = balancer_text(director.balancer.snapshot(director.now))

    assert text.splitlines()[:6] == [
        f"Virtual server = {VS}",
        "  Quorum = up",
        "  Live weight = 1, of 1 needed",
        "  Sorry server = [10.0.0.9]:tcp:80, not used",
        f"  Real server = {RS}, weight 1, down: connect: refused",
        "    TCP_CHECK = down",
    ]
    assert "      Last = 2 s ago, took 0 s: connect: refused" in text.splitlines()
    assert "      Next = in 8 s" in text.splitlines()
    assert text.endswith("  Service = tcp 10.0.0.100:80, rr\n    10.0.0.3:80 nat weight 1\n")
    assert director.now == 3 * SECOND

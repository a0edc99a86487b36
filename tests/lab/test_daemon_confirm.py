"""`standfast reload --confirm-within`: what nobody confirms is undone, without a gap for what stands in both."""

from typing import Final

import pytest
from daemon_lab import VIP, cli, config, master, status

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

OTHER: Final = "10.99.0.101"
NEW: Final = config(190, [f"{VIP}/24", f"{OTHER}/24"])


@pytest.fixture
def daemon(lab: Lab, host: Host) -> Daemon:
    """A master whose file says something new already."""
    made = master(lab, host, config(200))
    host.write("standfastd.conf", NEW)
    return made


def test_what_nobody_confirms_is_undone(lab: Lab, host: Host, daemon: Daemon) -> None:
    with host.address_events() as events:
        asked = cli(host, "reload", "--confirm-within", "10s")
        both = lab.within(20.0, lambda: host.holds(OTHER))
        words = cli(host, "status")[1]
        told = status(host)["configuration"]
        undone = lab.within(30.0, lambda: not host.holds(OTHER))
        gone = [str(each.address) for each in events if not each.added]

    after = status(host)["configuration"]
    assert (asked[0], both, undone) == (0, True, True)
    assert "It is undone in 10 s, unless you confirm it: standfast reload --confirm" in asked[1]
    assert "not confirmed" in words
    assert (told["confirm_by"] > told["since"], told["reload"]["ok"]) == (True, True)
    assert (after["generation"], after["reload"]["undone"], after.get("confirm_by")) == (3, True, None)
    assert after["reload"]["words"] == "nobody confirmed it within 10 s"
    assert gone == [OTHER]
    assert "Going back to the former configuration" in daemon.log()
    code, words = cli(host, "status")
    assert (code, "the last reload was undone: nobody confirmed it within 10 s" in words) == (1, True)
    assert "reload-undone" in cli(host, "history", "--json")[1]


def test_what_is_confirmed_stays(lab: Lab, host: Host, daemon: Daemon) -> None:
    cli(host, "reload", "--confirm-within", "5s")

    confirmed = cli(host, "reload", "--confirm")
    again = cli(host, "reload", "--confirm")

    assert confirmed == (0, "Confirmed.\n")
    assert (again[0], "no reload waits to be confirmed" in again[1]) == (4, True)
    assert not lab.within(5.5, lambda: not host.holds(OTHER))
    assert cli(host, "status")[0] == 0
    assert "confirmed by" in daemon.log()


def test_another_reload_meanwhile_is_refused_and_going_back_is_not(
    lab: Lab, host: Host, daemon: Daemon
) -> None:
    cli(host, "reload", "--confirm-within", "10m")

    another = cli(host, "reload")
    daemon.reload(config(180))
    hung_up = lab.within(20.0, lambda: daemon.log().count("No reload now") == 2)
    back = cli(host, "reload", "--back")

    assert (another[0], "waits to be confirmed" in another[1]) == (1, True)
    assert hung_up
    assert (back[0], back[1].startswith("Undone (")) == (0, True)
    assert lab.within(20.0, lambda: not host.holds(OTHER))
    assert status(host)["instances"][0]["base_priority"] == 200
    assert cli(host, "reload")[0] == 0
    assert status(host)["instances"][0]["base_priority"] == 180

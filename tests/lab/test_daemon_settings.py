"""Settings of the kernel that a configuration asks for: there while the daemon runs, and put back as they were."""

from ipaddress import ip_address

import pytest
from daemon_lab import VIP, config, master

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

FIRST, SECOND = "10.77.0.1", "10.77.0.2"
PROMOTES = "/proc/sys/net/ipv4/conf/eth0/promote_secondaries"


@pytest.fixture
def host(lab: Lab) -> Host:
    made = lab.host("a", "10.99.0.1/24")
    made.command("sh", "-c", f"echo 0 > {PROMOTES}")
    return made


def promotes(host: Host) -> str:
    return host.command("cat", PROMOTES).strip()


def test_with_promote_secondaries_an_address_that_goes_takes_no_other_along(lab: Lab, host: Host) -> None:
    addresses = [f"{VIP}/24", f"{FIRST}/24 dev eth0", f"{SECOND}/24 dev eth0"]
    daemon = master(lab, host, config(255, addresses, more="promote_secondaries"))
    assert lab.within(20.0, lambda: host.holds(SECOND))
    assert promotes(host) == "1"

    with host.address_events() as events:
        host.command("ip", "address", "delete", f"{FIRST}/24", "dev", "eth0")
        assert lab.within(20.0, lambda: len(events.of(ip_address(FIRST))) == 2)
        gone = [event for event in events.of(ip_address(SECOND)) if not event.added]

    assert gone == []
    daemon.stop()
    assert promotes(host) == "0"


def test_a_reload_without_promote_secondaries_puts_the_setting_back(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(255, more="promote_secondaries"))
    assert promotes(host) == "1"

    daemon.reload(config(255))

    assert lab.within(20.0, lambda: promotes(host) == "0")


def test_after_everything_was_killed_the_next_start_puts_the_setting_back(lab: Lab, host: Host) -> None:
    master(lab, host, config(255, more="promote_secondaries")).kill()
    assert promotes(host) == "1"

    master(lab, host, config(255))

    assert promotes(host) == "0"

"""A running daemon and its addresses: taken away by hand, with the cable, and over reloads."""

import signal
from ipaddress import ip_address

import pytest
from daemon_lab import CALM, VIP, child_of, config, master, started

from standfast.base.times import MILLISECOND, SECOND, Duration, between
from standfast.lab.clock import now
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

AT_ONCE = Duration(5 * SECOND)  # on a busy machine; what nobody heard of is missed once a minute only
OTHER = "10.99.0.101"


def entered(lab: Lab, daemon: Daemon, state: str, times_: int = 1) -> bool:
    return lab.within(20.0, lambda: daemon.log().count(f"Entering {state} STATE") >= times_)


# ---- taken away


@pytest.mark.behaviour("TR-21")
def test_an_address_removed_by_hand_is_put_back_at_once_and_announced(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(255, more="garp_master_delay 0"))

    with host.address_events() as events, lab.capture() as wire:
        removed_at = now()
        host.command("ip", "address", "delete", f"{VIP}/24", "dev", "eth0")
        assert lab.within(20.0, lambda: len(events.of(ip_address(VIP))) == 2)
        gone, back = events.of(ip_address(VIP))
        assert lab.within(20.0, lambda: wire.announcements(ip_address(VIP)))
        announced_at, said = wire.announcements(ip_address(VIP))[0]

    assert (gone.added, back.added) == (False, True)
    assert between(gone.at, back.at) < AT_ONCE
    assert between(gone.at, announced_at) < AT_ONCE
    assert said.mac == host.mac()
    assert removed_at < gone.at
    assert lab.within(20.0, lambda: f"{VIP}/24 dev eth0 was removed by somebody else" in daemon.log())


def test_addresses_flushed_by_hand_are_all_put_back(lab: Lab, host: Host) -> None:
    many = [f"10.98.0.{n}/32" for n in range(1, 41)]
    daemon = master(lab, host, config(255, [f"{VIP}/24", *many]))

    host.start(
        "ip", "address", "flush", "dev", "eth0", "to", "10.98.0.0/16"
    ).wait()  # gives up, with status 1

    assert lab.within(20.0, lambda: all(host.holds(address) for address in many))
    assert lab.within(20.0, lambda: "was removed by somebody else" in daemon.log())
    assert daemon.log().count("was removed by somebody else") < len(many) / 4, "one line, not forty"


@pytest.mark.behaviour("SM-29", "TR-15")
@pytest.mark.parametrize(
    "how", [pytest.param("cable", id="its cable"), pytest.param("down", id="the interface")]
)
def test_a_master_whose_link_goes_is_in_fault_and_then_a_backup(lab: Lab, host: Host, how: str) -> None:
    daemon = master(lab, host, config(150))

    if how == "cable":
        host.unplug()
    else:
        host.command("ip", "link", "set", "eth0", "down")
    assert entered(lab, daemon, "FAULT")
    assert lab.within(20.0, lambda: not host.holds(VIP))
    if how == "cable":
        host.plug()
    else:
        host.command("ip", "link", "set", "eth0", "up")

    assert entered(lab, daemon, "BACKUP", 2)
    assert entered(lab, daemon, "MASTER", 2)
    assert lab.within(20.0, lambda: host.holds(VIP))
    assert 'reason=interface-down priority=150 why="eth0 is down"' in daemon.log()
    assert "removed by somebody else" not in daemon.log()
    assert "cannot send" not in daemon.log()


def test_a_master_whose_interface_is_removed_and_made_again_comes_back(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(150))
    host.connect("twin", "switch", [])
    again = ["link set twin down", "link delete eth0", "link set twin name eth0"]
    again += ["address add 10.99.0.1/24 dev eth0", "link set eth0 up"]

    host.command("ip", "-batch", "-", text="\n".join(again) + "\n")

    assert entered(lab, daemon, "FAULT")
    assert entered(lab, daemon, "MASTER", 2)
    assert lab.within(20.0, lambda: host.holds(VIP))


@pytest.mark.behaviour("SM-22")
def test_an_owner_leaves_the_host_its_own_address(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, config(255, ["10.99.0.1/24", f"{VIP}/24"]))
    assert lab.within(20.0, lambda: host.holds(VIP))

    assert daemon.stop() == 0

    assert host.holds("10.99.0.1/24")
    assert not host.holds(VIP)


# ---- over reloads


def two(first: list[str], second: list[str]) -> str:
    """Two owners with these addresses."""
    blocks = [config(255, first), config(255, second).replace("VI_1", "VI_2").replace("_id 51", "_id 52")]
    return "\n".join(blocks)


@pytest.mark.behaviour("RL-03", "RL-11")
def test_a_reload_moves_an_address_between_two_masters_and_no_other_is_absent_for_a_moment(
    lab: Lab, host: Host
) -> None:
    """Asked every millisecond from another host; and by what the kernel tells of its addresses."""
    client = lab.host("client", "10.99.0.9/24")
    moved, leaving, coming, kept = "10.99.0.101", "10.99.0.102", "10.99.0.103", VIP
    daemon = started(lab, host, two([f"{kept}/24", f"{moved}/24"], ["10.99.0.110/24", f"{leaving}/24"]))
    assert lab.within(20.0, lambda: host.holds(kept) and host.holds(leaving))
    client.command("ping", "-c", "1", "-W", "2", kept)  # so that no question waits for its first ARP
    client.command("ping", "-c", "1", "-W", "2", moved)

    with host.address_events() as events:
        every = Duration(MILLISECOND)
        with client.probe(kept, every=every) as steady, client.probe(moved, every=every) as moving:
            reloaded_at = daemon.reload(
                two([f"{kept}/24", f"{coming}/24"], ["10.99.0.110/24", f"{moved}/24"])
            )
            assert lab.within(20.0, lambda: "Reload complete" in daemon.log())
            done_at = now()
            assert lab.within(20.0, lambda: steady.answers_since(done_at) and moving.answers_since(done_at))
        assert lab.within(20.0, lambda: events.of(ip_address(leaving)) and events.of(ip_address(coming)))
        told = {address: events.of(ip_address(address)) for address in (kept, moved, leaving, coming)}

    for probe in (steady, moving):
        last = max(question.sent_at for question in probe.questions if question.answered_at)
        asked = [question for question in probe.questions if reloaded_at < question.sent_at <= last]
        assert last > done_at
        assert all(question.answered_at for question in asked)
    assert [[event.added for event in events] for events in told.values()] == [[], [], [False], [True]]
    assert host.holds(moved)
    assert daemon.log().count("Entering") == 2


def test_a_new_source_address_is_used_from_the_next_advert_on(lab: Lab, host: Host) -> None:
    """A master stays master: its peers see another sender."""
    daemon = master(lab, host, config(150, [f"{VIP}/32"]))

    with lab.capture() as wire:
        host.command("ip", "address", "add", "10.98.0.77/24", "dev", "eth0")
        host.command("ip", "address", "delete", "10.99.0.1/24", "dev", "eth0")
        changed_at = now()
        assert lab.within(20.0, lambda: len(wire.adverts(51, since=changed_at)) >= 3)
        sources = {advert.source for _, advert in wire.adverts(51, since=changed_at)[1:]}

    assert sources == {ip_address("10.98.0.77")}
    assert daemon.log().count("Entering") == 2, "it stays master"


# ---- killed


@pytest.mark.parametrize("whom", ["child", "parent", "both"])
def test_whoever_is_killed_no_address_stays_beside_the_new_master(lab: Lab, host: Host, whom: str) -> None:
    """The peer is master by then; who comes back must not answer for the address, and does not preempt."""
    peer = lab.host("b", "10.99.0.2/24")
    daemon = master(lab, host, config(150, more="nopreempt", interval=CALM))
    started(lab, peer, config(100, interval=CALM))

    if whom == "child":
        daemon.signal(signal.SIGSTOP)  # so that nobody replaces the child before the peer has taken over
        daemon.signal(signal.SIGKILL, child_of(host))
    else:
        daemon.kill() if whom == "both" else daemon.signal(signal.SIGKILL)
    assert lab.within(20.0, lambda: peer.holds(VIP))
    if whom == "child":
        daemon.signal(signal.SIGCONT)
    else:
        started(lab, host, config(150, more="nopreempt", interval=CALM))

    assert lab.within(20.0, lambda: not host.holds(VIP))
    assert peer.holds(VIP)


def test_a_reload_gives_an_address_another_label_and_broadcast_address(lab: Lab, host: Host) -> None:
    """The kernel changes neither in place, so the address goes for the moment between two requests."""
    text = config(255, [f"{VIP}/24 label eth0:old", f"{OTHER}/24"])
    daemon = master(lab, host, text)
    with host.address_events() as events:
        daemon.reload(text.replace("label eth0:old", "label eth0:new brd 10.99.0.127"))
        assert lab.within(20.0, lambda: "eth0:new" in host.command("ip", "address", "show", "dev", "eth0"))
        assert lab.within(20.0, lambda: len(events.of(ip_address(VIP))) >= 2)
        there = events.of(ip_address(VIP))
        others = [event for event in events.of(ip_address(OTHER)) if not event.added]

    assert "brd 10.99.0.127 scope global secondary eth0:new" in host.command("ip", "address")
    assert [event.added for event in there] == [False, True]
    assert between(there[0].at, there[1].at) < AT_ONCE
    assert others == []
    assert "was removed by somebody else" not in daemon.log()


@pytest.mark.behaviour("WI-06")
def test_adverts_fit_the_link_or_there_is_no_master(lab: Lab, host: Host) -> None:
    """Of 600 bytes, 36 are headers: there is room for 141 addresses."""
    host.command("ip", "link", "set", "eth0", "mtu", "600")
    many = [f"10.98.0.{n}/32" for n in range(1, 151)]
    with lab.capture() as capture:
        daemon = master(lab, host, config(255, [f"{VIP}/24", *many]))
        assert lab.within(20.0, lambda: len(capture.adverts(51)) > 2)
        listed = {len(advert.addresses) for _, advert in capture.adverts(51)}
    assert listed == {141}
    assert host.holds("10.98.0.150")
    assert lab.within(20.0, lambda: "room for 141 of 151 addresses" in daemon.log())

    host.command("ip", "link", "set", "eth0", "mtu", "500")

    assert entered(lab, daemon, "FAULT")
    assert lab.within(20.0, lambda: "its adverts do not fit the MTU of eth0 (500)" in daemon.log())

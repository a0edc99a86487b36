"""The table as a whole: batches, a table that is not as believed, refusals, counters."""

import asyncio
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from ipvs_table import ipvsadm, table_in

from standfast.base.addresses import IpAddress, parse_address
from standfast.base.errors import Refused
from standfast.base.services import (
    Destination,
    Endpoint,
    Forwarding,
    Mark,
    Persistence,
    Service,
    ServiceKey,
    Transport,
)
from standfast.core.lvs.delta import delta
from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    RemoveService,
    TableCommand,
)
from standfast.core.lvs.table import Table, balanced, table_of
from standfast.linux import netlink
from standfast.linux.ipvs import Ipvs, Outcome
from standfast.linux.requests import Requests
from standfast.wire.ipvs import Timeouts
from standfast.wire.ipvs_daemon import SyncDaemon, SyncPart

WEB = Endpoint(Transport.TCP, parse_address("10.0.0.100"), 80)
SERVICE = Service(WEB, "rr")
ONE, TWO = (Destination(parse_address(f"10.0.0.{number}"), 80) for number in (1, 2))
HEAVY = Destination(ONE.address, 80, weight=9)


def many(count: int) -> list[IpAddress]:
    return [parse_address(f"10.1.{number >> 8}.{number & 255}") for number in range(1, count + 1)]


@contextmanager
def sends() -> Iterator[list[int]]:
    """The lengths of what is sent meanwhile."""
    lengths: list[int] = []
    send = Requests.send

    def counted(self: Requests, messages: bytes) -> None:
        lengths.append(len(messages))
        send(self, messages)

    with patch.object(Requests, "send", counted):
        yield lengths


def test_a_thousand_destinations_are_ten_sends(ipvs: Ipvs) -> None:
    want = table_of([balanced(SERVICE, [Destination(address, 80) for address in many(1000)])])

    with sends() as lengths:
        outcome = ipvs.apply(delta({}, want))

    assert outcome == Outcome()
    assert len(lengths) == 11
    assert table_in(ipvs) == want


def test_many_services_are_read_back(ipvs: Ipvs) -> None:
    services = [Service(Endpoint(Transport.TCP, address, 80), "wrr") for address in many(300)]
    want = table_of([balanced(service, [ONE, HEAVY, TWO]) for service in services])

    assert ipvs.apply(delta({}, want)) == Outcome()
    assert table_in(ipvs) == want


def test_what_is_no_longer_wanted_goes(ipvs: Ipvs) -> None:
    other = Service(Mark(7), "rr")
    have = table_of([balanced(SERVICE, [ONE, TWO]), balanced(other, [ONE])])
    want = table_of([balanced(SERVICE, [TWO])])
    ipvs.apply(delta({}, have))

    assert ipvs.apply(delta(have, want)) == Outcome()
    assert table_in(ipvs) == want


def test_a_service_of_somebody_else_is_left_alone(ipvs: Ipvs) -> None:
    ipvsadm("-A -t 10.0.0.200:80 -s rr")
    want = table_of([balanced(SERVICE, [ONE])])

    ipvs.apply(delta({}, want))
    ipvs.apply(delta(want, {}))

    assert ipvsadm("-S -n") == ["-A -t 10.0.0.200:80 -s rr"]


BARE: Table = table_of([balanced(SERVICE)])
FULL: Table = table_of([balanced(SERVICE, [ONE])])


@pytest.mark.parametrize(
    ("have", "command", "after"),
    [
        pytest.param(
            FULL,
            AddService(Service(WEB, "wlc")),
            table_of([balanced(Service(WEB, "wlc"), [ONE])]),
            id="a service that is there already is made as it should be",
        ),
        pytest.param(
            {}, EditService(SERVICE), BARE, id="a service that should be changed and is gone is added"
        ),
        pytest.param({}, RemoveService(WEB), {}, id="a service that should go and is gone is gone"),
        pytest.param(
            FULL,
            AddDestination(WEB, HEAVY),
            table_of([balanced(SERVICE, [HEAVY])]),
            id="a destination that is there already is made as it should be",
        ),
        pytest.param(
            BARE,
            EditDestination(WEB, HEAVY),
            table_of([balanced(SERVICE, [HEAVY])]),
            id="a destination that should be changed and is gone is added",
        ),
        pytest.param(
            BARE,
            RemoveDestination(WEB, ONE.key),
            BARE,
            id="a destination that should go and is gone is gone",
        ),
        pytest.param({}, RemoveDestination(WEB, ONE.key), {}, id="and so it is if the whole service is gone"),
    ],
)
def test_a_table_that_is_not_as_believed_becomes_as_wanted(
    ipvs: Ipvs, have: Table, command: TableCommand, after: Table
) -> None:
    ipvs.apply(delta({}, have))

    outcome = ipvs.apply([command])

    assert outcome == Outcome(surprises=(command,))
    assert table_in(ipvs) == after


def test_a_service_that_is_gone_comes_back_with_what_is_changed_in_it(ipvs: Ipvs) -> None:
    """Somebody has emptied the table; what was not mentioned is found by the next reading."""
    ipvs.apply([EditService(SERVICE), EditDestination(WEB, HEAVY)])

    assert table_in(ipvs) == table_of([balanced(SERVICE, [HEAVY])])


def refusal_of(outcome: Outcome) -> str:
    (refusal,) = outcome.refusals
    return str(refusal.refused)


def test_a_destination_of_no_service_is_refused_in_words(ipvs: Ipvs) -> None:
    outcome = ipvs.apply([AddDestination(WEB, ONE)])

    assert (
        refusal_of(outcome)
        == "cannot add 10.0.0.1:80 to service tcp 10.0.0.100:80: the service is not there any more [ESRCH]"
    )


def test_one_refusal_keeps_nothing_else_from_being_done(ipvs: Ipvs) -> None:
    outcome = ipvs.apply([AddDestination(Mark(9), ONE), AddService(SERVICE), AddDestination(WEB, ONE)])

    assert [refusal.command for refusal in outcome.refusals] == [AddDestination(Mark(9), ONE)]
    assert table_in(ipvs) == FULL


def test_a_family_that_does_not_fit_is_refused_in_words(ipvs: Ipvs) -> None:
    far = Destination(parse_address("2001:db8::1"), 80, Forwarding.DIRECT)

    outcome = ipvs.apply([AddService(SERVICE), AddDestination(WEB, far)])

    assert "its family differs from the service's, which needs tunnelling" in refusal_of(outcome)


@pytest.mark.parametrize(
    ("service", "module"),
    [
        pytest.param(Service(WEB, "nosuch"), "ip_vs_nosuch", id="a scheduler"),
        pytest.param(
            Service(WEB, "rr", persistence=Persistence(60, None, "nosuch")), "ip_vs_pe_nosuch", id="an engine"
        ),
    ],
)
def test_a_module_that_is_missing_is_named_with_the_reason(ipvs: Ipvs, service: Service, module: str) -> None:
    outcome = ipvs.apply([AddService(service), AddDestination(WEB, ONE)])

    words = [str(refusal.refused) for refusal in outcome.refusals]
    assert len(words) == 2
    assert "the kernel has no module" in words[0]
    assert module in words[0]
    assert "not found in directory" in words[0]


def test_a_module_that_the_kernel_did_not_find_is_loaded_by_us(
    network: None, loop: asyncio.AbstractEventLoop
) -> None:
    """The kernel's own way is blocked: its modprobe does nothing."""
    subprocess.run(["modprobe", "-r", "ip_vs_lblcr"], check=False)
    assert "ip_vs_lblcr " not in Path("/proc/modules").read_text()
    program = Path("/proc/sys/kernel/modprobe")
    before = program.read_text()
    program.write_text("/bin/true")
    try:
        with closing(Ipvs(loop)) as ipvs:
            outcome = ipvs.apply([AddService(Service(WEB, "lblcr")), AddDestination(WEB, ONE)])
            assert outcome == Outcome()
            assert table_in(ipvs) == table_of([balanced(Service(WEB, "lblcr"), [ONE])])
    finally:
        program.write_text(before)


def test_who_may_not_is_told_what_is_missing(ipvs: Ipvs) -> None:
    said = []

    def without_capability() -> None:
        os.setresuid(-1, 65534, -1)
        said.append(refusal_of(ipvs.apply([AddService(SERVICE)])))

    thread = threading.Thread(target=without_capability)
    thread.start()
    thread.join()
    os.setresuid(-1, 0, -1)

    assert "the process lacks CAP_NET_ADMIN" in said[0]


def test_counters_and_connections_are_read_and_set_to_zero(ipvs: Ipvs, cable: None) -> None:
    ipvs.apply([AddService(SERVICE), AddDestination(WEB, ONE)])
    subprocess.run(["ip", "addr", "add", "10.0.0.100/32", "dev", "lo"], check=True)
    subprocess.run(["bash", "-c", "exec 3<>/dev/tcp/10.0.0.100/80"], check=False, stderr=subprocess.DEVNULL)

    def packets() -> tuple[int, int]:
        with closing(ipvs.read(counters=True)) as reading:
            reading.finish()
        service, ((destination,),) = reading.services[0].counters, reading.destinations
        assert service is not None
        assert destination.counters is not None
        return service.connections, destination.counters.packets_in

    until = time.monotonic() + 30
    while not (counted := packets())[0] and time.monotonic() < until:
        time.sleep(0.1)  # the kernel adds up every two seconds
    ipvs.zero()

    assert counted[0] == 1
    assert counted[1] > 0
    assert packets() == (0, 0)


def test_the_table_can_be_emptied(ipvs: Ipvs) -> None:
    ipvsadm("-A -t 10.0.0.200:80 -s rr")

    ipvs.flush()

    assert ipvsadm("-S -n") == []


def test_the_version_is_told(ipvs: Ipvs) -> None:
    assert ipvs.info().version == (1, 2, 1)


def test_timeouts_are_set_and_put_back(ipvs: Ipvs) -> None:
    before = ipvs.timeouts()

    ipvs.set_timeouts(Timeouts(tcp=1000, udp=30))
    between = ipvsadm("-L --timeout")
    ipvs.set_timeouts(before)

    assert before == Timeouts(900, 120, 300)
    assert between == ["Timeout (tcp tcpfin udp): 1000 120 30"]
    assert ipvs.timeouts() == before


def test_timeouts_that_the_kernel_does_not_take_are_refused_in_words(ipvs: Ipvs) -> None:
    with pytest.raises(Refused, match="cannot set IPVS's timeouts"):
        ipvs.set_timeouts(Timeouts(tcp=0xFFFFFFFF))


FULL_DAEMON = SyncDaemon(SyncPart.MASTER, "eth0", 7, 1400, parse_address("224.0.0.82"), 8849, 3)


@pytest.mark.parametrize(
    "daemon",
    [
        pytest.param(FULL_DAEMON, id="with all that can be said"),
        pytest.param(
            SyncDaemon(SyncPart.BACKUP, "eth0", 9, 1300, parse_address("ff02::82"), 8848, 1), id="in IPv6"
        ),
        pytest.param(SyncDaemon(SyncPart.MASTER, "eth0"), id="with nothing but its link"),
    ],
)
def test_a_sync_daemon_starts_and_stops(ipvs: Ipvs, cable: None, daemon: SyncDaemon) -> None:
    ipvs.start_daemon(daemon)
    (said,) = ipvsadm("-L --daemon")
    (running,) = ipvs.daemons()
    ipvs.stop_daemon(daemon.part)

    assert said.startswith(f"{daemon.part.name.lower()} sync daemon (mcast=eth0, syncid={daemon.number},")
    if daemon.longest:
        assert running == daemon
    assert ipvs.daemons() == ()


def test_a_sync_daemon_of_other_parameters_is_replaced(ipvs: Ipvs, cable: None) -> None:
    ipvs.start_daemon(SyncDaemon(SyncPart.MASTER, "eth0", 3))

    ipvs.start_daemon(FULL_DAEMON)
    ipvs.start_daemon(FULL_DAEMON)  # as it is already: nothing happens

    assert ipvs.daemons() == (FULL_DAEMON,)
    ipvs.stop_daemon(SyncPart.MASTER)
    ipvs.stop_daemon(SyncPart.MASTER)  # it does not run: that is fine


def test_both_parts_of_a_sync_daemon_run_side_by_side(ipvs: Ipvs, cable: None) -> None:
    for part in SyncPart:
        ipvs.start_daemon(SyncDaemon(part, "eth0", 5))

    assert {daemon.part for daemon in ipvs.daemons()} == set(SyncPart)
    for part in SyncPart:
        ipvs.stop_daemon(part)


def test_a_sync_daemon_without_its_link_is_refused_in_words(ipvs: Ipvs) -> None:
    with pytest.raises(Refused, match="the interface is not there"):
        ipvs.start_daemon(SyncDaemon(SyncPart.MASTER, "nosuch"))


def test_a_sync_daemon_beside_destinations_of_another_family_is_refused_in_words(
    ipvs: Ipvs, cable: None
) -> None:
    far = Destination(parse_address("2001:db8::1"), 80, Forwarding.TUNNEL)
    ipvs.apply([AddService(SERVICE), AddDestination(WEB, far)])

    with pytest.raises(Refused, match="a service has a destination of another family"):
        ipvs.start_daemon(FULL_DAEMON)


def key_of(number: int) -> ServiceKey:
    return Endpoint(Transport.TCP, many(number)[-1], 80)


def test_a_table_that_changes_while_it_is_read_is_read_without_what_has_gone(ipvs: Ipvs) -> None:
    ipvs.apply([AddService(Service(key_of(number), "rr")) for number in (1, 2, 3)])
    ipvs.apply([AddDestination(key_of(number), ONE) for number in (1, 2, 3)])
    with closing(ipvs.read()) as reading:
        while not reading.destinations:
            reading.advance()
        ipvs.apply([RemoveService(reading.services[-1].service.key)])
        reading.finish()

    assert [len(each) for each in reading.destinations] == [1, 1, 0]


def test_refusals_that_overran_the_socket_are_lost_and_that_is_known(
    network: None, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows then what was done: the table is to be read."""
    monkeypatch.setattr(netlink, "NETLINK_RECEIVE_BUFFER", 2048)
    nowhere = [RemoveDestination(WEB, Destination(ONE.address, 80 + port).key) for port in range(500)]
    with closing(Ipvs(loop)) as ipvs:
        assert ipvs.apply(nowhere).lost

        assert not ipvs.apply([AddService(SERVICE)]).lost
        assert list(table_in(ipvs)) == [WEB]

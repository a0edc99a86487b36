"""Attacks on running daemons that sign their adverts: nothing moves, and each is counted by what is wrong with it.

The attacker sits on the same link, sees every packet, and sends what he likes from any address; but he has no key.
"""

import re
import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from ipaddress import IPv4Address

import pytest
from daemon_lab import VIP

from standfast.base.addresses import Family
from standfast.base.times import WallTime
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.namespaces import lacking
from standfast.lab.packets import Packet
from standfast.lab.processes import Process
from standfast.wire.checksum import ChecksumForm
from standfast.wire.ip import Ipv4Packet, decode_ipv4, ipv4_header
from standfast.wire.vrrp import Advert, decode_advert, encode_advert
from standfast.wire.vrrp_hmac import TRAILER_SIZE, sequence_at, sign

KEY = "3f" * 32
MASTER, BACKUP, ATTACKER = (IPv4Address(f"10.99.0.{n}") for n in (1, 2, 66))
GROUP = IPv4Address("224.0.0.18")
# Seconds: a master yields at once, a backup that believes a goodbye waits 0.3 s. The interval is long enough for
# neither to miss the other when the machine stands still for a moment, 1.5 s and more.
WATCHED = 1.2
RECORDED = 4  # adverts that are repeated
FORGED = 20  # packets of each attack
DROPPED = re.compile(r"^  Dropped, (\S+) = (\d+)$", re.MULTILINE)


def config(priority: int, *, more: str = "") -> str:
    """A router that signs, with 0.5 s between adverts."""
    return f"""vrrp_instance VI_1 {{
        interface eth0
        virtual_router_id 51
        version 3
        priority {priority}
        advert_int 0.5
        virtual_ipaddress {{
            {VIP}/24
        }}
        auth_hmac {{
            key 1 hex:{KEY}
            active_key 1
            time_window 2
        }}
        {more}
    }}"""


class Siege:
    """A master and a backup that sign, and an attacker beside them."""

    def __init__(self, lab: Lab, *, unicast: bool = False) -> None:
        self.lab = lab
        self.master, self.backup = lab.host("a", f"{MASTER}/24"), lab.host("b", f"{BACKUP}/24")
        self.attacker = lab.host("x", f"{ATTACKER}/24")
        more = _peers if unicast else lambda *_: ""
        self.daemons = [
            self._run(self.master, config(150, more=more(MASTER, BACKUP))),
            self._run(self.backup, config(100, more=more(BACKUP, MASTER))),
        ]
        assert lab.within(20.0, lambda: self.master.holds(VIP) and not self.backup.holds(VIP))
        self.raw = self.attacker.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0\0")

    def _run(self, host: Host, text: str) -> Process:
        """A daemon whose dumps stand where only its host sees them."""
        host.write("d.conf", text)
        files = ["-f", "/run/d.conf", "-p", "/run/d.pid", "-r", "/run/d-v.pid"]
        return host.start("env", "TMPDIR=/run", *self.lab.daemon, "-n", "-l", "-P", *files)

    def transitions(self) -> list[int]:
        """How often each daemon has changed its state."""
        return [daemon.log().count(" Entering ") for daemon in self.daemons]

    def recorded(self) -> Ipv4Packet:
        """The newest advert of the master, as the attacker sees it."""
        with self.attacker.capture() as wire:
            assert self.lab.within(20.0, lambda: _of_master(wire))
            return _of_master(wire)[-1]

    def send(
        self, payload: bytes, *, source: IPv4Address = ATTACKER, to: IPv4Address = GROUP, ttl: int = 255
    ) -> None:
        """Send something, from whom he likes."""
        header = ipv4_header(source, to, len(payload), identification=7, ttl=ttl)
        self.raw.sendto(header + payload, (str(to), 0))

    def barrage(
        self, payload: bytes, *, source: IPv4Address = ATTACKER, to: IPv4Address = GROUP, ttl: int = 255
    ) -> None:
        """Send it again and again."""
        for _ in range(FORGED):
            self.send(payload, source=source, to=to, ttl=ttl)

    def drops(self, host: Host) -> dict[str, int]:
        """What a daemon has dropped so far, by reason: the signal SIGUSR1 has it written."""
        old = host.read("keepalived.data")
        host.command("kill", f"-{signal.SIGUSR1:d}", host.read("d.pid").strip())
        assert self.lab.within(20.0, lambda: host.read("keepalived.data") != old)
        return {word: int(number) for word, number in DROPPED.findall(host.read("keepalived.data"))}

    def survives(self, attack: Callable[[], None], *, reason: str, counted_by: Iterable[Host]) -> None:
        """Attack: nobody changes his state, the address stays, and each packet is counted by its reason."""
        transitions = self.transitions()
        counted = [(host, self.drops(host).get(reason, 0)) for host in counted_by]

        attack()

        assert not self.lab.within(WATCHED, lambda: self.transitions() != transitions)
        assert self.master.holds(VIP)
        assert not self.backup.holds(VIP)
        for host, before in counted:
            assert self.lab.within(20.0, partial(self._has_counted, host, reason, before + FORGED))
            assert self.drops(host).get(reason, 0) == before + FORGED, f"{reason} of {host.name}"

    def _has_counted(self, host: Host, reason: str, count: int) -> bool:
        return self.drops(host).get(reason, 0) >= count


def _peers(own: IPv4Address, peer: IPv4Address) -> str:
    return f"unicast_src_ip {own}\n unicast_peer {{\n{peer}\n}}\n check_unicast_src"


def _of_master(wire: Iterable[Packet]) -> list[Ipv4Packet]:
    """The adverts of the master among what was captured."""
    adverts = [p.frame for p in wire if p.frame[12:14] == b"\x08\0" and p.frame[14 + 9] == 112]
    return [packet for packet in map(decode_ipv4, (f[14:] for f in adverts)) if packet.source == MASTER]


@pytest.fixture(scope="module")
def siege() -> Iterator[Siege]:
    """One siege for all attacks by multicast."""
    if words := lacking():
        pytest.skip(words)
    with Lab() as lab:
        made = Siege(lab)
        yield made
        made.raw.close()
        print(lab.log())


def unsigned(priority: int, source: IPv4Address = ATTACKER) -> bytes:
    """What a daemon without a key would say."""
    vip = (IPv4Address(VIP),)
    advert = Advert(3, Family.IPV4, 51, priority, 10, vip, ChecksumForm.PSEUDO_HEADER)
    return encode_advert(advert, source, GROUP)


def forged(priority: int, *, key_id: int = 1, source: IPv4Address = ATTACKER) -> bytes:
    """What a daemon with another key would say at this moment."""
    message = unsigned(priority, source)
    now = sequence_at(WallTime(time.time_ns() // 1_000))
    return message + sign(message, source, key_id=key_id, key=b"x" * 32, sequence=now)


@pytest.mark.behaviour("AU-10", "AU-12")
@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param(unsigned(254), "hmac-missing", id="a higher priority without a signature"),
        pytest.param(unsigned(255), "hmac-missing", id="the priority of an owner without one"),
        pytest.param(unsigned(0), "hmac-missing", id="a goodbye without one"),
        pytest.param(forged(254), "hmac-invalid", id="a higher priority by another key"),
        pytest.param(forged(254, key_id=9), "hmac-unknown-key", id="a higher priority by a key nobody has"),
        pytest.param(forged(254)[:-3], "hmac-malformed", id="a signature that is cut"),
        pytest.param(forged(254) + b"more", "hmac-malformed", id="a signature with something behind it"),
    ],
)
def test_a_forged_advert_moves_nothing(siege: Siege, payload: bytes, reason: str) -> None:
    siege.survives(
        partial(siege.barrage, payload),
        reason=reason,
        counted_by=(siege.backup, siege.master),
    )


@pytest.mark.behaviour("AU-12")
@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param(unsigned(0, MASTER), "hmac-missing", id="without a signature"),
        pytest.param(forged(0, source=MASTER), "hmac-invalid", id="with another key"),
    ],
)
def test_a_goodbye_in_the_name_of_the_master_moves_nothing(siege: Siege, payload: bytes, reason: str) -> None:
    siege.survives(
        partial(siege.barrage, payload, source=MASTER),
        reason=reason,
        counted_by=(siege.backup,),
    )


@pytest.mark.behaviour("AU-12", "AU-13")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda payload: payload, "hmac-replay", id="as it was"),
        pytest.param(lambda payload: payload[:-TRAILER_SIZE], "hmac-missing", id="without its signature"),
        pytest.param(lambda payload: payload[:-1], "hmac-malformed", id="cut"),
        pytest.param(lambda payload: _with_priority(payload, 0), "hmac-invalid", id="as a goodbye"),
        pytest.param(lambda payload: _with_priority(payload, 254), "hmac-invalid", id="with more priority"),
    ],
)
def test_a_recorded_advert_moves_nothing(siege: Siege, change: Callable[[bytes], bytes], reason: str) -> None:
    def attack() -> None:
        for _ in range(RECORDED):
            payload = change(siege.recorded().payload)
            for _ in range(FORGED // RECORDED):
                siege.send(payload, source=MASTER)

    siege.survives(attack, reason=reason, counted_by=(siege.backup,))


def _with_priority(payload: bytes, priority: int) -> bytes:
    """A signed advert with another priority and the checksum that goes with it."""
    advert = replace(decode_advert(payload[:-TRAILER_SIZE], MASTER, GROUP), priority=priority)
    return encode_advert(advert, MASTER, GROUP) + payload[-TRAILER_SIZE:]


@pytest.mark.behaviour("AU-13")
def test_an_advert_from_before_the_window_is_stale(siege: Siege) -> None:
    payload = siege.recorded().payload
    then = time.monotonic()
    siege.lab.within(3.0, lambda: time.monotonic() - then > 2.5)

    siege.survives(
        partial(siege.barrage, payload, source=MASTER),
        reason="hmac-stale",
        counted_by=(siege.backup,),
    )


def test_an_advert_that_has_come_through_a_router_moves_nothing(siege: Siege) -> None:
    siege.survives(
        partial(siege.barrage, forged(254), ttl=254),
        reason="ttl",
        counted_by=(siege.backup, siege.master),
    )


@pytest.mark.behaviour("AU-10", "WI-11")
def test_by_unicast_a_stranger_and_a_false_peer_move_nothing(lab: Lab) -> None:
    siege = Siege(lab, unicast=True)

    for payload, source, reason in (
        (unsigned(254), ATTACKER, "checksum"),  # it was made for the group
        (_to_backup(unsigned(254), ATTACKER), ATTACKER, "sender"),
        (_to_backup(unsigned(0, MASTER), MASTER), MASTER, "hmac-missing"),
    ):
        siege.survives(
            partial(siege.barrage, payload, source=source, to=BACKUP),
            reason=reason,
            counted_by=(siege.backup,),
        )
    siege.raw.close()


def _to_backup(message: bytes, source: IPv4Address) -> bytes:
    """An advert to the group, as one to the backup alone."""
    return encode_advert(decode_advert(message, source, GROUP), source, BACKUP)


@pytest.mark.behaviour("AU-12", "AU-13")
def test_copies_of_its_adverts_do_not_keep_a_dead_master_alive(lab: Lab) -> None:
    """The attacker repeats the master's last adverts for ever; the backup takes over as if he were not there."""
    siege = Siege(lab)
    payloads = [siege.recorded().payload for _ in range(3)]
    siege.master.power_off()

    def taken() -> bool:
        for payload in payloads:
            siege.send(payload, source=MASTER)
        return siege.backup.holds(VIP)

    assert lab.within(20.0, taken)
    assert siege.drops(siege.backup)["hmac-replay"] > FORGED
    siege.raw.close()

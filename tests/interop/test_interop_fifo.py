"""Pipes and mails: Standfast and Keepalived say the same, letter by letter, of the same story."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pytest

from standfast.lab.clock import within
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.namespaces import lacking

NO_ALERTS = ("MASTER_PRIORITY", "STOP", "STOP", "STOP")  # lines of the story that are in no mail
PROGRAMS = ("standfast", "keepalived")
READER = 'exec 3<>/run/fifo; while read -r line <&3; do echo "$line" >> /run/lines; done'
SMTP = """
import socket, threading
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 2525))
server.listen(64)
def serve(client):
    lines = client.makefile("rwb", 0)
    lines.write(b"220 here\\r\\n")
    heard, inside = [], False
    for line in lines:
        heard.append(line)
        if inside:
            inside = line != b".\\r\\n"
            if inside:
                continue
        words = line.split() or [b""]
        if words[0] == b"QUIT":
            break
        inside = words[0] == b"DATA"
        lines.write(b"354 go on\\r\\n" if inside else b"250 fine\\r\\n")
    with open("/run/mails", "ab") as file:
        file.write(b"".join(heard) + b"\\n")
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
"""


def router(number: int, words: str = "") -> str:
    return f"""vrrp_instance VI_{number} {{
        interface eth0
        virtual_router_id {number}
        version 3
        priority 100
        advert_int 0.1
        {words}
        virtual_ipaddress {{
            10.99.1.{number}/32
        }}
    }}
    """


def config(base: int, *, alone: bool = True) -> str:
    """A sync group of two, and an instance of its own that follows a file."""
    first, second, third = base + 1, base + 2, base + 3
    own = router(third, "track_file {\n            F weight 1\n        }") if alone else ""
    return f"""global_defs {{
        router_id R1
        enable_script_security
        script_user root
        vrrp_notify_priority_changes on
        notify_fifo /run/fifo
        smtp_server 127.0.0.1 2525
        smtp_alert
        notification_email_from daemon@example.org
        notification_email {{
            ann@example.org
        }}
    }}
    vrrp_track_file F {{
        file /run/weight
    }}
    vrrp_sync_group VG {{
        group {{
            VI_{first}
            VI_{second}
        }}
    }}
    {router(first)}{router(second)}{own}"""


class Witness(NamedTuple):
    """What was written on each host, with the numbers of its routers made equal."""

    lines: Mapping[str, list[str]]
    mails: Mapping[str, list[str]]


@pytest.fixture(scope="module")
def witness() -> Iterator[Witness]:
    """Both live through a start, another priority, a pulled cable, the removal of an instance, and a stop."""
    if words := lacking():
        pytest.skip(words)
    with Lab() as lab:
        hosts = {name: _prepared(lab, name, number) for number, name in enumerate(PROGRAMS, 1)}
        yield _story(hosts)


def _prepared(lab: Lab, name: str, number: int) -> Host:
    host = lab.host(name[0], f"10.99.0.{number}/24")
    host.command("ip", "link", "set", "lo", "up")
    host.command("mkfifo", "/run/fifo")
    host.write("weight", "0")
    host.start("sh", "-c", READER)
    host.start("python3", host.write("smtp.py", SMTP))
    host.command(
        "sh", "-c", "for i in $(seq 300); do ss -ltn | grep -q :2525 && exit; sleep 0.1; done; exit 1"
    )
    return host


def _story(hosts: Mapping[str, Host]) -> Witness:
    bases = {"standfast": 10, "keepalived": 20}
    daemons: dict[str, Daemon] = {}
    for name, host in hosts.items():
        run: Callable[[str], Daemon] = host.run if name == "standfast" else host.keepalived
        daemons[name] = run(config(bases[name]))
    _all_see(hosts, bases, ["VG MASTER 0", "VI_1 MASTER 100", "VI_2 MASTER 100", "VI_3 MASTER 100"])
    for host in hosts.values():
        host.write("weight", "20")
    _all_see(hosts, bases, ["VI_3 MASTER_PRIORITY 120"])
    for host in hosts.values():
        host.unplug()
    _all_see(hosts, bases, ["VG FAULT 0", "VI_3 FAULT 120"])
    for host in hosts.values():
        host.plug()
    _all_see(hosts, bases, ["VI_3 MASTER 120", "VG MASTER 0"], times=2)
    for name, daemon in daemons.items():
        daemon.reload(config(bases[name], alone=False))
    _all_see(hosts, bases, ["VI_3 FAULT 120"], times=2)
    for daemon in daemons.values():
        daemon.stop()
    _all_see(hosts, bases, ["VI_1 STOP 100"])
    # A mail is on its way when its line is written.
    ours, base = hosts["standfast"], bases["standfast"]
    within(30.0, lambda: len(_mails(ours, base)) == len(_lines(ours, base)) - len(NO_ALERTS), every=0.05)
    return Witness(
        {name: _lines(host, bases[name]) for name, host in hosts.items()},
        {name: _mails(host, bases[name]) for name, host in hosts.items()},
    )


def _all_see(
    hosts: Mapping[str, Host], bases: Mapping[str, int], ends: Sequence[str], times: int = 1
) -> None:
    """Go on when both have written lines that say so; the tests will notice if they have not."""

    def seen(name: str) -> bool:
        told = [line.replace('"', "").partition(" ")[2] for line in _lines(hosts[name], bases[name])]
        return all(told.count(end) >= times for end in ends)

    within(30.0, lambda: all(map(seen, hosts)), every=0.05)


def _lines(host: Host, base: int) -> list[str]:
    return _renumbered(host.read("lines"), base).splitlines()


def _renumbered(text: str, base: int) -> str:
    for number in (1, 2, 3):
        text = text.replace(f"VI_{base + number}", f"VI_{number}")
    return text


def _mails(host: Host, base: int) -> list[str]:
    """Subject and body of each mail, in an order that does not depend on who was quicker."""
    found = []
    for mail in _renumbered(host.read("mails"), base).replace("\r", "").split("DATA\n")[1:]:
        head, _, body = mail.partition("\n\n")
        subject = next(line for line in head.splitlines() if line.startswith("Subject: "))
        found.append(f"{subject} {body.splitlines()[0]}")
    return sorted(found)


@pytest.mark.behaviour("NO-02")
@pytest.mark.parametrize("who", ["VI_1", "VI_2", "VI_3", "VG"])
def test_the_lines_of_each_are_the_same(witness: Witness, who: str) -> None:
    ours, theirs = ([line for line in witness.lines[name] if f'"{who}"' in line] for name in PROGRAMS)

    assert theirs
    assert ours == theirs


def test_a_group_is_told_after_its_members(witness: Witness) -> None:
    for name in PROGRAMS:
        lines = witness.lines[name]
        fault = lines.index('GROUP "VG" FAULT 0')
        assert {'INSTANCE "VI_1" FAULT 100', 'INSTANCE "VI_2" FAULT 100'} <= set(lines[:fault]), name


@pytest.mark.behaviour("NO-06", "NO-07")
def test_the_mails_are_the_same(witness: Witness) -> None:
    # Keepalived gives up mails that it cannot hand in at once; the others must be among ours.
    assert len(witness.mails["keepalived"]) > 5
    assert set(witness.mails["keepalived"]) - set(witness.mails["standfast"]) == set()
    assert len(witness.mails["standfast"]) == len(witness.lines["standfast"]) - len(NO_ALERTS)

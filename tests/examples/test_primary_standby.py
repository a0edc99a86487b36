"""examples/primary-standby: what a client wrote is there after each failover of PostgreSQL."""

import re
from pathlib import Path

import pytest
from example_lab import PATIENCE, Example, Machine, needs

from standfast.base.errors import Refused
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIP = "192.0.2.100"
SCRIPTS = ("check-postgres", "promote", "fence", "rebuild-standby")
FRESH = ("/etc/postgresql", "/var/lib/postgresql", "/var/log/postgresql")
ROLES = """
CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'copy';
CREATE ROLE app LOGIN PASSWORD 'secret';
CREATE DATABASE app OWNER app;
"""
TABLE = "CREATE TABLE IF NOT EXISTS words (id serial, word text)"
_AS_POSTGRES = ("runuser", "-u", "postgres", "--")
SLOW = 2 * PATIENCE  # a server that starts, or stops by force


def test_what_was_written_outlives_the_servers(lab: Lab) -> None:
    needs("pg_createcluster", "psql")
    example = Example(lab, "primary-standby")
    client = lab.host("client", "192.0.2.50/24")
    one, two = (_node(example, number) for number in (1, 2))
    _begin(example, one, two)
    assert lab.within(SLOW, lambda: writes(client, TABLE))

    assert writes(client, "INSERT INTO words (word) VALUES ('one')")
    assert lab.within(PATIENCE, lambda: _words(two) == "one"), "node-2 follows"
    with pytest.raises(Refused, match="not here"):
        one.command("/etc/keepalived/rebuild-standby")
    one.kill("postgres")
    assert lab.within(SLOW, lambda: writes(client, "INSERT INTO words (word) VALUES ('two')")), (
        "node-2 is promoted"
    )
    assert not one.holds(VIP)

    one.command("/etc/keepalived/rebuild-standby")
    assert lab.within(SLOW, lambda: _words(one) == "one two"), "node-1 follows"
    assert lab.within(PATIENCE, lambda: one.host.log().count("Entering BACKUP STATE") > 1), (
        "and is well again"
    )
    assert example.holders(VIP) == ["node-2"], "but does not take the address back"
    two.power_off()
    assert lab.within(SLOW, lambda: writes(client, "INSERT INTO words (word) VALUES ('three')")), (
        "node-1 is promoted"
    )
    assert _words(one) == "one two three"


def test_a_primary_that_loses_the_address_takes_no_more_writes(lab: Lab) -> None:
    needs("pg_createcluster", "psql")
    example = Example(lab, "primary-standby")
    client = lab.host("client", "192.0.2.50/24")
    one, two = (_node(example, number) for number in (1, 2))
    _begin(example, one, two)
    assert lab.within(SLOW, lambda: writes(client, TABLE))
    assert lab.within(PATIENCE, lambda: _words(two) == "")

    one.stop()

    assert lab.within(SLOW, lambda: writes(client, "INSERT INTO words (word) VALUES ('two')")), (
        "node-2 is promoted"
    )
    assert lab.within(SLOW, lambda: " down" in one.command("pg_lsclusters", "--no-header"))


def writes(client: Host, statement: str) -> bool:
    """Whether a client can have this statement carried out by whoever has the address."""
    url = f"postgresql://app:secret@{VIP}/app?connect_timeout=2"
    try:
        client.command("psql", "-X", "-q", url, "-c", statement)
    except Refused:
        return False
    return True


def _node(example: Example, number: int) -> Machine:
    """A node as the page says to prepare it, with a cluster as Debian's package makes it."""
    machine = example.machine(f"node-{number}", f"192.0.2.{number}/24", fresh=FRESH)
    for script in SCRIPTS:
        machine.put(script, f"/etc/keepalived/{script}")
    machine.write("/var/lib/postgresql/.pgpass", "*:*:*:replicator:copy\n", mode=0o600)
    machine.command("chown", "--recursive", "postgres:postgres", "/var/lib/postgresql")
    machine.command("pg_createcluster", _version(), "main")
    settings = f"/etc/postgresql/{_version()}/main"
    machine.put("replication.conf", f"{settings}/conf.d/replication.conf")
    lines = (example.folder / "pg_hba.conf").read_text()
    machine.command("sh", "-c", f"cat >>{settings}/pg_hba.conf", text=lines)
    return machine


def _begin(example: Example, one: Machine, two: Machine) -> None:
    """The first start: node-1 has the data, node-2 copies it, both are standbys when the daemons begin."""
    one.command("pg_ctlcluster", _version(), "main", "start")
    one.command(*_AS_POSTGRES, "psql", "-X", "-q", "-f", "-", text=ROLES)
    two.command("/etc/keepalived/rebuild-standby")
    one.command("pg_ctlcluster", _version(), "main", "stop")
    _before_start(example, one)
    one.command("pg_ctlcluster", _version(), "main", "start")
    one.serve()
    assert example.moves_to(one, VIP)
    two.serve()


def _before_start(example: Example, machine: Machine) -> None:
    """What systemd does because of always-standby.conf."""
    unit = (example.folder / "always-standby.conf").read_text()
    (line,) = re.findall(r"^ExecStartPre=(.+)$", unit, re.MULTILINE)
    machine.command(*line.replace("%I", f"{_version()}/main").split())


def _words(machine: Machine) -> str:
    """What clients wrote, as the server of this machine tells it; a complaint if it cannot."""
    question = "SELECT string_agg(word, ' ' ORDER BY id) FROM words"
    try:
        return machine.command(*_AS_POSTGRES, "psql", "-X", "-A", "-t", "-d", "app", "-c", question).strip()
    except Refused as refused:
        return str(refused)


def _version() -> str:
    """Of Debian's PostgreSQL here."""
    return max(Path("/usr/lib/postgresql").iterdir(), key=lambda each: int(each.name)).name

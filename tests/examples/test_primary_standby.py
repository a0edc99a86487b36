"""examples/primary-standby: what clients wrote is there after each failover of PostgreSQL, to and fro."""

import re
from pathlib import Path

import pytest
from example_lab import PATIENCE, Example, Machine, needs

from standfast.base.errors import Refused
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

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
    one, two = nodes = [
        example.machine(f"node-{number}", f"192.0.2.{number}/24", fresh=FRESH) for number in (1, 2)
    ]
    making = [_make_cluster(node) for node in nodes]
    for node, made in zip(nodes, making, strict=True):
        assert made.wait(SLOW) == 0, made.log()
        _prepare(example, node)
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

    two.stop()
    assert lab.within(SLOW, lambda: writes(client, "INSERT INTO words (word) VALUES ('three')")), "and back"
    assert _words(one) == "one two three"
    assert lab.within(SLOW, lambda: " down" in two.command("pg_lsclusters", "--no-header")), (
        "who loses the address takes no more writes"
    )


def writes(client: Host, statement: str) -> bool:
    """Whether a client can have this statement carried out by whoever has the address."""
    url = f"postgresql://app:secret@{VIP}/app?connect_timeout=2"
    try:
        client.command("psql", "-X", "-q", url, "-c", statement)
    except Refused:
        return False
    return True


def _make_cluster(machine: Machine) -> Process:
    """A cluster as Debian's package makes it."""
    machine.command("chown", "postgres:postgres", "/var/lib/postgresql")
    return machine.start("pg_createcluster", _version(), "main")


def _prepare(example: Example, machine: Machine) -> None:
    """The files of the example, where the page says."""
    for script in SCRIPTS:
        machine.put(script, f"/etc/keepalived/{script}")
    machine.write("/var/lib/postgresql/.pgpass", "*:*:*:replicator:copy\n", mode=0o600)
    machine.command("chown", "postgres:postgres", "/var/lib/postgresql/.pgpass")
    settings = f"/etc/postgresql/{_version()}/main"
    machine.put("replication.conf", f"{settings}/conf.d/replication.conf")
    lines = (example.folder / "pg_hba.conf").read_text()
    machine.command("sh", "-c", f"cat >>{settings}/pg_hba.conf", text=lines)


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

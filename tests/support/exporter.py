"""Reads the dumps as tools for Keepalived do, above all mehdy/keepalived-exporter: by indents and words.

The rules, in our own words: in `keepalived.data` an instance begins with one blank and `VRRP Instance =`, its
rows with three, what is inside a row with five; a line with fewer ends it. In `keepalived.stats` one begins at
the margin, a group of numbers ends with a colon, numbers in a group stand four blanks in, others two.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

STATES = ("INIT", "BACKUP", "MASTER", "FAULT")
SCRIPT_STATUS = ("BAD", "GOOD")
SCRIPT_STATE = ("idle", "running", "requested termination", "forcing termination")


@dataclass
class Block:
    """A thing with rows, and what stands inside those."""

    name: str
    rows: dict[str, str] = field(default_factory=dict)
    inside: dict[str, list[str]] = field(default_factory=dict)


def blocks(data: str, kind: str) -> dict[str, Block]:
    """All blocks of one kind in `keepalived.data`."""
    found: dict[str, Block] = {}
    block, row = None, ""
    for line in data.splitlines():
        if line.startswith(f" {kind} ="):
            name = line.partition("=")[2].strip()
            block = found[name] = Block(name)
        elif block is not None and line.startswith("     "):
            block.inside.setdefault(row, []).append(line.strip())
        elif block is not None and line.startswith("   "):
            row, value = _row(line.strip())
            block.rows[row] = value
        else:
            block = None
    return found


def _row(line: str) -> tuple[str, str]:
    mark = "=" if "=" in line else ":"
    name, _, value = line.partition(mark)
    return name.strip(), value.strip()


def instances(data: str) -> dict[str, dict[str, Any]]:
    """What an exporter makes of the instances."""
    return {
        name: {
            "state": STATES.index(block.rows["State"]),
            "wantstate": STATES.index(block.rows["Wantstate"]),
            "interface": block.rows["Interface"],
            "garp_delay": int(block.rows["Gratuitous ARP delay"]),
            "vrid": int(block.rows["Virtual Router ID"]),
            "addresses": list(_addresses(block)),
        }
        for name, block in blocks(data, "VRRP Instance").items()
    }


def _addresses(block: Block) -> Iterator[tuple[str, str]]:
    """Address and interface: the first and the third word."""
    for row, entries in block.inside.items():
        if row.startswith("Virtual IP ("):
            for entry in entries:
                address, _, interface, *_ = entry.split(" ")
                yield address, interface


def scripts(data: str) -> dict[str, tuple[int, int]]:
    """Status and state of each tracked script."""
    return {
        name: (SCRIPT_STATUS.index(block.rows["Status"]), SCRIPT_STATE.index(block.rows["State"]))
        for name, block in blocks(data, "VRRP Script").items()
    }


def statistics(text: str) -> dict[str, dict[tuple[str, str], int]]:
    """The numbers of each instance in `keepalived.stats`, by group and name."""
    found: dict[str, dict[tuple[str, str], int]] = {}
    instance, group = "", ""
    for line in text.splitlines():
        name, _, value = line.strip().partition(":")
        if line.startswith("VRRP Instance:"):
            instance, group = value.strip(), ""
            found[instance] = {}
        elif not value:
            group = name
        else:
            group = group if line.startswith("    ") else ""
            found[instance][group, name] = int(value)
    return found

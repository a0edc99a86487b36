"""Random edits, each reloaded under traffic: nothing untouched has a gap, the kernel is as after a fresh start.

`STANDFAST_EDITS=500` makes it as many; the suite has as many as its time allows.
"""

import os
import re
import sys
from contextlib import ExitStack
from typing import Final

import pytest
from edited import UNTOUCHED, Edited
from nat_lab import rules

from standfast.base.times import MILLISECOND, Duration
from standfast.lab.addresses import AddressWatch
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.probe import Probe

EDITS: Final = int(os.environ.get("STANDFAST_EDITS", "60"))
SEED: Final = int(os.environ.get("STANDFAST_SEED", "6"))
OWN: Final = "10.99.0.1"
_IN_FLIGHT: Final = Duration(100 * MILLISECOND)  # what was asked last may not have been answered yet
_PROBES_OF: Final = 20  # edits that one row of probes lasts for
_EARLY: Final = 50  # edits after which everything has been used once
_GROWTH: Final = 1.1  # of the memory since then
_PSS: Final = """
import os, re, sys
paths = [f"/proc/{pid}/smaps_rollup" for pid in sys.argv[1:]]
texts = [open(path).read() for path in paths if os.path.exists(path)]
print(sum(int(re.search(r"^Pss: +(\\d+)", text, re.M)[1]) for text in texts))
"""


@pytest.mark.timeout(max(120, EDITS * 4))
def test_after_any_edits_the_kernel_is_as_after_a_fresh_start_and_nothing_untouched_had_a_gap(
    lab: Lab,
) -> None:
    edited, host, client = Edited(SEED), lab.host("a", f"{OWN}/24"), lab.host("c", "10.99.0.9/24")
    daemon = host.direct(edited.text())
    assert settles(lab, host, edited), daemon.log()
    memory, lost = [], []
    with ExitStack() as stack:
        events = stack.enter_context(host.address_events())
        for number in range(1, EDITS + 1):
            if number % _PROBES_OF == 1:
                probe = stack.enter_context(client.probe(UNTOUCHED, every=Duration(MILLISECOND)))
            stays = edited.addresses
            edited.edit()
            since = len(list(events))

            reload(lab, daemon, edited, number)

            assert settles(lab, host, edited), f"edit {number}: {edited.last}\n{differs(host, edited)}"
            assert not vanished(events, since, stays & edited.served), f"edit {number}: {edited.last}"
            if number % _PROBES_OF == 0 or number == EDITS:
                lost += unanswered(probe)
            if number % _EARLY == 0 or number == EDITS:
                memory.append(pss(host, daemon))

    assert lost == []
    log = daemon.log()
    assert log.count("(U) Entering") == 2, "a transition of what no edit touched"
    assert "ended with" not in log
    compare_tables(lab, host, edited)
    print(f"{EDITS} edits of seed {SEED}: PSS in KiB {memory}")
    assert EDITS <= 2 * _EARLY or memory[-1] <= memory[0] * _GROWTH


def reload(lab: Lab, daemon: Daemon, edited: Edited, number: int) -> None:
    """Give it the edited configuration, and wait until it runs on it."""
    daemon.reload(edited.text())
    done = lab.within(30.0, lambda: daemon.log().count("Reload complete") == number)
    assert done, f"edit {number}: {edited.last}\n{daemon.log()[-3000:]}"


def settles(lab: Lab, host: Host, edited: Edited) -> bool:
    """Whether the kernel gets what the configuration says."""
    return lab.within(20.0, lambda: not differs(host, edited))


def differs(host: Host, edited: Edited) -> str:
    """What the host has and should not have, or the other way round; empty: nothing."""
    held = frozenset(str(each.ip) for each in host.addresses() if each.version == 4) - {OWN, "127.0.0.1"}
    if held != edited.addresses:
        return f"addresses: {sorted(held ^ edited.addresses)}"
    routes = frozenset(re.findall(r"^(10\.200\.\S+)", host.command("ip", "route"), re.MULTILINE))
    return f"routes: {sorted(routes ^ edited.routes)}" if routes != edited.routes else ""


def vanished(events: AddressWatch, since: int, stay: frozenset[str]) -> list[str]:
    """The addresses that were to stay, and were removed meanwhile."""
    return [str(e.address) for e in list(events)[since:] if not e.added and str(e.address) in stay]


def unanswered(probe: Probe) -> list[str]:
    """The questions that nobody answered; the probe is closed."""
    probe.close()
    questions = probe.questions
    end = questions[-1].sent_at - _IN_FLIGHT
    return [str(each.sent_at) for each in questions if each.answered_at is None and each.sent_at < end]


def pss(host: Host, daemon: Daemon) -> int:
    """KiB of memory of all processes of the daemon; what they share is counted once."""
    own = [str(pid) for pid, command in daemon.tree().items() if "standfastd" in command]  # and no script's
    return int(host.command(sys.executable, "-c", _PSS, *own))


def compare_tables(lab: Lab, host: Host, edited: Edited) -> None:
    """All of nftables with that of a fresh start, on a host that nobody hears."""
    fresh = lab.host("fresh", f"{OWN}/24")
    fresh.separate()
    daemon = fresh.direct(edited.text())
    assert settles(lab, fresh, edited), daemon.log()
    assert lab.within(20.0, lambda: sorted_rules(fresh) == sorted_rules(host)), (
        f"{rules(host)}\n---- fresh:\n{rules(fresh)}"
    )
    assert "table" in rules(host)


def sorted_rules(host: Host) -> list[str]:
    """The rules, in whichever order their chains were made."""
    return sorted(rules(host).split("\n\t}\n"))

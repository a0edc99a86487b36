"""What the kernel balances is what Debian's Keepalived has it balance, from the same configuration.

Each daemon has a network namespace of its own, and with it a table of its own. A configuration whose checks change
the table says in its first line which words of `ipvsadm -Sn` tell that they have (`# settles: …`, `… not …`).
"""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from ipvs_table import ipvsadm, table_in
from linux_namespace import Namespace, ip, namespaces

from standfast.core.lvs.table import Table
from standfast.lab.clock import within
from standfast.lab.lab import standfastd
from standfast.linux.ipvs import Ipvs

CONFIGURATIONS = sorted((Path(__file__).resolve().parents[1] / "configurations").glob("*.conf"))
DIRECTOR = "10.0.0.1"
LISTENING = 8080  # the checks of the configurations that must succeed connect there
SECONDS = 90.0  # on a machine at rest it is two or three


class Told:
    """A daemon that was given a configuration, in a namespace of its own."""

    def __init__(self, namespace: Namespace, command: Sequence[str], folder: Path) -> None:
        self.namespace = namespace
        self._log = folder / "log"
        files = [word for flag in "pcr" for word in (f"-{flag}", str(folder / f"{flag}.pid"))]
        with namespace.here(), self._log.open("w") as log:
            ip(f"addr add {DIRECTOR}/8 dev lo")
            self.server = socket.create_server((DIRECTOR, LISTENING))
            self.process = subprocess.Popen(
                [*command, "-n", "-l", "-D", "-C", *files], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def saved(self) -> list[str]:
        """The table as `ipvsadm -Sn` prints it; the order of services is of no meaning."""
        with self.namespace.here():
            return sorted(ipvsadm("-S -n"))

    @property
    def listed(self) -> list[list[str]]:
        """The table as `ipvsadm -Ln` prints it, service by service."""
        with self.namespace.here():
            return _blocks(ipvsadm("-L -n"))

    @property
    def thresholds(self) -> list[list[str]]:
        with self.namespace.here():
            return _blocks(ipvsadm("-L -n --thresholds"))

    @property
    def timeouts(self) -> list[str]:
        with self.namespace.here():
            return ipvsadm("-L --timeout")

    @property
    def table(self) -> Table:
        """The table as netlink says it."""
        with self.namespace.here(), closing(asyncio.new_event_loop()) as loop, closing(Ipvs(loop)) as ipvs:
            return table_in(ipvs)

    def close(self) -> None:
        """End it at once: what a daemon does at its end is for other tests, and its children end with it."""
        self.server.close()
        self.process.kill()
        self.process.wait()


def _blocks(lines: list[str]) -> list[list[str]]:
    """Lines service by service, in an order that does not depend on who came first."""
    blocks: list[list[str]] = []
    for line in lines:
        if line.startswith("->") and blocks:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return sorted([head, *sorted(rest)] for head, *rest in blocks)


@contextmanager
def both(configuration: Path, folder: Path) -> Iterator[tuple[Told, Told]]:
    """Our daemon and Keepalived, told the same."""
    words = ["-f", str(configuration)]
    with namespaces(2) as places, ExitStack() as stack:
        told = []
        for name, command, place in zip(
            ("ours", "theirs"), ((*standfastd(), *words), ("keepalived", *words)), places, strict=True
        ):
            (folder / name).mkdir()
            told.append(stack.enter_context(closing(Told(place, command, folder / name))))
        yield told[0], told[1]


def settled(told: Told, configuration: Path) -> bool:
    """Whether the table is what the checks make of it, and not only what it is at the start."""
    saved = told.saved
    first = configuration.read_text().splitlines()[0]
    _, _, sign = first.partition("# settles: ")
    if unwanted := sign.partition("not ")[2]:
        return bool(saved) and not any(unwanted in line for line in saved)
    return any(sign in line for line in saved)


@pytest.mark.behaviour("LV-20", "LV-21", "LV-25", "LV-26")
@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=lambda path: path.stem)
def test_the_table_is_as_keepalived_makes_it(configuration: Path, tmp_path: Path) -> None:
    if shutil.which("keepalived") is None:
        pytest.skip("needs Debian's keepalived: apt install keepalived")

    with both(configuration, tmp_path) as (ours, theirs):
        same = within(
            SECONDS,
            lambda: (
                settled(ours, configuration) and settled(theirs, configuration) and ours.saved == theirs.saved
            ),
        )

        assert same, f"{ours.saved}\n{theirs.saved}\n{ours.log}\n{theirs.log}"
        assert ours.table == theirs.table
        assert ours.listed == theirs.listed
        assert ours.thresholds == theirs.thresholds
        assert ours.timeouts == theirs.timeouts

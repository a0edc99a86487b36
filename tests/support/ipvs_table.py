"""The kernel's IPVS table as we read it, and as ipvsadm says it."""

import subprocess
from contextlib import closing

from standfast.core.lvs.table import Table, balanced, table_of
from standfast.linux.ipvs import Ipvs


def table_in(ipvs: Ipvs) -> Table:
    """The table that the kernel has."""
    with closing(ipvs.read()) as reading:
        reading.finish()
    assert reading.unreadable == 0
    return table_of(
        balanced(report.service, (each.destination for each in destinations))
        for report, destinations in zip(reading.services, reading.destinations, strict=True)
    )


def ipvsadm(words: str, *, text: str = "") -> list[str]:
    """What ipvsadm prints, line by line."""
    done = subprocess.run(
        ["ipvsadm", *words.split()], input=text, capture_output=True, text=True, check=False, timeout=20
    )
    assert done.returncode == 0, f"ipvsadm {words}: {done.stderr}{done.stdout}"
    return [" ".join(line.split()) for line in done.stdout.splitlines()]

"""Servers whose answers take a while: a connection that is not there at once is waited for, as it should be."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from attempting import LATE, PATIENT, Serve, Trier, answer, fetch
from linux_namespace import Namespace, cable, ip

from standfast.core.check.outcome import Outcome
from standfast.core.check.probes import Probe, SmtpProbe, TcpProbe, Way
from standfast.linux.loop import new_loop

FAR = "10.0.0.2"


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(answer())


async def answers_unasked(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(answer())
    await writer.drain()
    await asyncio.sleep(0.5)  # what has come is the page, not the end of the connection


async def greets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail\r\n")
    await reader.readline()
    writer.write(b"250 hello\r\n")
    await reader.read()


@contextmanager
def unreachable(serve: Serve | None) -> Iterator[tuple[Trier, Way, Namespace, Callable[[], None]]]:
    """A server (None: nothing listens) that is not reached before the function that comes last is called."""
    with cable() as (left, right), closing(new_loop()) as loop, closing(Trier(loop)) as tries:
        with right.here():
            Path("/proc/sys/net/ipv4/conf/all/arp_ignore").write_text("8")  # it says to nobody where it is
            mac = ip("-o link show dev eth0").split("link/ether ")[1].split()[0]
            way = Way(ip_address(FAR), 9) if serve is None else tries.serve(serve, FAR)

        def reach() -> None:
            with left.here():
                ip(f"neigh replace {FAR} lladdr {mac} dev eth0 nud permanent")

        yield tries, way, left, reach


@pytest.mark.behaviour("HC-07")
@pytest.mark.parametrize(
    ("serve", "probe", "phase"),
    [
        pytest.param(silent, TcpProbe, "", id="a port that listens is good"),
        pytest.param(None, TcpProbe, "connect", id="a port that does not is refused"),
        pytest.param(answers, fetch, "", id="a page is asked for, and comes"),
        pytest.param(answers_unasked, fetch, "", id="a page comes along with the connection"),
        pytest.param(greets, lambda way: SmtpProbe((way,), "here"), "", id="a mail server greets first"),
    ],
)
def test_a_server_that_is_far_is_waited_for(
    serve: Serve | None, probe: Callable[[Way], Probe], phase: str
) -> None:
    with unreachable(serve) as (tries, way, left, reach):
        with left.here():
            number = tries.start(probe(way), PATIENT)
        tries.loop.run_until_complete(asyncio.sleep(0.02))
        early = list(tries.told)

        reach()
        outcome: Outcome = tries.loop.run_until_complete(tries.outcome_of(number, PATIENT + LATE))

    assert early == []
    assert (outcome.ok, outcome.phase) == (not phase, phase)

"""What follows from IPVS's refusals, and how its modules are loaded; without a kernel."""

import errno
import subprocess
from collections.abc import Sequence

import pytest

from standfast.base.addresses import parse_address
from standfast.base.services import Destination, Endpoint, Mark, Persistence, Service, Transport
from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    RemoveService,
    TableCommand,
)
from standfast.linux.ipvs_modules import load_all, load_module
from standfast.linux.ipvs_refusals import in_words
from standfast.linux.ipvs_settling import Settled, settle
from standfast.wire.netlink import Answer

WEB = Endpoint(Transport.TCP, parse_address("10.0.0.100"), 80)
SERVICE = Service(WEB, "mh")
SIP = Service(Mark(7), "rr", persistence=Persistence(60, None, "sip"))
ONE = Destination(parse_address("10.0.0.1"), 80)


def settled(*rows: tuple[TableCommand, int]) -> Settled:
    """What follows from commands and their errors (0: done)."""
    answers = {place: Answer(place, error) for place, (_, error) in enumerate(rows) if error}
    return settle([command for command, _ in rows], answers)


@pytest.mark.parametrize(
    ("command", "error", "then"),
    [
        pytest.param(
            AddService(SERVICE), errno.EEXIST, (EditService(SERVICE),), id="what is there already is changed"
        ),
        pytest.param(EditService(SERVICE), errno.ESRCH, (AddService(SERVICE),), id="what is gone is added"),
        pytest.param(RemoveService(WEB), errno.ESRCH, (), id="what should go and is gone is gone"),
        pytest.param(
            AddDestination(WEB, ONE),
            errno.EEXIST,
            (EditDestination(WEB, ONE),),
            id="and so with destinations: there already",
        ),
        pytest.param(
            EditDestination(WEB, ONE), errno.ENOENT, (AddDestination(WEB, ONE),), id="destinations: gone"
        ),
        pytest.param(RemoveDestination(WEB, ONE.key), errno.ENOENT, (), id="destinations: should go"),
        pytest.param(
            RemoveDestination(WEB, ONE.key), errno.ESRCH, (), id="destinations: gone with their service"
        ),
    ],
)
def test_another_table_than_believed_is_no_refusal(
    command: TableCommand, error: int, then: tuple[TableCommand, ...]
) -> None:
    assert settled((command, error)) == Settled(then, (command,), (), ())


@pytest.mark.parametrize(
    ("command", "error"),
    [
        pytest.param(AddService(SERVICE), errno.EPERM, id="not permitted"),
        pytest.param(AddDestination(WEB, ONE), errno.EINVAL, id="not accepted"),
        pytest.param(AddDestination(WEB, ONE), errno.ESRCH, id="the service is gone, and nobody adds it"),
        pytest.param(RemoveService(WEB), errno.ENOMEM, id="no memory"),
    ],
)
def test_the_rest_is_refused(command: TableCommand, error: int) -> None:
    assert settled((RemoveService(Mark(1)), 0), (command, error)) == Settled((), (), (), (1,))


def test_a_service_that_lacks_its_module_is_tried_again_with_its_destinations() -> None:
    commands = AddService(SERVICE), AddDestination(WEB, ONE), AddDestination(Mark(1), ONE)

    found = settled((commands[0], errno.ENOENT), (commands[1], errno.ESRCH), (commands[2], errno.ESRCH))

    assert found == Settled(commands[:2], (), ("ip_vs_mh",), (2,))


def test_an_engine_is_a_module_too() -> None:
    assert settled((AddService(SIP), errno.ENOENT)).modules == ("ip_vs_rr", "ip_vs_pe_sip")


def test_what_is_changed_in_a_service_that_comes_back_is_added() -> None:
    found = settled((EditService(SERVICE), errno.ESRCH), (EditDestination(WEB, ONE), errno.ESRCH))

    assert found.again == (AddService(SERVICE), AddDestination(WEB, ONE))


@pytest.mark.parametrize(
    ("command", "error", "words"),
    [
        pytest.param(
            AddService(SERVICE),
            errno.ENOENT,
            "cannot add service tcp 10.0.0.100:80: the kernel has no module ip_vs_mh [ENOENT] (no such thing); "
            "load it on the host (modprobe ip_vs_mh), install a kernel that has it, or choose another",
            id="no module",
        ),
        pytest.param(
            RemoveService(Mark(7)),
            errno.EPERM,
            "cannot remove service fwmark 7: the process lacks CAP_NET_ADMIN [EPERM]; run it as root or give it "
            "the capability (in a container: --cap-add NET_ADMIN)",
            id="not permitted",
        ),
        pytest.param(
            EditDestination(WEB, ONE),
            errno.ESRCH,
            "cannot change 10.0.0.1:80 of service tcp 10.0.0.100:80: the service is not there any more [ESRCH]",
            id="no service",
        ),
        pytest.param(
            RemoveDestination(WEB, (parse_address("2001:db8::1"), 80)),
            errno.ENOBUFS,
            "cannot remove [2001:db8::1]:80 from service tcp 10.0.0.100:80: the kernel is out of buffers "
            "[ENOBUFS]; look for a flood, or raise net.core.rmem_max",
            id="no buffers",
        ),
    ],
)
def test_a_refusal_says_what_why_and_what_to_do(command: TableCommand, error: int, words: str) -> None:
    assert str(in_words(command, Answer(0, error), why_no_module="no such thing")) == words


def test_each_module_is_loaded_once_and_the_first_failure_is_told() -> None:
    loaded: list[str] = []

    def load(name: str) -> str:
        loaded.append(name)
        return "" if name == "a" else f"no {name}"

    assert load_all(["a", "a", "b", "c"], load) == "no b"
    assert loaded == ["a", "b"]


@pytest.mark.parametrize(
    ("status", "stderr", "words"),
    [
        pytest.param(0, "", "", id="loaded"),
        pytest.param(
            1,
            "modprobe: FATAL: Module x not found\nmore",
            "modprobe: FATAL: Module x not found",
            id="not there",
        ),
        pytest.param(1, "", "modprobe ended with status 1", id="without a word"),
    ],
)
def test_what_modprobe_says_is_told(
    monkeypatch: pytest.MonkeyPatch, status: int, stderr: str, words: str
) -> None:
    ran: list[Sequence[str]] = []

    def run(command: Sequence[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, status, "", stderr)

    monkeypatch.setattr("shutil.which", lambda name, path: f"/sbin/{name}")
    monkeypatch.setattr("subprocess.run", run)

    assert load_module("ip_vs_mh") == words
    assert ran == [["/sbin/modprobe", "--", "ip_vs_mh"]]


def test_a_modprobe_that_hangs_or_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: Sequence[str], **_: object) -> None:
        raise subprocess.TimeoutExpired(command, 10)

    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr("shutil.which", lambda name, path: "/sbin/modprobe")
    hung = load_module("ip_vs")
    monkeypatch.setattr("shutil.which", lambda name, path: None)
    missing = load_module("ip_vs")

    assert (hung, missing) == ("modprobe did not end within 10 s", "modprobe is not installed")

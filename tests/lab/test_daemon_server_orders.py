"""Orders of operators for real servers of a running daemon: `standfast rs`."""

import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from nat_lab import CHECKED, PATIENCE, Server, Stage, engine, real, say, virtual

from standfast.lab.daemons import Daemon
from standfast.lab.lab import Lab

STANDFAST: Final = str(Path(sys.executable).with_name("standfast"))
VS, RS1, RS2 = "[10.99.0.100]:tcp:80", "[10.99.0.11]:tcp:80", "[10.99.0.12]:tcp:80"
PAIR: Final = virtual([real(1, more=CHECKED), real(2, more=CHECKED)])


class Site:
    """A director with two servers that answer."""

    def __init__(self, lab: Lab, stack: ExitStack, config: str = PAIR) -> None:
        self.lab = lab
        self.stage = Stage(lab)
        for host in self.stage.servers:
            stack.enter_context(Server(host))
        self.daemon: Daemon = self.stage.serve(config)
        assert lab.within(PATIENCE, lambda: self.answers == {"s1", "s2"}), self.daemon.log()

    @property
    def answers(self) -> set[str]:
        return {self.stage.ask() for _ in range(6)} - {""}

    def cli(self, *words: str) -> tuple[int, str]:
        process = self.stage.director.start(STANDFAST, *words, "--socket", "/run/standfastd.sock")
        return process.wait(30), process.log()

    def server(self, name: str) -> dict[str, Any]:
        (found,) = msgspec.json.decode(self.cli("status", VS, "--json")[1])["virtual_servers"]
        return next(one for one in found["servers"] if one["name"] == name)

    def comes_to(self, *names: str) -> bool:
        return self.lab.within(PATIENCE, lambda: self.answers == {*names})


@pytest.fixture
def stack() -> Any:
    with ExitStack() as made:
        yield made


def test_a_drained_server_gets_nothing_new_and_is_waited_for(lab: Lab, stack: ExitStack) -> None:
    site = Site(lab, stack)
    both = [stack.enter_context(site.stage.open()) for _ in range(2)]
    said = [say(one) for one in both]
    (held,) = [one for one, name in zip(both, said, strict=True) if name == "s1"]

    ordered = site.cli("rs", "drain", "10.99.0.100", "10.99.0.11:80", "--reason", "a disk")
    drained = site.comes_to("s2")
    waited_in_vain = site.cli(
        "rs", "drain", VS, RS1, "--reason", "a disk", "--wait-conns", "0", "--timeout", "1s"
    )
    shown = site.server(RS1)
    still = say(held)
    held.close()
    waited = site.cli("rs", "drain", VS, RS1, "--wait-conns", "0", "--timeout", "25s")

    assert (ordered, drained) == ((0, f"drain of {RS1} of {VS}: on\n"), True)
    assert waited_in_vain[0] == 1
    assert "active connections: 1, still more than 0 after 1 s" in waited_in_vain[1]
    assert (shown["weight"], shown["connections"]) == (0, 1)
    assert shown["ordered"] == "drain ordered by root: a disk"
    assert still == "s1"
    assert (waited[0], waited[1].splitlines()[-1]) == (0, "active connections: 0")


def test_an_order_outlives_a_reload_a_crash_and_a_restart_and_is_taken_back(
    lab: Lab, stack: ExitStack
) -> None:
    site = Site(lab, stack)
    assert site.cli("rs", "disable", VS, RS1, "--for", "2h")[0] == 0
    assert site.comes_to("s2")

    site.daemon.reload(engine() + PAIR.replace("rr", "wrr"))
    assert lab.within(PATIENCE, lambda: "Reload complete" in site.daemon.log())
    reloaded = site.server(RS1)["up"]
    (checker,) = [
        one
        for one in msgspec.json.decode(site.cli("status", "--json")[1])["processes"]
        if one["name"] == "checker"
    ]
    site.stage.director.command("kill", "-KILL", str(checker["pid"]))
    assert lab.within(PATIENCE, lambda: "checker" in site.cli("status")[1] and site.answers == {"s2"})
    site.daemon.signal(signal.SIGTERM)
    assert site.daemon.wait() == 0
    site.daemon = site.stage.serve(PAIR)
    restarted = site.comes_to("s2")
    back = site.cli("rs", "enable", VS, RS1)

    assert (reloaded, restarted) == (False, True)
    assert back == (0, f"disable of {RS1} of {VS}: off\n")
    assert site.comes_to("s1", "s2")
    assert "taken back by root" in site.cli("history", VS)[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("drain", VS, "10.99.0.13"), "no real server of", id="an unknown server"),
        pytest.param(("drain", "10.99.0.10", RS1), "did you mean 10.99.0.100?", id="an unknown service"),
        pytest.param(("weight", VS, RS1), "a weight belongs to the order", id="a weight that is not said"),
        pytest.param(("enable", VS, RS1), "there is no order for", id="nothing to take back"),
        pytest.param(("disable", VS, RS2), "would have no server left", id="the last one"),
    ],
)
def test_an_order_that_is_refused(lab: Lab, stack: ExitStack, words: tuple[str, ...], said: str) -> None:
    site = Site(lab, stack)
    if words == ("disable", VS, RS2):
        assert site.cli("rs", "disable", VS, RS1)[0] == 0
        assert site.comes_to("s2")

    code, text = site.cli("rs", *words)

    assert code == 4
    assert said in text


def test_an_order_shows_in_the_metrics_and_the_overview(lab: Lab, stack: ExitStack) -> None:
    site = Site(lab, stack)

    code, _ = site.cli("rs", "weight", VS, RS1, "--weight", "3", "--reason", "a bigger machine")

    assert code == 0
    assert lab.within(20, lambda: site.server(RS1)["weight"] == 3)
    assert "weight 3 ordered by root: a bigger machine" in " ".join(site.cli("status")[1].split())
    assert (
        f'standfast_order{{what="weight",name="{VS}",real_server="{RS1}",owner="root"}} 1'
        in site.cli("metrics")[1]
    )


def test_who_asks_about_a_server_need_not_type_its_whole_name(lab: Lab, stack: ExitStack) -> None:
    site = Site(lab, stack)
    assert site.cli("rs", "drain", VS, RS1)[0] == 0
    assert site.comes_to("s2")

    told = {verb: site.cli(verb, "10.99.0.11:80") for verb in ("status", "why", "history", "events")}

    assert {code for code, _ in told.values()} == {0}
    assert RS1 in told["status"][1]
    assert f"{RS1} is UP" in told["why"][1]
    assert all("drain ordered by root" in " ".join(text.split()) for _, text in told.values())

"""Names as people type them find what the daemon calls otherwise; without a daemon they are told whom to ask."""

import socket
from pathlib import Path

import msgspec
import pytest
from states_made import instance, status

from standfast.cli import absence, naming
from standfast.cli.absence import remedy
from standfast.cli.control import CannotAsk
from standfast.cli.naming import names_in, unknown_words, whole_names
from standfast.observe.state.service import RealServer, VirtualServer
from standfast.observe.state.status import Status


def server(name: str) -> RealServer:
    return RealServer(name=name, up=True, weight=1, configured_weight=1)


def virtual(name: str, *servers: str) -> VirtualServer:
    return VirtualServer(name=name, up=True, quorum=1, live=1, servers=tuple(map(server, servers)))


WEB, DNS = (
    virtual("[10.0.0.100]:tcp:80", "[10.0.0.2]:tcp:80"),
    virtual("[10.0.0.100]:udp:53", "[10.0.0.2]:udp:53"),
)
STATE = status(instance(name="VI_1"), virtual_servers=(WEB, DNS))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The names that a daemon with this state was asked for."""
    names_asked: list[tuple[str, ...]] = []

    def ask(_path: str, _verb: str, names: tuple[str, ...] = ()) -> msgspec.Raw:
        names_asked.append(names)
        return msgspec.Raw(msgspec.json.encode(told(names)))

    monkeypatch.setattr(naming, "ask", ask)
    return names_asked


def told(names: tuple[str, ...]) -> Status:
    """What the daemon tells of the whole state: what has one of these names."""
    if not names:
        return STATE
    return msgspec.structs.replace(
        STATE,
        instances=tuple(one for one in STATE.instances if one.name in names),
        virtual_servers=tuple(
            one
            for one in STATE.virtual_servers
            if {one.name, *(each.name for each in one.servers)} & {*names}
        ),
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("10.0.0.2:80", "[10.0.0.2]:tcp:80", id="address and port"),
        pytest.param("10.0.0.2:udp:53", "[10.0.0.2]:udp:53", id="address, protocol and port"),
        pytest.param("10.0.0.100:80", "[10.0.0.100]:tcp:80", id="a virtual server"),
        pytest.param("VI_1", "VI_1", id="a whole name"),
        pytest.param("VI_9", "VI_9", id="nobody's name"),
    ],
)
def test_a_short_name_means_the_one_server_that_has_it(
    typed: str, meant: str, asked: list[tuple[str, ...]]
) -> None:
    assert whole_names("socket", (typed,)) == (meant,)


def test_a_whole_name_costs_one_question(asked: list[tuple[str, ...]]) -> None:
    whole_names("socket", ("VI_1",))

    assert asked == [("VI_1",)]


def test_a_name_that_several_servers_have_is_refused_with_all_of_them(asked: list[tuple[str, ...]]) -> None:
    with pytest.raises(CannotAsk, match=r"10\.0\.0\.2 may be any of .*tcp:80.*udp:53"):
        whole_names("socket", ("10.0.0.2",))


def test_who_names_nothing_hears_what_is_near(asked: list[tuple[str, ...]]) -> None:
    assert unknown_words("socket", "VI_2") == "nothing is called VI_2; did you mean VI_1?"
    assert unknown_words("socket", "zz") == "nothing is called zz; standfast status names what there is"


def test_every_sort_of_thing_has_a_name() -> None:
    assert names_in(STATE) == {"VI_1", WEB.name, DNS.name, "[10.0.0.2]:tcp:80", "[10.0.0.2]:udp:53"}


# ---- nobody listens


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory in place of /run."""
    (tmp_path / "keepalived" / "blue").mkdir(parents=True)
    monkeypatch.setattr(absence, "OWN_DIRECTORY", str(tmp_path / "keepalived"))
    monkeypatch.setattr(absence, "PID_FILE", str(tmp_path / "keepalived.pid"))
    return tmp_path


def test_who_finds_nobody_is_told_how_to_start_it(run: Path) -> None:
    assert remedy(f"{run}/x.sock", named=False).startswith("start it with `systemctl start standfast`")


def test_who_finds_nobody_at_the_usual_place_is_told_of_the_others(run: Path) -> None:
    (run / "keepalived" / "keepalived_one.sock").touch()
    (run / "keepalived" / "blue" / "keepalived.sock").touch()

    words = remedy(f"{run}/x.sock", named=False)

    assert words == "ask another one that is here: --instance one, or --namespace blue"


def test_who_named_one_is_not_told_of_others(run: Path) -> None:
    (run / "keepalived" / "keepalived_one.sock").touch()

    assert "--instance" not in remedy(f"{run}/x.sock", named=True)


def test_a_socket_that_is_left_is_told(run: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(f"{run}/x.sock")

    assert "left of a daemon that was killed" in remedy(f"{run}/x.sock", named=False)


@pytest.mark.parametrize("content", ["", "no number", "999999999"])
def test_a_pid_file_that_names_nobody_is_passed_over(content: str, run: Path) -> None:
    (run / "keepalived.pid").write_text(content)

    assert "Keepalived" not in remedy(f"{run}/x.sock", named=False)

"""The control socket against clients of all kinds; the real sockets, and a clock of the test's."""

import os
import resource
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from standfast.base.errors import Refused
from standfast.base.limits import (
    ACCEPT_AGAIN,
    CONTROL_CLIENTS,
    CONTROL_IDLE,
    CONTROL_REQUEST,
    CONTROL_UNREAD,
    CONTROL_WAITING,
)
from standfast.base.times import Duration, Instant, after
from standfast.daemon import control as module
from standfast.daemon.control import Control, Reply, Verb
from standfast.daemon.poll import PollLoop
from standfast.daemon.roles import Role
from standfast.observe.facts import HostTrouble
from standfast.observe.state.protocol import Answer, Request


class Bench:
    """A control socket whose loop is turned by hand."""

    def __init__(self, path: Path) -> None:
        self.path = str(path / "control.sock")
        self.time = Instant(0)
        self.kept: list[Reply] = []
        self.told: list[object] = []
        self.loop = PollLoop()
        verbs = {
            "echo": Verb(Role.READ, lambda request, reply: reply.answer(request.names)),
            "keep": Verb(Role.READ, lambda _, reply: self.kept.append(reply)),
            "order": Verb(Role.WRITE, self._order),
        }
        self.control = Control(self.loop, self, verbs, tell=self.told.append)
        self.clients: list[socket.socket] = []
        try:
            self.control.open(self.path, mode=0o660, group=None)
        except Refused:
            self.loop.close()
            raise

    def now(self) -> Instant:
        return self.time

    def _order(self, _: Request, reply: Reply) -> None:
        reply.answer("done")

    def client(self) -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(0)
        made.connect(self.path)
        self.clients.append(made)
        self.turn()
        return made

    def turn(self) -> None:
        """As long as something is to be done."""
        self.loop.stop()
        for _ in range(60):
            self.loop.on_alarm(lambda: None)
            self.loop.set(Instant(0))  # so that the loop does not wait
            self.loop._turn()

    def wait(self, duration: Duration) -> None:
        """Let time pass, and all alarms ring."""
        self.time = after(self.time, duration)
        for alarm in self.loop._alarms:
            alarm.ring()

    def say(self, client: socket.socket, data: bytes) -> None:
        client.sendall(data)
        self.turn()

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self.control.close()
        self.loop.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def heard(client: socket.socket) -> list[Answer]:
    """All answers that are there; the connection may be over."""
    data = b""
    try:
        while piece := client.recv(1 << 20):
            data += piece
    except (BlockingIOError, ConnectionResetError):
        pass
    return [msgspec.json.decode(line, type=Answer) for line in data.splitlines()]


def ended(client: socket.socket) -> bool:
    try:
        while client.recv(1 << 20):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        pass
    return True


ECHO = b'{"verb":"echo","names":["a"]}\n'


def test_requests_are_answered_in_order(bench: Bench) -> None:
    client = bench.client()

    bench.say(client, ECHO + b'{"verb":"echo","names":["b"]}\n')

    assert [bytes(answer.answer) for answer in heard(client)] == [b'["a"]', b'["b"]']


def test_a_request_that_is_being_answered_holds_up_those_behind_it(bench: Bench) -> None:
    client = bench.client()
    bench.say(client, b'{"verb":"keep"}\n' + ECHO)
    before = heard(client)

    bench.kept[0].answer("first")
    bench.turn()

    assert before == []
    assert [bytes(answer.answer) for answer in heard(client)] == [b'"first"', b'["a"]']


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n", "not-a-request", id="another protocol"),
        pytest.param(b"\x00\xff\xfe\n", "not-a-request", id="garbage"),
        pytest.param(b"[" * 5_000 + b"\n", "not-a-request", id="deep nesting"),
        pytest.param(b'{"names":[]}\n', "not-a-request", id="no verb"),
        pytest.param(b"x" * (CONTROL_REQUEST + 1), "too-long", id="a line without an end"),
        pytest.param(b'{"verb":"keep"}\n' * (CONTROL_WAITING + 2), "too-many", id="more than may wait"),
    ],
)
def test_who_sends_what_is_no_request_gets_a_word_and_is_let_go(
    bench: Bench, data: bytes, refusal: str
) -> None:
    client = bench.client()

    bench.say(client, data)

    assert [answer.refusal for answer in heard(client)] == [refusal]
    assert ended(client)
    other = bench.client()
    bench.say(other, ECHO)
    assert heard(other)[0].ok


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        pytest.param(b'{"verb":"nonsense"}\n', "unknown-verb", id="a verb that there is not"),
        pytest.param(b'{"verb":"echo","schema":99}\n', "schema", id="another version of the schema"),
    ],
)
def test_who_asks_for_what_there_is_not_may_ask_again(bench: Bench, data: bytes, refusal: str) -> None:
    client = bench.client()

    bench.say(client, data + ECHO)

    assert [answer.refusal for answer in heard(client)] == [refusal, ""]


def test_who_says_nothing_is_let_go_with_a_word(bench: Bench) -> None:
    client = bench.client()

    bench.wait(CONTROL_IDLE)

    assert [answer.refusal for answer in heard(client)] == ["idle"]
    assert ended(client)


def test_who_waits_for_an_answer_may_be_silent(bench: Bench) -> None:
    client = bench.client()
    bench.say(client, b'{"verb":"keep"}\n')

    bench.wait(CONTROL_IDLE)
    bench.kept[0].answer("late")
    bench.turn()

    assert [bytes(answer.answer) for answer in heard(client)] == [b'"late"']


def test_who_does_not_read_is_let_go(bench: Bench) -> None:
    client = bench.client()
    bench.say(client, b'{"verb":"keep"}\n')

    for _ in range(CONTROL_UNREAD // (1 << 20) + 4):
        bench.kept[0].line("x" * (1 << 20))
    bench.turn()

    assert bench.kept[0].gone


def test_one_client_too_many_is_told_so(bench: Bench) -> None:
    for _ in range(CONTROL_CLIENTS):
        bench.client()

    last = bench.client()

    assert [answer.refusal for answer in heard(last)] == ["too-many-clients"]
    assert ended(last)


@contextmanager
def no_descriptor_left() -> Iterator[None]:
    """Whoever asks for a descriptor is refused (EMFILE)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_who_cannot_be_let_in_for_want_of_descriptors_keeps_nobody_awake(bench: Bench) -> None:
    bench.time = Instant(1 << 62)  # no alarm rings by itself
    inside = bench.client()
    knocking = socket.socket(socket.AF_UNIX)
    bench.clients.append(knocking)
    knocking.settimeout(0)

    with no_descriptor_left():
        knocking.connect(bench.path)
        bench.turn()
        ready = bench.loop._selector.select(0)
        bench.say(inside, ECHO)
        bench.wait(ACCEPT_AGAIN)  # it is tried again, in vain
        bench.turn()
    bench.wait(ACCEPT_AGAIN)
    bench.say(knocking, ECHO)

    assert ready == []
    assert bench.told == [HostTrouble(f"cannot accept a connection to {bench.path}: Too many open files")]
    assert [answer.ok for answer in (*heard(inside), *heard(knocking))] == [True, True]


def test_who_may_only_ask_may_not_order(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "role_of", lambda *_: Role.READ)
    client = bench.client()

    bench.say(client, b'{"verb":"order"}\n' + ECHO)

    assert [answer.refusal for answer in heard(client)] == ["not-permitted", ""]


def test_our_own_user_may_order(bench: Bench) -> None:
    client = bench.client()

    bench.say(client, b'{"verb":"order"}\n')

    assert [answer.ok for answer in heard(client)] == [True]


def test_the_socket_has_the_mode_that_was_asked_for_and_goes_with_us(bench: Bench) -> None:
    mode = stat.S_IMODE(Path(bench.path).stat().st_mode)

    bench.control.close()

    assert mode == 0o660
    assert not Path(bench.path).exists()


def test_a_socket_that_a_dead_process_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))

    bench = Bench(tmp_path)

    client = bench.client()
    bench.say(client, ECHO)
    assert heard(client)[0].ok
    bench.close()


@pytest.mark.parametrize("what", ["a file", "a living socket"])
def test_what_is_not_ours_stays(tmp_path: Path, what: str) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as other:
        if what == "a file":
            path.write_text("precious")
        else:
            other.bind(str(path))
            other.listen()

        with pytest.raises(Refused):
            Bench(tmp_path)

        assert path.exists()
    os.unlink(path)  # noqa: PTH108  (socket or file)

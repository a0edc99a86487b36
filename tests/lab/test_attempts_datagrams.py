"""UDP_CHECK and PING_CHECK: silence, answers, and who objects."""

from ipaddress import ip_address
from pathlib import Path

import pytest
from attempting import LATE, LOOPBACK, PATIENT, Trier
from linux_namespace import ip

from standfast.core.check.probes import PingProbe, UdpProbe, Way


@pytest.mark.behaviour("HC-13")
@pytest.mark.parametrize(
    ("values", "answer", "phase", "says"),
    [
        pytest.param({}, None, "", "", id="silence is good"),
        pytest.param(
            {"reply_needed": True}, None, "timeout", "no answer within", id="unless an answer is needed"
        ),
        pytest.param({"reply_needed": True}, b"yes", "", "", id="any answer will do"),
        pytest.param(
            {"reply": b"\x12\x30", "mask": b"\xff\xf0"}, b"\x12\x3f", "", "", id="with any last digit"
        ),
        pytest.param(
            {"reply": b"\x12\x30", "mask": b"\xff\xf0"}, b"\x12\x4f", "reply", "124f", id="another answer"
        ),
        pytest.param(
            {"reply": b"\x12\x30", "mask": b"\xff\xff"}, b"\x12", "reply", "not the one", id="half of it"
        ),
        pytest.param({"least": 4}, b"yes", "reply", "3 bytes, not 4 to 255", id="too short"),
        pytest.param({"most": 2}, b"yes", "reply", "3 bytes, not 0 to 2", id="too long"),
    ],
)
def test_an_answer_to_a_datagram_is_judged(
    tries: Trier, values: dict[str, object], answer: bytes | None, phase: str, says: str
) -> None:
    heard: list[bytes] = []

    def reply(asked: bytes) -> list[bytes]:
        heard.append(asked)
        return [] if answer is None else [answer]

    probe = UdpProbe(tries.serve_datagrams(reply), b"ask", **values)  # type: ignore[arg-type]
    outcome = tries.go(probe, PATIENT if answer else 0.3)

    assert (outcome.ok, outcome.phase) == (not phase, phase), outcome.words
    assert says in outcome.detail
    assert heard == [b"ask"]


@pytest.mark.behaviour("HC-13")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_who_objects_to_a_datagram_is_named(tries: Trier, host: str) -> None:
    outcome = tries.go(UdpProbe(Way(ip_address(host), 9), b"ask"))

    assert (outcome.phase, f"port unreachable, says {host}" in outcome.detail) == ("icmp", True), (
        outcome.words
    )


@pytest.mark.behaviour("HC-15")
@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "::1"])
@pytest.mark.parametrize("groups", [pytest.param("0 0", id="datagram"), pytest.param("1 0", id="raw")])
def test_an_echo_is_answered(tries: Trier, host: str, groups: str) -> None:
    Path("/proc/sys/net/ipv4/ping_group_range").write_text(groups)

    outcome = tries.go(PingProbe(Way(ip_address(host), 0)))

    assert outcome.ok, outcome.words
    assert Path("/proc/sys/net/ipv4/ping_group_range").read_text().split() == groups.split()


@pytest.mark.behaviour("HC-15")
def test_an_echo_without_an_answer(tries: Trier) -> None:
    Path("/proc/sys/net/ipv4/icmp_echo_ignore_all").write_text("1")

    outcome = tries.go(PingProbe(Way(LOOPBACK, 0)), 0.3)

    assert outcome.words == "timeout: 127.0.0.1: no answer within 0.3 s"


@pytest.mark.parametrize(
    ("route", "phase"),
    [
        pytest.param("unreachable", "connect", id="unreachable"),
        pytest.param("prohibit", "cannot-run", id="prohibited"),
        pytest.param("", "cannot-run", id="no route"),
    ],
)
def test_an_echo_that_cannot_leave(tries: Trier, route: str, phase: str) -> None:
    if route:
        ip(f"route add {route} 198.51.100.1")

    outcome = tries.go(PingProbe(Way(ip_address("198.51.100.1"), 0)))

    assert (outcome.ok, outcome.phase) == (False, phase), outcome.words


def test_two_raw_pings_at_once_do_not_hear_each_other(tries: Trier) -> None:
    Path("/proc/sys/net/ipv4/ping_group_range").write_text("1 0")

    numbers = [tries.start(PingProbe(Way(LOOPBACK, 0)), PATIENT) for _ in range(20)]
    outcomes = [tries.loop.run_until_complete(tries.outcome_of(number, PATIENT + LATE)) for number in numbers]

    assert all(outcome.ok for outcome in outcomes)

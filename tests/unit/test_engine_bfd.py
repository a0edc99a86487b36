"""The interpreter of the sessions' effects: everything goes to its port, and facts to whoever wants them."""

from collections.abc import Sequence

import pytest
from bfd_made import SESSION, UP, Play, said

from standfast.base.times import Instant
from standfast.core.bfd.effects import Close, ControlHeard, Listen, Medium, Open, SendControl, Tell
from standfast.core.bfd.session import Session
from standfast.engine.bfd import BfdEffects
from standfast.wire.bfd import encode_control


class Ports:
    """Writes everything down."""

    def __init__(self, *wanted: type) -> None:
        self.log: list[tuple[object, ...]] = []
        self._wanted = wanted

    def now(self) -> Instant:
        return Instant(5)

    def listen(self, media: Sequence[Medium]) -> None:
        self.log.append(("listen", tuple(media)))

    def open(self, line: int, session: Session, port: int) -> None:
        self.log.append(("open", line, session.name, port))

    def close_line(self, line: int) -> None:
        self.log.append(("close", line))

    def send(self, line: int, payload: bytes) -> None:
        self.log.append(("send", line, payload))

    def drain(self, until: Instant | None = None) -> bool:
        return False

    def wants(self, kind: type) -> bool:
        return kind in self._wanted

    def tell(self, fact: object, now: Instant | None = None) -> None:
        self.log.append(("tell", fact) if now is None else ("fact", fact, now))


def run(*effects: object, wanted: tuple[type, ...] = ()) -> list[tuple[object, ...]]:
    ports = Ports(*wanted)
    interpreter = BfdEffects(control=ports, verdicts=ports, listeners=[ports], clock=ports)
    interpreter.run(effects)  # type: ignore[arg-type]
    return ports.log


PACKET = said(UP)
VERDICT = Tell("wan", up=True, reason="", vrrp=True, checker=True)


@pytest.mark.parametrize(
    ("effect", "call"),
    [
        pytest.param(
            SendControl("wan", PACKET), ("send", PACKET.mine, encode_control(PACKET)), id="a packet is sent"
        ),
        pytest.param(VERDICT, ("tell", VERDICT), id="a verdict is told"),
        pytest.param(Listen(()), ("listen", ()), id="what is heard"),
        pytest.param(Open(3, SESSION, 50_000), ("open", 3, "wan", 50_000), id="a line is opened"),
        pytest.param(Close(3), ("close", 3), id="a line is closed"),
    ],
)
def test_an_effect_goes_to_its_port(effect: object, call: tuple[object, ...]) -> None:
    assert run(effect) == [call]


def test_facts_go_to_who_wants_them() -> None:
    fact = ControlHeard("wan")

    assert run(fact) == []
    assert run(fact, wanted=(ControlHeard,)) == [("fact", fact, 5)]


def test_packets_are_counted_when_they_have_left() -> None:
    sending = SendControl("wan", PACKET)

    assert [entry[0] for entry in run(sending, wanted=(SendControl,))] == ["send", "fact"]


def test_all_that_a_node_asks_for_at_its_start_is_done_in_order() -> None:
    assert [entry[0] for entry in run(*Play().effects)] == ["listen", "open", "tell"]

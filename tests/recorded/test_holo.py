"""Holo's conformance recordings, on our core: each stream of each recording is the same, or differs for a reason.

What the recordings are, and their traps: ../shared/captures/SOURCES.md. They are skipped where they are absent.
"""

from typing import Final, NamedTuple

import pytest
from holo import FOLDER, STREAMS, Heard, HoloHost, Said, expected, read, read_lines

TOPOLOGIES: Final = [
    (topology, router)
    for topology in ("v2-topo1-1", "v3-topo1-1", "v3-topo1-2")
    for router in ("rt1", "rt2", "rt3")
]
CASES: Final = {  # the router of v2-topo1-1 that a case starts from
    "ibus-iface-update1": "rt3",
    "ibus-iface-update2": "rt3",
    "master-down-timer1": "rt1",
    "nb-config-instance1": "rt3",
    "nb-config-instance2": "rt3",
    "nb-config-virtual-addr1": "rt3",
    "nb-config-virtual-addr2": "rt3",
    "nb-config-virtual-addr3": "rt1",
    "nb-config-virtual-addr4": "rt1",
    "packet-error1": "rt2",
    "packet-error2": "rt2",
    "packet-error3": "rt2",
    "packet1": "rt3",
    "packet2": "rt3",
    "packet3": "rt3",
}
SETTINGS: Final = {"packet2": {"answers_weaker": False}}  # recorded by RFC 3768: lower_prio_no_advert


class Difference(NamedTuple):
    """What we answer instead, and why."""

    ours: list[Said]
    because: str


def advert(priority: int, *addresses: str) -> Said:
    return ("advert", 2, 1, priority, 1, addresses)


GOODBYE: Final = advert(0, "10.0.1.5")
DIFFERENCES: Final = {
    ("ibus-iface-update1", "protocol"): Difference(
        [GOODBYE], "a master in fault says goodbye first, if it still can (SM-18)"
    ),
    ("ibus-iface-update1", "addresses"): Difference(
        [("del", "10.0.1.5")], "the address stands on the interface itself, so it must be removed (SM-20)"
    ),
    ("ibus-iface-update2", "states"): Difference(
        [(1, "master", "no-response")], "no macvlan is made at this stage: its end is not our end"
    ),
    ("nb-config-instance1", "states"): Difference(
        [(1, "master", "no-response"), (2, "backup", "not-master")],
        "a new router needs no macvlan, so it takes part at once",
    ),
    ("nb-config-instance2", "protocol"): Difference(
        [GOODBYE], "a master that is removed says goodbye (RL-04; RFC 9568, 6.4.3)"
    ),
    ("nb-config-instance2", "addresses"): Difference(
        [("del", "10.0.1.5")], "no macvlan goes that would take the address with it"
    ),
    ("nb-config-virtual-addr1", "protocol"): Difference(
        [advert(30, "10.0.1.5", "10.0.1.6")], "a master with other parameters says so at once (RL-03)"
    ),
    ("nb-config-virtual-addr2", "protocol"): Difference(
        [advert(30)], "a master with other parameters says so at once (RL-03)"
    ),
}
UNRECORDED: Final = {"states"}  # a case without a file of states says nothing of them


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize(
    ("topology", "router"), TOPOLOGIES, ids=[f"{topology} {router}" for topology, router in TOPOLOGIES]
)
def test_a_whole_start_up(topology: str, router: str, stream: str) -> None:
    folder = FOLDER / "topologies" / topology / router

    got = HoloHost(folder).finish()

    assert getattr(got, stream) == getattr(expected(folder / "output"), stream)


@pytest.mark.rfc(27, 28, 41, 42)
@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("case", CASES)
def test_a_recorded_step_has_its_outcome(case: str, stream: str) -> None:
    got = getattr(_after(case), stream)
    recorded = getattr(expected(FOLDER / case, "01-output-"), stream)

    if (case, stream) in DIFFERENCES:
        assert got == DIFFERENCES[case, stream].ours
        assert got != recorded
    elif recorded or stream not in UNRECORDED:
        assert got == recorded


@pytest.mark.rfc(43, "D2")
def test_a_losing_advert_is_answered_by_default_as_rfc_9568_wants_it() -> None:
    """The recording follows RFC 3768, where a master keeps silent; `packet2` above is run in that way."""
    assert _after("packet2", answers_weaker=True).protocol == [advert(30, "10.0.1.5")]


@pytest.mark.rfc(28)
def test_a_takeover_has_the_order_of_the_rfc_over_all_streams() -> None:
    """The advert, then the address, then its gratuitous ARP, then the news."""
    assert _after("master-down-timer1").order == ["advert", "add", "arp", "new-master"]


def test_every_case_is_run_and_every_difference_is_one_of_a_case() -> None:
    if not FOLDER.exists():
        pytest.skip(f"the conformance recordings are not beside the repository: no {FOLDER}")

    assert {path.name for path in FOLDER.iterdir()} == {*CASES, "topologies"}
    assert {case for case, _ in DIFFERENCES} <= set(CASES)
    assert {stream for _, stream in DIFFERENCES} <= set(STREAMS)


def _after(case: str, **settings: object) -> Heard:
    """What is answered to the input of a case; what its start-up answered is left out."""
    host = HoloHost(FOLDER / "topologies" / "v2-topo1-1" / CASES[case], **(SETTINGS.get(case, {}) | settings))
    host.heard = Heard()
    for event in read_lines(FOLDER / case / "01-input-ibus.jsonl"):
        host.tell(event)
    for event in read_lines(FOLDER / case / "01-input-protocol.jsonl"):
        host.tell(event)
    change = FOLDER / case / "01-input-northbound-config-change.json"
    if change.exists():
        host.reconfigure(read(change))
    return host.finish()

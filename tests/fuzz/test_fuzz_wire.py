"""A short run of the fuzzer: nothing escapes, every rule is reached, and what escapes would be seen."""

from collections import Counter

import pytest
from fuzz_mutations import Mutator
from fuzz_targets import TARGETS, Target
from fuzz_wire import READ, Chunk, chunks_of, main, report, run, run_chunk, throw

from standfast.base.errors import Malformed

NAMES = [target.name for target in TARGETS]
CODEC = {"short", "version", "type", "truncated", "length", "checksum"}
SIGNED = {f"hmac-{what}" for what in ("missing", "malformed", "unknown-key", "invalid", "stale", "replay")}

BFD = {
    *("version", "short", "length", "truncated", "multiplier-zero", "multipoint"),
    "authentication-length",
}

REACHED = {
    "BFD": BFD | {"authentication-type"},
    "accepted by a session": BFD | {"unknown-discriminator", "simple-password", "keyed-md5", "keyed-sha1"},
    "advert over IPv4": CODEC,
    "advert over IPv6": CODEC,
    "advert in its packet": CODEC | {"header-length", "fragment"},
    "accepted by version 3": CODEC | {"count", "interval-zero"},
    "accepted by version 2": CODEC | {"count", "auth-unknown", "auth-type", "auth-failed", "interval"},
    "accepted over IPv6": CODEC | {"count"},
    "accepted by nobody": CODEC | {"vrid"},
    "accepted behind a header": CODEC | {"ah-malformed", "auth-failed", "ah-replay"},
    "accepted with a signature": CODEC - {"length"} | SIGNED,
    "accepted with a signature over IPv6": CODEC - {"length"} | SIGNED,
    "IPv4 packet": {"short", "version", "header-length", "truncated", "fragment"},
    "IPv6 packet": {"short", "version", "truncated"},
    "Ethernet frame": {"short"},
    "ARP frame": {"short", "ether-type", "truncated", "hardware", "operation"},
    "advertisement frame": {
        "short",
        "ether-type",
        "version",
        "truncated",
        "next-header",
        "hop-limit",
        "checksum",
    },
    "neighbour advertisement": {"checksum", "type", "truncated", "code", "solicited", "option"},
    "netlink": {
        "short",
        "length",
        "truncated",
        "attribute-length",
        "attribute-truncated",
        "address",
        "index",
    },
    "IPVS": {
        "short",
        "length",
        "truncated",
        "attribute-length",
        "attribute-truncated",
        "attribute-size",
        "family",
        "transport",
        "address",
        "forwarding",
        "weight",
        "sync-part",
        "no-service",
        "no-destination",
        "family-command",
    },
    "head of an HTTP answer": {"status-line"},
    "DNS answer": {"short", "query", "truncated", "compressed", "name"},
    "echo reply": {"short", "type"},
    "line between our processes": {"ipc-message"},
}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_escapes_and_every_rule_is_reached(name: str) -> None:
    seen: Counter[str] = Counter()

    for number in range(4):
        tally = run_chunk(Chunk(name, f"test:{number}", 2_500))
        assert tally.escapes == []
        seen.update(tally.slugs[name])

    assert seen.total() == 10_000
    assert REACHED[name] - seen.keys() == set()
    assert seen[READ] or name == "accepted by nobody"


def test_all_packets_are_thrown_and_every_target_has_its_turn() -> None:
    chunks = list(chunks_of(NAMES, count=20_003, seed=1))

    assert sum(chunk.count for chunk in chunks) == 20_003
    assert {chunk.target for chunk in chunks} == set(NAMES)
    assert len({chunk.seed for chunk in chunks}) == len(chunks)


def test_the_same_seed_throws_the_same_packets() -> None:
    first, second, other = (Mutator(TARGETS[0], seed) for seed in ("1", "1", "2"))
    packets = [first.packet() for _ in range(200)]

    assert packets == [second.packet() for _ in range(200)]
    assert packets != [other.packet() for _ in range(200)]


def test_what_escapes_is_seen() -> None:
    def decode(data: bytes) -> int:
        if len(data) < 4:
            raise Malformed("short")
        return data[200]

    tally = throw(Target("a careless decoder", decode, (bytes(8),)), seed="1", count=200)

    assert tally.escaped > 100
    assert "a careless decoder: " in tally.escapes[0]
    assert "IndexError" in tally.escapes[0]
    assert tally.packets == 200
    assert "escaped" in list(report(tally, 1.0))[-1]


def test_the_result_of_the_run_is_its_exit_status(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["--count", "300", "--target", "ARP frame"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("0 escaped")

    careless = Target("ARP frame", lambda data: data[300], (bytes(8),))
    monkeypatch.setattr("fuzz_wire._BY_NAME", {"ARP frame": careless})

    assert main(["--count", "300", "--target", "ARP frame"]) == 1


@pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)  # xdist has threads
def test_two_processes_do_what_one_does() -> None:
    chunks = list(chunks_of(NAMES, count=600, seed=3))

    assert run(chunks, processes=2).slugs == run(chunks, processes=1).slugs

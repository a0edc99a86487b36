"""A short run of the reader's fuzzer: nothing escapes, much is reached, and what escapes would be seen."""

import pytest
from fuzz_conf import FINE, Chunk, chunks_of, main, run_chunk
from fuzz_conf_texts import CANARY, Texts

from standfast.conf.read import Reading

REACHED = {
    FINE, "unknown-keyword", "missing-close", "extra-brace", "unexpected-brace", "missing-brace", "quote",
    "expansion", "sequence", "include-loop", "include-missing", "value-range", "not-a-number", "not-an-address",
    "bad-line", "missing-argument", "missing-keyword", "duplicate-name", "no-effect-yet", "not-utf-8",
}  # fmt: skip


def test_nothing_escapes_and_much_is_reached() -> None:
    tally = run_chunk(Chunk("test:0", 5_000))

    assert tally.escapes == []
    assert tally.texts == 5_000
    assert REACHED - tally.slugs.keys() == set()


def test_all_texts_are_thrown() -> None:
    chunks = list(chunks_of(count=20_003, seed=1))

    assert sum(chunk.count for chunk in chunks) == 20_003
    assert len({chunk.seed for chunk in chunks}) == len(chunks)


def test_the_same_seed_throws_the_same_texts() -> None:
    first, second, other = (Texts(seed) for seed in ("1", "1", "2"))
    texts = [first.next() for _ in range(100)]

    assert texts == [second.next() for _ in range(100)]
    assert texts != [other.next() for _ in range(100)]


def test_proper_sentences_hold_secrets() -> None:
    texts = Texts("1")

    assert any(proper and CANARY.encode() in text for text, proper in (texts.next() for _ in range(500)))


def test_what_escapes_is_seen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(_text: bytes, _number: int) -> Reading:
        raise IndexError("a careless reader")

    monkeypatch.setattr("fuzz_conf._read", careless)

    assert main(["--count", "30"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "IndexError: a careless reader" in said
    assert said[-1].endswith("30 escaped")

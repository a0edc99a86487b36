"""Files that people wrote: the same verdict as Keepalived, and the same understanding of what it accepts."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from corpus_summary import summary_of
from recorded_host import RecordedHost
from written import WrittenFiles

from standfast.conf.read import Reading, read_config
from standfast.conf.reader import Surroundings
from standfast.conf.transport import decode_config, encode_config
from standfast.conf.verdict import exit_code

CORPUS: Final = Path(__file__).parents[3] / "shared" / "corpus" / "open"
TOP: Final = "/etc/keepalived/keepalived.conf"

# Parts of a summary that are told in another way and mean the same.
NOTATION: Final = (
    ("215.conf", ".instances"),  # a VMAC that is not made yet is told with the interface that it will be on
    (
        "418.conf",
        ".static_addresses",
    ),  # `preferred_lft forever` is told though it is the default with a prefix
)


def cases() -> list[dict[str, Any]]:
    listing = CORPUS / "expected.jsonl"
    if not listing.exists():
        pytest.skip(f"the corpus is not here: {CORPUS}")
    return [json.loads(line) for line in listing.read_text().splitlines()]


def reading_of(case: dict[str, Any]) -> Reading:
    env = case.get("env", {})
    surroundings = Surroundings(config_id=env.get("hostname", "node1").split(".")[0])
    files = WrittenFiles({TOP: (CORPUS / case["file"]).read_bytes()})
    return read_config(TOP, files, surroundings, host=RecordedHost(env))


def test_every_verdict_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    codes = [(case["file"], case["exit"], exit_code(reading_of(case))) for case in cases()]
    wrong = [row for row in codes if (row[1] == 0) != (row[2] == 0)]
    same = sum(theirs == ours for _, theirs, ours in codes)

    with capsys.disabled():
        print(f"\ncorpus: {len(codes) - len(wrong)} of {len(codes)} verdicts agree, {same} exit codes")
    assert wrong == []
    assert same == len(codes)


def test_what_is_accepted_is_understood_in_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    accepted = [case for case in cases() if case["exit"] == 0 and "summary" in case]
    wrong = []
    for case in accepted:
        config = reading_of(case).config
        assert config is not None
        ours = summary_of(config, case.get("env", {}).get("interfaces", ()))
        found = [
            what for what in differences("", case["summary"], ours) if not told_otherwise(case["file"], what)
        ]
        wrong += [f"{case['file']} {what}" for what in found]

    with capsys.disabled():
        print(f"\ncorpus: {len(accepted)} summaries compared, {len(wrong)} parts differ")
    assert wrong == []


def told_otherwise(file: str, what: str) -> bool:
    """Whether only the telling differs, for a reason that is written down here."""
    return any(file == name and what.startswith(path) for name, path in NOTATION)


def differences(path: str, want: Any, have: Any) -> list[str]:
    """What is not the same, part by part; of a list that was cut the length and the beginning count."""
    if isinstance(want, dict) and isinstance(have, dict):
        found = []
        for name in sorted({key for key in (*want, *have) if not key.endswith("_count")}):
            theirs, ours = want.get(name), have.get(name)
            if (count := want.get(f"{name}_count")) is not None:
                found += differences(f"{path}.{name}_count", count, len(ours or ()))
                ours = (ours or [])[: len(want[name])]
            found += differences(f"{path}.{name}", theirs, ours)
        return found
    if isinstance(want, list) and isinstance(have, list) and len(want) == len(have):
        pairs = enumerate(zip(want, have, strict=True))
        return [what for number, pair in pairs for what in differences(f"{path}[{number}]", *pair)]
    return [] if want == have else [f"{path} is {have}, should be {want}"]


def test_every_configuration_survives_the_way_to_a_child() -> None:
    for case in cases():
        config = reading_of(case).config
        if config is not None:
            assert decode_config(encode_config(config)) == config, case["file"]

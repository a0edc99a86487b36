"""Files that people wrote: the same verdict as Keepalived, and the same understanding of what it accepts."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from corpus_reasons import REASONS, reason_of
from corpus_summary import summary_of
from recorded_host import RecordedHost
from written import WrittenFiles

from standfast.conf.read import Reading, read_config
from standfast.conf.reader import Surroundings
from standfast.conf.transport import decode_config, encode_config
from standfast.conf.verdict import exit_code

CORPUS: Final = Path(__file__).parents[3] / "shared" / "corpus" / "open"
PAGE: Final = Path(__file__).parents[2] / "docs" / "differences.md"
TOP: Final = "/etc/keepalived/keepalived.conf"


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
        wrong += [f"{case['file']} {what}" for what in differences("", case["summary"], ours)]

    with capsys.disabled():
        print(f"\ncorpus: {len(accepted)} summaries compared, {len(wrong)} parts differ")
    assert wrong == []


# What is told in another way and means the same; docs/differences.md says why.
NOTATION: Final = (
    (re.compile(r" preferred_lft forever\b"), ""),  # told where it is written, though it is the default
    (re.compile(r"(dev \S+)@\S+"), r"\1"),  # an own interface that is not made yet, with the one below it
    (re.compile(r" weight 1\b"), ""),  # of a next hop: told where it is written
    (re.compile(r"^'(</\S*)'$"), r"\1"),  # what a shell only opens is told without quotes
    (re.compile(r"^'/\S*/"), "'*/"),  # a program without a folder is told where it was found
)


def test_what_is_rejected_is_understood_in_the_same_way_or_the_page_says_why() -> None:
    rejected = [case for case in cases() if case["exit"] != 0 and "summary" in case]
    headings = re.findall(r"^##+ (.*)$", PAGE.read_text(), re.MULTILINE)

    differing = [case["file"] for case in rejected if differ(case)]

    assert [file for file in differing if reason_of(file) is None] == []
    assert [heading for heading in REASONS if heading not in headings] == []
    named = {f"{number}.conf" for files in REASONS.values() for number in files.split()}
    assert sorted(named - {*differing}) == []  # a reason that is not needed any more


def differ(case: dict[str, Any]) -> bool:
    config = reading_of(case).config
    assert config is not None
    ours = summary_of(config, case.get("env", {}).get("interfaces", ()))
    return bool(differences("", case["summary"], ours))


def as_told(text: Any) -> Any:
    """A text of a summary in the one notation that both can be brought to."""
    if isinstance(text, str):
        for pattern, plain in NOTATION:
            text = pattern.sub(plain, text)
    return text


def differences(path: str, want: Any, have: Any) -> list[str]:
    """What is not the same, part by part; of a list that was cut the length and the beginning count."""
    if isinstance(want, dict) and isinstance(have, dict):
        found = []
        if (
            "vmac" in want and want.get("interface") == want["vmac"]
        ):  # not made yet: told in place of the other
            want = want | {"interface": have.get("interface")}
        for name in sorted({key for key in (*want, *have) if not key.endswith("_count")}):
            theirs, ours = want.get(name), have.get(name)
            if name == "flags" and theirs:  # a word is told for the service and again for its servers
                theirs = list(dict.fromkeys(theirs))
            if (count := want.get(f"{name}_count")) is not None:
                found += differences(f"{path}.{name}_count", count, len(ours or ()))
                ours = (ours or [])[: len(want[name])]
            found += differences(f"{path}.{name}", theirs, ours)
        return found
    if isinstance(want, list) and isinstance(have, list) and len(want) == len(have):
        pairs = enumerate(zip(want, have, strict=True))
        return [what for number, pair in pairs for what in differences(f"{path}[{number}]", *pair)]
    return [] if as_told(want) == as_told(have) else [f"{path} is {have}, should be {want}"]


def test_every_configuration_survives_the_way_to_a_child() -> None:
    for case in cases():
        config = reading_of(case).config
        if config is not None:
            assert decode_config(encode_config(config)) == config, case["file"]

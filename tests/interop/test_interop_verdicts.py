"""Files of other people with one line changed: Debian's Keepalived and we judge each of them alike.

Where the two versions differ (Debian's is 2.2.7, the one that we follow 2.4.3), the difference is named here.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from os import uname
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest
from changed_texts import Changed, Changes
from corpus import FOLDER, needs_corpus
from linux_namespace import namespaces
from written import TOP, WrittenFiles

from standfast.conf.read import Reading, read_config
from standfast.conf.reader import Surroundings
from standfast.conf.verdict import exit_code
from standfast.daemon.host import ThisHost

KEEPALIVED: Final = shutil.which("keepalived", path="/usr/sbin:/sbin:/usr/bin:/bin")
SEED: Final = "2026-11"
COUNT: Final = 250  # changed texts; each costs some 20 ms
PATIENCE: Final = 12.0  # seconds, after which no further text is begun
ENOUGH: Final = 25  # fewer say nothing
LONGEST: Final = 4000  # bytes of a file that is changed

# What 2.4.3 says by the corpus or the reference and 2.2.7 does not, by the slug of our problem.
SAID_LATER: Final = {
    "duplicate-address": "2.4.3 reports it (CF-07)",
    "duplicate-peer": "2.4.3 reports it",
}
# What 2.2.7 says and 2.4.3 does not, by 2.2.7's words.
SAID_BEFORE: Final = {
    "cannot track route": "2.4.3 tracks routes without an interface",
    "Unknown interface!": "in 2.4.3 unicast needs none (WI-20)",
}


def theirs(text: str, folder: Path) -> tuple[int, str]:
    """What Keepalived exits with, and what it says."""
    assert KEEPALIVED is not None
    (file := folder / "keepalived.conf").write_text(text)
    command = [KEEPALIVED, "-t", "-f", str(file)]
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=20)
    return done.returncode, done.stderr.decode(errors="replace")


def ours(text: str, host: ThisHost) -> Reading:
    """What we make of it."""
    surroundings = Surroundings(config_id=uname().nodename.split(".")[0])
    return read_config(TOP, WrittenFiles({TOP: text}), surroundings, host=host)


def candidates() -> Iterator[tuple[str, Sequence[str]]]:
    """Files that 2.4.3 accepted, with the interfaces that they need."""
    for line in (FOLDER / "expected.jsonl").read_text().splitlines():
        case: dict[str, Any] = json.loads(line)
        content = (FOLDER / case["file"]).read_bytes()
        if (
            case["exit"] == 0
            and len(content) < LONGEST
            and b"net_namespace" not in content
            and content.isascii()
        ):
            yield content.decode(), case["env"].get("interfaces", ())


def make_interfaces(names: Sequence[str]) -> None:
    """Pairs, for only one end of each has a name that a file could name."""
    lines = (f"link add {name} type veth peer name zz{n}\nlink set {name} up" for n, name in enumerate(names))
    subprocess.run(
        ["ip", "-force", "-batch", "-"], input="\n".join(lines), text=True, capture_output=True, check=False
    )


def reason(reading: Reading, said: str) -> str:
    """Why the verdicts may differ; empty if there is no reason."""
    slugs = {problem.slug for problem in reading.problems if problem.error_class}
    if slugs and slugs <= SAID_LATER.keys():
        return SAID_LATER[min(slugs)]
    lines = [line for line in said.splitlines() if re.search(r"Line \d+|\(.*\)", line)]
    named = {words for line in lines for words in SAID_BEFORE if words in line}
    if named and all(any(words in line for words in named) for line in lines):
        return SAID_BEFORE[min(named)]
    return ""


@needs_corpus
@pytest.mark.skipif(KEEPALIVED is None, reason="keepalived, the other judge, is not installed")
def test_a_changed_line_is_judged_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with namespaces(1) as (namespace,), namespace.here():
        found = list(candidates())
        make_interfaces(sorted({name for _, names in found for name in names if name != "lo"}))
        host = ThisHost()
        fine = [t for t, _ in found if exit_code(ours(t, host)) == 0 and theirs(t, tmp_path)[0] == 0]
        tried, wrong = 0, []
        begun = monotonic()
        for changed in changed_texts(fine):
            if tried == COUNT or monotonic() - begun > PATIENCE:
                break
            tried += 1
            if words := disagreement(changed, tmp_path, host):
                wrong.append(words)

    with capsys.disabled():
        print(f"\nverdicts: {tried} changed texts of {len(fine)} files, {len(wrong)} judged otherwise")
    assert wrong == []
    assert tried >= ENOUGH


def changed_texts(texts: Sequence[str]) -> Iterator[Changed]:
    """As many as are asked for."""
    changes = Changes(texts, SEED)
    while True:
        yield changes.next()


def disagreement(changed: Changed, folder: Path, host: ThisHost) -> str:
    """How the verdicts differ; empty if they do not, or if the versions do."""
    code, said = theirs(changed.text, folder)
    reading = ours(changed.text, host)
    if code == exit_code(reading) or reason(reading, said):
        return ""
    slugs = [problem.slug for problem in reading.problems]
    return f"{changed.how}: theirs {code} ({said[:200]}), ours {exit_code(reading)} {slugs}"

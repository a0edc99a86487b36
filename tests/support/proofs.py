"""Which tests prove which requirement: found in the marks of the tests' source, never by running them.

A test bears `@pytest.mark.rfc(44)`, `@pytest.mark.bfd(31)` or `@pytest.mark.behaviour("WI-09")`, on the
function or on one row of its table. A recorded story says `# proves SM-09`.
"""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parents[1]
ROOT: Final = TESTS.parent
LEVELS: Final = ("must", "must-not", "should", "should-not", "may", "step")
OWNERS: Final = ("later", "kernel", "elsewhere", "none")  # whose business an item without a proof is

Function = ast.FunctionDef | ast.AsyncFunctionDef
Proofs = Mapping[str, Sequence[str]]  # requirement: places of tests


@dataclass(frozen=True, slots=True)
class Item:
    """One requirement, and what is said of it."""

    key: str
    level: str
    says: str
    proofs: tuple[str, ...]
    reason: str

    @property
    def status(self) -> str:
        """Covered by a test, reasoned, or open."""
        if self.proofs:
            return "covered"
        return "reasoned" if self.reason else "open"


def rfc_items(file: Path, mark: str = "rfc") -> list[Item]:
    """The ledger of an RFC, with the proofs that the tests bear under this mark."""
    marked = proofs(mark)
    return [
        _item(key, entry, marked.get(key, ()))
        for key, entry in tomllib.loads(file.read_text())["item"].items()
    ]


def _item(key: str, entry: Mapping[str, str | list[str]], marked: Sequence[str]) -> Item:
    (level,) = (word for word in LEVELS if word in entry)
    return Item(
        key=key,
        level=level,
        says=str(entry[level]),
        proofs=(*marked, *entry.get("tests", ())),
        reason=str(entry.get("reason", "")),
    )


def behaviour_items(file: Path) -> list[Item]:
    """The behaviours of this stage, with the proofs that tests and stories bear."""
    table = tomllib.loads(file.read_text())
    marked = proofs("behaviour")
    ids = [f"{kind}-{n:02}" for kind, count in table["count"].items() for n in range(1, count + 1)]
    return [
        Item(
            key=key,
            level="behaviour",
            says="",
            proofs=(*marked.get(key, ()), *table["tests"].get(key, ())),
            reason=table["reasons"].get(key, ""),
        )
        for key in ids
    ]


def summary(name: str, items: Sequence[Item]) -> Iterator[str]:
    """The closing lines of a ledger."""
    by_status: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_status[item.status].append(item)
    reasons = {owner: sum(i.reason.startswith(owner) for i in by_status["reasoned"]) for owner in OWNERS}
    why = ", ".join(f"{count} {owner}" for owner, count in reasons.items() if count)
    yield (
        f"{name}: {len(by_status['covered'])} covered, {len(by_status['reasoned'])} reasoned ({why}), "
        f"{len(by_status['open'])} open"
    )
    for item in by_status["open"]:
        yield f"  open: {item.key} {item.says}"


def table(items: Sequence[Item]) -> Iterator[str]:
    """The items of each sort, by the letters that their ids begin with, and what became of them."""
    sorts: dict[str, list[str]] = defaultdict(list)
    for item in items:
        sorts[item.key.partition("-")[0]].append(item.status)
    yield f"  {'':<4}{'ids':>4}{'covered':>9}{'reasoned':>10}{'open':>6}"
    for sort, found in sorts.items():
        counts = [found.count(status) for status in ("covered", "reasoned", "open")]
        yield f"  {sort:<4}{len(found):>4}{counts[0]:>9}{counts[1]:>10}{counts[2]:>6}"


# ---- what the tests bear


@cache
def proofs(mark: str) -> Proofs:
    """Requirements with the places of the tests that prove them, by the marks of this name."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        for function, bearer in tests_in(file).items():
            for key, row in marks_of(bearer, mark):
                found[key].append(f"{place_of(file, function)}{f' [{row}]' if row else ''}")
    if mark == "behaviour":
        for story in sorted((TESTS / "recorded" / "stories").glob("*.txt")):
            for key in _proved_by(story.read_text()):
                found[key].append(str(story.relative_to(ROOT)))
    return dict(found)


@cache
def tests_in(file: Path) -> Mapping[str, Function]:
    """The test functions of a file."""
    nodes = ast.parse(file.read_text()).body
    functions = (node for node in nodes if isinstance(node, Function))
    return {node.name: node for node in functions if node.name.startswith("test_")}


def marks_of(test: Function, mark: str) -> Iterator[tuple[str, str]]:
    """What the marks of a test name, each with the row of its table that bears it (empty: all)."""
    for decorator in test.decorator_list:
        rows = [call for call in ast.walk(decorator) if _is_call(call, "pytest.param")]
        in_rows = {id(node) for row in rows for node in ast.walk(row)}
        for row in rows:
            yield from ((key, _id_of(row)) for call in ast.walk(row) for key in _named(call, mark))
        for call in ast.walk(decorator):
            if id(call) not in in_rows:
                yield from ((key, "") for key in _named(call, mark))


def place_of(file: Path, function: str) -> str:
    """Where a test stands, as pytest writes it."""
    return f"{file.relative_to(ROOT)}::{function}"


def missing(places: Iterable[str]) -> list[str]:
    """Places that no test stands at."""
    return [place for place in places if not _stands(place)]


def _stands(place: str) -> bool:
    name, _, function = place.split(" [", maxsplit=1)[0].partition("::")
    file = ROOT / name
    if not function:
        return file.exists()
    return file.exists() and function in tests_in(file)


def _named(node: ast.AST, mark: str) -> Iterator[str]:
    if isinstance(node, ast.Call) and _is_call(node, f"pytest.mark.{mark}"):
        yield from (str(ast.literal_eval(argument)) for argument in node.args)


def _is_call(node: ast.AST, name: str) -> bool:
    last = name.rpartition(".")[2]
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == last):
        return False
    return ast.unparse(node.func) == name


def _id_of(row: ast.AST) -> str:
    keywords = row.keywords if isinstance(row, ast.Call) else []
    found = (ast.unparse(word.value) for word in keywords if word.arg == "id")
    return next(found, "a row").strip("'\"")


def _proved_by(story: str) -> list[str]:
    lines = (line for line in story.splitlines() if line.startswith("# proves "))
    return [key for line in lines for key in line.removeprefix("# proves ").split()]

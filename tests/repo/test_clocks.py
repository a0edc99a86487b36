"""A test neither sleeps nor looks at a clock, except where real daemons and a real kernel take part."""

import ast
from collections.abc import Iterator
from typing import Final

import pytest
from importing import ROOT

TIMELESS: Final = ("unit", "property", "recorded", "rfc", "sim", "repo")
READS: Final = {  # module: what reads its clock, or waits for it
    "time": {
        "sleep",
        "time",
        "time_ns",
        "monotonic",
        "monotonic_ns",
        "perf_counter",
        "perf_counter_ns",
        "clock_gettime",
    },
    "datetime": {"now", "utcnow", "today"},
    "asyncio": {"sleep", "wait_for", "timeout", "timeout_at"},
}


@pytest.mark.parametrize("kind", TIMELESS)
def test_tests_of_this_kind_know_no_clock(kind: str) -> None:
    files = sorted((ROOT / "tests" / kind).rglob("*.py"))

    found = [
        f"{file.relative_to(ROOT)}:{line}" for file in files for line in clocks(ast.parse(file.read_text()))
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("time.sleep(1)", id="a sleep"),
        pytest.param("from time import monotonic", id="a clock by its own name"),
        pytest.param("datetime.now()", id="the time of day"),
        pytest.param("datetime.datetime.now()", id="the time of day, in full"),
        pytest.param("async def f():\n    await asyncio.sleep(0.1)", id="a sleep of the event loop"),
        pytest.param(
            "async def f():\n    async with asyncio.timeout(1): pass", id="a wait of the event loop"
        ),
    ],
)
def test_a_clock_is_seen(source: str) -> None:
    assert list(clocks(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("from standfast.base.times import SECOND\nworld.clock.now()", id="a clock of our own"),
        pytest.param("import time\ntime.strftime('%c', time.localtime(AT))", id="a moment put into words"),
        pytest.param("async def f():\n    await asyncio.sleep(0)", id="a turn for the other coroutines"),
    ],
)
def test_what_is_no_clock_is_none(source: str) -> None:
    assert list(clocks(ast.parse(source))) == []


def clocks(tree: ast.AST) -> Iterator[int]:
    """Lines that read a clock of this machine, or wait for it."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module in READS:
                if READS[module] & {alias.name for alias in names}:
                    yield node.lineno
            case ast.Call(func=ast.Attribute(attr="sleep"), args=[ast.Constant(value=0)]):
                continue
            case ast.Call(func=ast.Attribute(value=owner, attr=word)) if word in READS.get(
                _last_name(owner), ()
            ):
                yield node.lineno


def _last_name(owner: ast.expr) -> str:
    """`time` for `time`, `datetime` for `datetime.datetime`."""
    match owner:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""

"""A test neither sleeps nor looks at a clock, except where real daemons and a real kernel take part."""

import ast
from collections.abc import Iterator
from typing import Final

import pytest
from importing import ROOT

TIMELESS: Final = ("unit", "property", "recorded", "rfc", "sim", "repo")
CLOCKS: Final = {"time", "datetime", "sched", "timeit"}
SLEEPS: Final = {"sleep", "wait_for", "perf_counter", "monotonic", "monotonic_ns", "now", "time_ns"}
OWNERS: Final = {
    "time",
    "asyncio",
    "datetime",
}  # whose words those are; a fake clock may have a `now` as well


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
        pytest.param("import time", id="the module of clocks"),
        pytest.param("from datetime import datetime", id="the time of day"),
        pytest.param("async def f():\n    await asyncio.sleep(1)", id="a sleep of the event loop"),
        pytest.param("def f():\n    asyncio.wait_for(x, 1)", id="a wait of the event loop"),
    ],
)
def test_a_clock_is_seen(source: str) -> None:
    assert list(clocks(ast.parse(source)))


def test_a_clock_of_our_own_is_none() -> None:
    assert list(clocks(ast.parse("from standfast.base.times import SECOND\nworld.clock.now()\n"))) == []


def clocks(tree: ast.AST) -> Iterator[int]:
    """Lines that import a module of clocks, or call for sleep or the time."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if CLOCKS & {alias.name for alias in names}:
                yield node.lineno
            case ast.ImportFrom(module=module) if module in CLOCKS:
                yield node.lineno
            case ast.Attribute(value=ast.Name(id=owner), attr=word) if owner in OWNERS and word in SLEEPS:
                yield node.lineno

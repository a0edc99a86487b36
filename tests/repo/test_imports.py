"""The table of imports in docs/design.md holds."""

import sys
from importlib.metadata import packages_distributions, requires
from typing import Final

import pytest
from importing import PACKAGE, ROOT, Rules, imports_of, module_of, source_files

RULES: Final = Rules.read((ROOT / "docs" / "design.md").read_text())
IMPORTS: Final = [found for file in source_files() for found in imports_of(module_of(file), file.read_text())]


def test_nobody_imports_what_the_table_does_not_allow() -> None:
    assert [str(found) for found in IMPORTS if RULES.breaks(found)] == []


def test_every_package_has_its_row() -> None:
    packages = {module_of(file).split(".")[0] for file in source_files() if file.parent.name != PACKAGE}

    assert packages - RULES.rows.keys() == set()


def test_shipped_code_imports_no_package_that_it_does_not_require() -> None:
    """What only the tests need (oracles above all) must not be missed by whoever installs Standfast."""
    provided = packages_distributions()
    required = {requirement.split(">")[0] for requirement in requires(PACKAGE) or ()}
    foreign = {
        top for found in IMPORTS if (top := found.target.split(".")[0]) not in {"", *sys.stdlib_module_names}
    }

    assert {top for top in foreign if not required & set(provided.get(top, ()))} == set()


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("base.times", "import standfast.core", id="a lower layer imports a higher one"),
        pytest.param("core.vrrp.step", "from standfast import linux", id="the core imports the edge"),
        pytest.param("core.vrrp.step", "from standfast.core.bfd.node import Node", id="one machine another"),
        pytest.param("core.vrrp.step", "import time", id="the core reads a clock"),
        pytest.param("conf.lexer", "def read():\n    from os import environ", id="a closed module, hidden"),
        pytest.param(
            "linux.loop", "from standfast.engine.driver import Driver", id="more of engine than its ports"
        ),
        pytest.param("cli.check", "import standfast.daemon.main", id="a lazy import that is not lazy"),
        pytest.param("cli.check", "def run():\n    import standfast.linux", id="lazy, but not in the table"),
        pytest.param("news.paper", "import standfast.base.times", id="a package without a row"),
        pytest.param(
            "base.times",
            "if TYPE_CHECKING:\n    from standfast.wire.vrrp import Advert",
            id="for the types only",
        ),
    ],
)
def test_a_broken_rule_is_seen(module: str, source: str) -> None:
    assert any(RULES.breaks(found) for found in imports_of(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("core.vrrp.step", "from standfast.core.vrrp import timing", id="its own package"),
        pytest.param("core.vrrp.step", "from standfast.core.track.node import weigh", id="what its row says"),
        pytest.param("core.vrrp.step", "from standfast.base.times import SECOND", id="times is not time"),
        pytest.param(
            "linux.loop", "from standfast.engine.ports import Clock", id="the one module of a package"
        ),
        pytest.param("cli.sim", "def run():\n    import standfast.sim.run", id="lazily, inside a function"),
        pytest.param("cli.main", "from standfast import __version__", id="the version of the package"),
        pytest.param("linux.loop", "import asyncio", id="the edge reads clocks"),
    ],
)
def test_what_the_table_allows_is_allowed(module: str, source: str) -> None:
    assert [str(found) for found in imports_of(module, source) if RULES.breaks(found)] == []

"""A start imports what its file needs, and all else is there for who needs it."""

import subprocess
import sys
from typing import Final

import pytest

from standfast.base.elsewhere import imported
from standfast.conf.meaning.rules import RULES, Rule
from standfast.model.config import Config
from standfast.model.declare import declaration_of

_ROUTER: Final = "vrrp_instance V {\ninterface eth0\nvirtual_router_id 5\nvirtual_ipaddress {\n10.0.0.9\n}\n}"
_SERVER: Final = "virtual_server 10.0.0.9 80 {\nreal_server 10.0.0.8 80 {\nTCP_CHECK {\n}\n}\n}"
_READ: Final = """
import sys
from standfast.conf.read import read_config

class OneFile:
    def read(self, path): return sys.argv[1].encode()
    def matches(self, pattern, directory): return ()

assert read_config("a.conf", OneFile()).config is not None
print(*sys.modules)
"""


def modules_for(text: str) -> set[str]:
    """What is imported when a configuration has been read by a process that has just begun."""
    done = subprocess.run([sys.executable, "-c", _READ, text], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        pytest.param("standfast.model.virtual_server", id="declarations of blocks that it does not have"),
        pytest.param("standfast.model.checkers", id="declarations of what stands in such blocks"),
        pytest.param("standfast.conf.meaning.servers", id="rules about blocks that it does not have"),
        pytest.param("standfast.model.routes", id="declarations of entries that it does not have"),
        pytest.param("inspect", id="what dataclasses needs"),
        pytest.param("decimal", id="fractions that no usual time has"),
        pytest.param("pathlib", id="paths that no usual file has"),
    ],
)
def test_a_file_of_one_router_does_without(module: str) -> None:
    assert module not in modules_for(_ROUTER)


def test_a_file_with_a_virtual_server_has_what_that_needs() -> None:
    needed = {"standfast.model.virtual_server", "standfast.model.checkers", "standfast.conf.meaning.servers"}

    assert needed - modules_for(_SERVER) == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_is_there_and_about_keywords_that_there_are(rule: Rule) -> None:
    found = imported(f"standfast.conf.meaning.{rule.name}")

    assert callable(found)
    assert rule.about <= declaration_of(Config).by_field.keys()

"""`standfast explain`: every keyword and every slug has its explanation, and the examples are true."""

import ast
import re
from collections.abc import Iterator

import pytest
from importing import ROOT
from written import read, slugs

from standfast.cli.main import main
from standfast.conf.catalogue import Page, pages
from standfast.conf.explain import explain, explainable, nearest_words
from standfast.conf.explained.table import EXPLAINED
from standfast.conf.meaning.host import ScriptState

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
SAYS = {"complain", "reject", "Complaint", "Problem", "Refused", "_problem", "_brace_problem"}
# Made from parts, or chosen before the call: what a file is refused for, the states of a script, the intervals.
MADE = {
    *(f"file-{reason}" for reason in ("not-a-file", "not-found", "not-permitted", "too-large", "unreadable")),
    *(f"script-{state}" for state in ScriptState if state is not ScriptState.FINE),
    "interval-rounded",
    "changes-meaning",  # of `standfast fmt`
}
INTERNAL = {"not-found"}  # of a reader of one text


def said_in_code() -> Iterator[str]:
    """Slugs that stand in calls which complain, in the layers that read a configuration."""
    for layer in ("model", "conf"):
        for file in (ROOT / "src" / "standfast" / layer).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and name_of(node.func) in SAYS:
                    yield from first_slug(node)


def name_of(function: ast.expr) -> str:
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def first_slug(call: ast.Call) -> Iterator[str]:
    for argument in call.args[:3]:
        if (
            isinstance(argument, ast.Constant)
            and isinstance(argument.value, str)
            and SLUG.match(argument.value)
        ):
            yield argument.value
            return


def test_every_slug_that_can_be_said_is_explained_and_no_other() -> None:
    said = {*said_in_code(), *MADE} - INTERNAL

    assert sorted(said - EXPLAINED.keys()) == []
    assert sorted(EXPLAINED.keys() - said) == []


@pytest.mark.parametrize("slug", [slug for slug, one in EXPLAINED.items() if one.example])
def test_an_example_has_the_problem_that_it_is_an_example_of(slug: str) -> None:
    assert slug in slugs(read(EXPLAINED[slug].example))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.title)
def test_every_keyword_says_what_it_is(page: Page) -> None:
    for word, keyword in page.declaration.by_word.items():
        text = explain(f"{page.paths[0]}/{word}" if page.paths[0] else word)

        assert " ".join(keyword.doc.split()) in " ".join(text.split())


def test_a_keyword_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "vrrp_instance/priority"]) == 0

    assert capsys.readouterr().out == (
        "priority: Election weight; higher wins.\n"
        "\n"
        "  stands in   vrrp_instance\n"
        "  syntax      priority <INTEGER:1..255>\n"
        "  default     100; 255 with `state MASTER`\n"
        "  reload      a reload takes a change over while everything runs\n"
        "  Keepalived  the same\n"
        "\n"
        "255 means that this host owns the addresses; use 1 to 254 otherwise.\n"
    )


@pytest.mark.parametrize(
    ("word", "told"),
    [
        pytest.param("interface", "because the sockets belong to the interface", id="why a reload restarts"),
        pytest.param("vrrp_no_swap", "restart the daemon", id="what needs a restart of the daemon"),
        pytest.param("preferred_lft", "vrrp_instance/virtual_ipaddress", id="a word of an entry"),
        pytest.param("nopreempt", "preempt | nopreempt", id="the word that says no"),
        pytest.param("lvs_flush_onstop", "also called", id="another name of a keyword"),
        pytest.param("virtual_server", "real_server", id="what a block holds"),
        pytest.param("value-range", "What to do:", id="a slug"),
    ],
)
def test_an_explanation_tells(word: str, told: str) -> None:
    assert told in explain(word)


def test_an_unknown_word_is_met_with_the_nearest_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "prioritty"]) == 1

    err = capsys.readouterr().err
    assert err.startswith("standfast: no keyword and no problem is called prioritty; did you mean priority")


def test_a_word_like_no_other_is_met_with_nothing() -> None:
    assert nearest_words("qqqqqqqqqq") == []
    assert explain("qqqqqqqqqq") == ""


def test_all_that_completion_offers_can_be_explained() -> None:
    assert [word for word in explainable() if not explain(word)] == []

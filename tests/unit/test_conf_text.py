"""Text into lines: words, quotes, comments, braces, files."""

import pytest
from written import TOP, WrittenFiles, config_of, instance_text, read, slugs

from standfast.base.limits import CONFIG_BLOCK_DEPTH, CONFIG_PROBLEMS_MAX
from standfast.conf.read import read_config

VIP = "virtual_ipaddress { 10.0.0.1/24 }"


@pytest.mark.parametrize(
    ("line", "router_id"),
    [
        pytest.param("router_id a # b", "a", id="a comment"),
        pytest.param("router_id a!b", "a", id="a comment in the middle of a word"),
        pytest.param("router_id \\#a\\!", "#a!", id="no comments"),
        pytest.param('router_id "a b"', "a b", id="quotes hold together"),
        pytest.param('router_id a"b c"d', "ab cd", id="and join what adjoins them"),
        pytest.param('router_id "a#b!c{d}"', "a#b!c{d}", id="quotes protect"),
        pytest.param("router_id 'a", "'a", id="a single quote is a letter"),
        pytest.param("router_id\ta\x0b", "a", id="white space of other sorts"),
        pytest.param("router_id a\r", "a", id="a line end of another system"),
        pytest.param("router_id a\u00a0b", "a\u00a0b", id="a no-break space is a letter"),
        pytest.param("router_id \u00fcber", "\u00fcber", id="letters of the world"),
    ],
)
def test_a_line_is_words(line: str, router_id: str) -> None:
    assert config_of(f"global_defs {{\n{line}\n}}\n").global_defs.router_id == router_id


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("global_defs{router_id a}", id="all on one line"),
        pytest.param("global_defs\n\n{\n\nrouter_id a\n}", id="a brace on its own line"),
        pytest.param("global_defs { router_id b }\nglobal_defs { router_id a }", id="in two blocks (CF-03)"),
        pytest.param("global_defs router_id b\nrouter_id a\n}", id="the opening brace is missing"),
        pytest.param("global_defs {\n router_id a\n", id="the closing brace is missing"),
        pytest.param("}\nglobal_defs {\n router_id a\n}", id="a closing brace too many"),
        pytest.param("{\nglobal_defs {\n router_id a\n}\n}", id="needless braces"),
        pytest.param("foo { router_id c\n bar { x }\n}\nglobal_defs { router_id a }", id="an unknown block"),
        pytest.param(
            "global_defs { foo {\n router_id c\n }\n router_id a }", id="an unknown block in a block"
        ),
        pytest.param('global_defs {\n smtp "foo\n router_id a }', id="a quote is not closed"),
    ],
)
def test_braces_and_what_is_wrong_with_them(text: str) -> None:
    assert config_of(text).global_defs.router_id == "a"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("foo { a\n b\n}", ["unknown-keyword"], id="an unknown block is one problem (CF-09)"),
        pytest.param("global_defs {", ["missing-close"], id="a missing }"),
        pytest.param("}", ["extra-brace"], id="an extra }"),
        pytest.param("{ }", ["unexpected-brace"], id="a block of nothing"),
        pytest.param("global_defs", ["missing-brace"], id="a block without braces"),
        pytest.param(
            "global_defs {\nvrrp_instance A {\n}",
            ["missing-close", "missing-keyword"],
            id="a missing } before the next block",
        ),
        pytest.param(
            "static_ipaddress {\n10.0.0.1\nglobal_defs {\n}",
            ["missing-close"],
            id="a missing } of a list",
        ),
        pytest.param("global_defs {\ngarp_group {\n}\n}", ["unknown-keyword"], id="a block in a wrong place"),
        pytest.param('"a', ["unknown-keyword", "quote"], id="a quote that stays open"),
        pytest.param("", [], id="nothing"),
        pytest.param("# {\n ! }", [], id="braces in comments"),
        pytest.param(b"# \xff\n", ["not-utf-8"], id="another encoding"),
    ],
)
def test_a_broken_text_is_named(text: str | bytes, found: list[str]) -> None:
    assert slugs(read(text)) == found


def test_a_problem_points_at_the_word() -> None:
    reading = read(
        "vrrp_instance A { interface eth0\n\t priority   300 # no\n virtual_router_id 1\n" + VIP + "\n}"
    )

    (problem,) = reading.problems

    assert (str(problem.place), problem.place.width) == (f"{TOP}:2:14", 3)
    assert problem.text == "\t priority   300 # no"


def test_an_include_is_read_where_it_stands_and_relative_to_its_file() -> None:
    files = {
        "etc/a.conf": "include conf.d/*.conf\n" + instance_text(VIP),
        "etc/conf.d/x.conf": "global_defs {\n vrrp_version 3\n include more.inc\n}\n",
        "etc/conf.d/y.conf": "priorty 3\n",
        "etc/conf.d/more.inc": "vrrp_version 2\n",
    }

    reading = read_config("etc/a.conf", WrittenFiles(files))

    assert reading.config is not None
    assert reading.config.global_defs.vrrp_version == 2
    assert reading.files == ("etc/a.conf", "etc/conf.d/x.conf", "etc/conf.d/more.inc", "etc/conf.d/y.conf")
    assert [str(problem.place) for problem in reading.problems] == ["etc/conf.d/y.conf:1:1"]


def test_an_include_that_matches_nothing_is_no_error_for_keepalived() -> None:
    reading = read("include no/*.conf\n")

    assert slugs(reading) == ["include-missing"]
    assert reading.config is not None


def test_files_that_include_each_other_end() -> None:
    reading = read("include a.conf", a_conf="include keepalived.conf\n global_defs { vrrp_version 3 }")

    assert slugs(reading) == ["include-loop"]


def test_a_missing_file_is_no_configuration() -> None:
    reading = read_config("none.conf", WrittenFiles({}))

    assert (reading.config, slugs(reading)) == (None, ["file-not-found"])


def test_braces_without_end_are_bounded() -> None:
    reading = read("a {" * 100_000)

    assert len(reading.problems) <= CONFIG_BLOCK_DEPTH + 10


def test_problems_without_end_are_counted() -> None:
    reading = read("foo\n" * (CONFIG_PROBLEMS_MAX + 7))

    assert (len(reading.problems), reading.dropped) == (CONFIG_PROBLEMS_MAX, 7)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("auth_pass sesame", id="the keyword in the wrong block"),
        pytest.param("authpass sesame x", id="the keyword misspelt"),
        pytest.param("auth_type PASS { auth_pass sesame }", id="on a line with others"),
        pytest.param('password "sesame', id="with a quote that stays open"),
        pytest.param("track_script {\n auth_pass sesame", id="as an entry of a list that is not closed"),
    ],
)
def test_no_message_shows_a_secret(line: str) -> None:
    reading = read(f"global_defs {{\n {line}\n}}\n" + instance_text(line))

    assert reading.problems
    assert "sesame" not in repr(reading)

"""Variables, conditions, sequences and includes: what a line says once it is expanded."""

import pytest
from written import TOP, WrittenFiles, config_of, slugs

from standfast.conf.problems import render
from standfast.conf.read import Reading, read_config
from standfast.conf.reader import Surroundings
from standfast.conf.verdict import exit_code

HERE = Surroundings(config_id="left", environment={"NAME": "env"}, random=lambda low, high: high)


def read(text: str, **others: str) -> Reading:
    files = {TOP: text} | {name.replace("_", "."): content for name, content in others.items()}
    return read_config(TOP, WrittenFiles(files), HERE)


def router_id(lines: str) -> str:
    reading = read(f"{lines}\n")
    assert reading.config is not None
    return reading.config.global_defs.router_id


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("$A=one\nglobal_defs { router_id ${A} }", "one", id="a variable in braces"),
        pytest.param("$A=one\nglobal_defs { router_id $A }", "one", id="a variable before white space"),
        pytest.param("$A=one\nglobal_defs { router_id x${A}y }", "xoney", id="in the middle of a word"),
        pytest.param("$A=one\nglobal_defs { router_id $Ab }", "$Ab", id="no variable: another name (CF-12)"),
        pytest.param("$B=${A}\n$A=two\nglobal_defs { router_id $B }", "two", id="expanded when it is used"),
        pytest.param(
            "$A=one # no\nglobal_defs { router_id $A }", "one", id="a comment is no part of a value"
        ),
        pytest.param("$A=\nglobal_defs { router_id x${A}y }", "xy", id="an empty value"),
        pytest.param("$A=1\n$A=2\nglobal_defs { router_id $A }", "2", id="defined again"),
        pytest.param("global_defs { router_id ${_INSTANCE} }", "left", id="the config-id"),
        pytest.param("global_defs { router_id ${_ENV NAME} }", "env", id="the environment"),
        pytest.param("global_defs { router_id x${_ENV NO}y }", "xy", id="nothing in the environment (CF-12)"),
        pytest.param("global_defs { router_id ${_RANDOM 5 7} }", "7", id="a random number"),
        pytest.param(
            "global_defs { router_id a${_HASH}b${_BANG} }", "a#b!", id="signs that begin no comment"
        ),
        pytest.param(
            "global_defs {\n@left router_id a\n@right router_id b\n}", "a", id="a line for one host"
        ),
        pytest.param(
            "global_defs {\n@^left router_id a\n@^right router_id b\n}", "b", id="for all but one host"
        ),
        pytest.param(
            "$A= \\\n router_id a \\\n router_id b\nglobal_defs {\n$A\n}", "b", id="a value of two lines"
        ),
        pytest.param("$A=\\\nrouter_id ${X}\n$X=5\nglobal_defs {\n${A}\n}", "5", id="with a variable in it"),
        pytest.param("global_defs {\n~SEQ(I, 3) router_id n${I}\n}", "n3", id="a sequence"),
        pytest.param("global_defs {\n~SEQ(I, 5, -2, 1) router_id n$I\n}", "n1", id="downwards"),
        pytest.param("global_defs {\n~SEQx(I, 9, 11) router_id n$I\n}", "nb", id="in hexadecimal"),
        pytest.param("global_defs {\n~LST(I, a, b) router_id $I\n}", "b", id="a list"),
        pytest.param("global_defs {\n~LST({I,J}, {a,b}, {c,d}) router_id ${I}${J}\n}", "cd", id="of pairs"),
        pytest.param("global_defs {\n~SEQx(I, 0x9, 0xb) router_id n$I\n}", "nb", id="from hexadecimal"),
        pytest.param(
            "$OFF=${_HASH}\nglobal_defs {\nrouter_id a\n$OFF router_id b\n}",
            "a",
            id="a line that is switched off",
        ),
        pytest.param(
            "$L= \\\n router_id b \\\n\n$OFF=${_BANG}\nglobal_defs {\nrouter_id a\n${OFF}$L\n}",
            "a",
            id="a value of several lines that is switched off",
        ),
        pytest.param("global_defs {\n~SEQ(I,2)~SEQ(J,3) router_id $I$J\n}", "$I3", id="one in another"),
    ],
)
def test_a_line_says(text: str, value: str) -> None:
    assert router_id(text) == value


@pytest.mark.parametrize(
    ("seed", "value"),
    [
        pytest.param("1", "65-19", id="a seed decides"),
        pytest.param("2", "10-26", id="another one otherwise"),
        pytest.param("x", "99-99", id="what is no number seeds nothing"),
        pytest.param("99999999999", "99-99", id="nor one that is too large"),
    ],
)
def test_random_numbers_follow_from_their_seed(seed: str, value: str) -> None:
    """The seed counts from its line on, in all files that are read after it."""
    text = f"global_defs {{\nrandom_seed {seed}\nrouter_id ${{_RANDOM 0 99}}-${{_RANDOM 0 99}}\n}}"

    assert router_id(text) == router_id(text) == value


def test_a_sequence_of_blocks_is_as_many_blocks() -> None:
    body = "interface eth0 \\\n virtual_router_id ${N} \\\n no_virtual_ipaddress \\\n}\n"
    text = f"$VI=vrrp_instance V${{N}} {{ \\\n {body}"

    config = config_of(text + "\n~SEQ(N, 1, 200) $VI\n")

    assert [instance.virtual_router_id for instance in config.vrrp_instances] == list(range(1, 201))


def test_a_problem_in_an_expanded_line_shows_what_was_written_and_what_it_became() -> None:
    before = "vrrp_instance A {\n interface eth0\n virtual_router_id 1\n"
    reading = read(f"$P=300\n{before} priority ${{P}}\n no_virtual_ipaddress\n}}\n")

    (problem,) = reading.problems

    assert problem.place[:2] == (TOP, 5)
    assert " priority ${P}\n" in render(problem)
    assert "= priority 300" in render(problem)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("$A=${A}${A}\n$A\n", id="a variable that grows by itself"),
        pytest.param("$A=${B}\n$B=${A}\n$A\n", id="two that name each other"),
        pytest.param("$A=\\\n${A}\\\n${A}\n\n$A\n", id="lines that hold themselves"),
        pytest.param("~SEQ(A, 1000000000) x\n", id="a sequence of a billion"),
        pytest.param("~SEQ(A,5000)~SEQ(B,5000) x\n", id="a sequence of sequences"),
        pytest.param("~SEQ(A, 1, 0, 5) x\n", id="a step of nothing"),
        pytest.param("~SEQ(A x\n", id="a sequence without an end"),
        pytest.param("$A=~SEQ(I,1,3) x\n$A\n", id="a sequence in a value of one line comes too late"),
        pytest.param("x" * 70_000, id="a line without an end"),
        pytest.param("a\0b", id="a NUL byte"),
    ],
)
def test_what_never_ends_is_a_problem(text: str) -> None:
    reading = read(text)

    assert set(slugs(reading)) & {"expansion", "sequence", "bad-line"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("include none.conf", 0, id="a plain include may miss"),
        pytest.param("includer none.conf", 6, id="one that must be readable may not"),
        pytest.param("includem no*.conf", 6, id="one that must match may not"),
        pytest.param("includew no*.conf", 6, id="a pattern that must match may not"),
        pytest.param("includeb {a,no*}.conf", 6, id="nor a branch of braces"),
        pytest.param("include {a,no*}.conf", 0, id="unless it may"),
        pytest.param("includeb a.conf", 0, id="without braces there is no branch"),
        pytest.param(
            "global_defs { include_check }\ninclude no*.conf", 6, id="include_check turns all checks on"
        ),
        pytest.param(
            "global_defs {\ninclude_check\ninclude_check -match -wildcard_match\n}\ninclude no*.conf",
            0,
            id="and off",
        ),
    ],
)
def test_an_include_that_must_succeed(text: str, code: int) -> None:
    assert exit_code(read(text, a_conf="")) == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("global_defs { include a.conf }", id="behind a brace"),
        pytest.param("global_defs {\ninclude a.conf\n}", id="on a line of its own"),
        pytest.param("global_defs {\ninclude {b,a}.conf\n}", id="with braces in its name"),
        pytest.param("$A=a\nglobal_defs { include ${A}.conf }", id="with a variable in its name"),
    ],
)
def test_an_include_stands_anywhere(text: str) -> None:
    reading = read(text, a_conf="vrrp_version 2\n", b_conf="vrrp_version 3\n")

    assert reading.config is not None
    assert (reading.config.global_defs.vrrp_version, slugs(reading)) == (2, [])

"""Commands: quotes of both sorts and escapes, in the values of scripts alone."""

import pytest
from written import config_of, instance_of

from standfast.conf.command_words import command_words
from standfast.conf.sentence import command_sentence

VIP = "virtual_ipaddress { 10.0.0.1/24 }"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("a 'b c' d", ["a", "b c", "d"], id="single quotes hold together"),
        pytest.param("""a "b 'c' d" e""", ["a", "b 'c' d", "e"], id="in double quotes they are letters"),
        pytest.param(r'"a \"b c\" d"', ['a "b c" d'], id="a quote behind a backslash"),
        pytest.param(r"'a\'b'", ["a'b"], id="of the other sort, too"),
        pytest.param(r"a\tb\x41\101\cAc", ["a\tbAA\x01c"], id="escapes"),
        pytest.param(r"a\ b c", ["a b", "c"], id="a blank behind a backslash"),
        pytest.param("a'b'\"c\"", ["abc"], id="what adjoins is one word"),
        pytest.param("a '' b", ["a", "", "b"], id="an empty word"),
        pytest.param("a # b", ["a"], id="a comment"),
        pytest.param("a 'b", ["a", "'b"], id="a quote that stays open is a letter"),
    ],
)
def test_a_command_is_words(text: str, words: list[str]) -> None:
    assert command_words(text) == words


@pytest.mark.parametrize("word", [r"a\b", 'a "b" c', "a\nb", "it's", "a{b}#!"], ids=lambda word: f"{word!r}")
def test_what_is_written_is_read_again(word: str) -> None:
    assert command_words(command_sentence(["notify", word])) == ["notify", word]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("script 'killall -0 haproxy'", id="single quotes"),
        pytest.param('script "killall -0 haproxy"', id="double quotes"),
        pytest.param("script killall -0 haproxy", id="no quotes"),
        pytest.param("script killall '-0' haproxy", id="around one word"),
    ],
)
def test_a_script_with_its_arguments(line: str) -> None:
    (script,) = config_of(f"vrrp_script A {{\n{line}\n}}\n").vrrp_scripts

    assert script.script.words == ("killall", "-0", "haproxy")


def test_a_notification_script_has_its_account_behind_it() -> None:
    script = instance_of(f"notify '/bin/a \"b c\"' nobody\n{VIP}").notify

    assert script is not None
    assert (script.words, script.user) == (("/bin/a", "b c"), "nobody")

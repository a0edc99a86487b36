"""Laws of the configuration reader."""

from hypothesis import given
from hypothesis import strategies as st
from written import TOP, WrittenFiles, config_of, instance_text

from standfast.conf.compare import compare
from standfast.conf.lexer import pieces
from standfast.conf.read import read_config
from standfast.conf.source import Line, Source
from standfast.conf.transport import decode_config, encode_config
from standfast.model.config import Config
from standfast.model.declare import declaration_of
from standfast.model.kinds.blocks import Block
from standfast.model.kinds.scripts import join_command, split_command
from standfast.model.words import Words


def _vocabulary(of: type) -> set[str]:
    words: set[str] = set()
    for keyword in declaration_of(of).keywords:
        words.update(keyword.names)
        if isinstance(keyword.kind, Block):
            words |= _vocabulary(keyword.kind.of)
    return words


OTHERS = r"""{ } \n \n " # ! eth0 1 255 0.5 10.0.0.1/24 fe80::1 dev label MASTER PASS
include \ $A ${ ~SEQ(A,1,2)"""
WORDS = st.sampled_from(
    [*sorted(_vocabulary(Config)), *OTHERS.replace("\n", " ").replace("\\n", "\n").split(" ")]
)
TEXTS = st.lists(WORDS, max_size=120).map(" ".join)


@given(st.one_of(st.binary(max_size=300), TEXTS.map(str.encode)))
def test_any_bytes_are_a_config_or_problems(content: bytes) -> None:
    reading = read_config(TOP, WrittenFiles({TOP: content}))

    assert reading.config is not None or reading.problems


@given(TEXTS)
def test_what_was_read_survives_the_way_to_a_child_and_differs_from_nothing(text: str) -> None:
    config = config_of(text)

    again = decode_config(encode_config(config))

    assert again == config
    assert compare(config, again) == ()


@given(st.lists(st.text(st.characters(blacklist_characters="\n\r", blacklist_categories=["Cs"]), min_size=1)))
def test_quoted_words_come_back(words: list[str]) -> None:
    words = ["".join(word.split('"')) for word in words]
    text = " ".join(f'"{word}"' for word in words)

    found = [piece.words for piece in pieces(Source("f", 1, text)) if isinstance(piece, Line)]

    assert found == ([words] if words else [])


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1), min_size=1))
def test_a_command_line_comes_back(words: list[str]) -> None:
    line = join_command(tuple(words))

    assert split_command(Words([], keyword="script"), line) == tuple(words)


@given(
    st.permutations(["priority 9", "advert_int 2", "nopreempt", "virtual_ipaddress { 10.0.0.1 }", "debug 1"])
)
def test_the_order_of_keywords_does_not_matter(lines: list[str]) -> None:
    assert config_of(instance_text("\n".join(lines))) == config_of(instance_text("\n".join(sorted(lines))))

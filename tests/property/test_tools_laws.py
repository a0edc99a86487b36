"""Laws of the tools: formatting and converting lose nothing."""

import json
from collections import Counter
from decimal import Decimal

import pytest
from corpus import corpus_files, corpus_reading, needs_corpus, reading_of
from hypothesis import given
from hypothesis import strategies as st
from json_schema import faults
from written import config_of, read

from standfast.conf.catalogue import all_words
from standfast.conf.compare import compare
from standfast.conf.format import formatted
from standfast.conf.json_form import as_document, from_document
from standfast.conf.read import Reading
from standfast.conf.schema import config_schema
from standfast.conf.write import faithful, read_text, write
from standfast.model.config import Config

OTHERS = r"""{ } { } | | | " ' # ! \ \# $A $A= ${A} ${_ENV A} @a @^a ~SEQ(A,1,2) ~LST(A,x,y) include eth0 1 255 0.5
10.0.0.1/24 10.0.0.2 fe80::1 dev default via name MASTER BACKUP PASS all "a b" 'a b'"""
WORDS = st.sampled_from([*all_words(), *(OTHERS.split() * 8)])
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "  ", "\t", "\n", "\n\n", ""])), max_size=80).map(
    lambda parts: "".join(word.replace("|", "\n") + gap for word, gap in parts)
)


def said(reading: Reading) -> Counter[tuple[str, str]]:
    """What is complained about, wherever it stands."""
    return Counter((problem.slug, problem.words) for problem in reading.problems)


@given(TEXTS)
def test_formatting_twice_is_formatting_once_and_means_the_same(text: str) -> None:
    once = formatted(text)

    assert formatted(once) == once
    assert read(once).config == read(text).config
    assert said(read(once)) == said(read(text))


@given(st.text(max_size=60))
def test_any_text_can_be_formatted(text: str) -> None:
    once = formatted(text)

    assert formatted(once) == once


def as_json(config: Config) -> str:
    return json.dumps(as_document(faithful(config)))


def back(document: str) -> Config:
    """The configuration that a document says, by way of its text."""
    told, problems = from_document(json.loads(document, parse_float=Decimal), "x.json")
    assert [problem for problem in problems if problem.slug.startswith("json-")] == []
    config = read_text(write(told)).config
    assert config is not None
    return config


@given(TEXTS)
def test_a_configuration_survives_its_json_form(text: str) -> None:
    config = config_of(text)
    document = as_json(config)

    assert as_json(back(document)) == document
    assert compare(config, config) == ()


def text_of(content: bytes) -> tuple[str, str]:
    """As the reader takes it, and the encoding."""
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"


@needs_corpus
def test_formatting_real_files_keeps_their_meaning() -> None:
    wrong = []
    for path in corpus_files():
        before = corpus_reading(path)
        text, encoding = text_of(path.read_bytes())
        once = formatted(text)
        after = reading_of(once.encode(encoding), path.name)
        if formatted(once) != once or after.config != before.config or said(after) != said(before):
            wrong.append(path.name)

    assert wrong == []


@needs_corpus
@pytest.mark.parametrize("part", range(4))
def test_real_files_survive_their_json_form(part: int) -> None:
    schema = config_schema()
    wrong = []
    for path in corpus_files()[part::4]:
        config = corpus_reading(path).config
        if config is None:
            continue
        document = as_json(config)
        if as_json(back(document)) != document or list(faults(schema, json.loads(document))):
            wrong.append(path.name)

    assert wrong == []

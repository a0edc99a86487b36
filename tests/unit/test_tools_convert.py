"""`standfast convert`: a configuration in JSON, and text that says as little as it may."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from written import config_of, instance_text

from standfast.base.errors import Refused
from standfast.cli.main import main
from standfast.conf.json_form import FORM, VERSION, as_document, from_document
from standfast.conf.sentence import quoted
from standfast.conf.write import faithful, read_text, write, write_config

VIP = "    virtual_ipaddress {\n        10.0.0.1/24\n    }\n"
HEAD = "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n"


@pytest.mark.parametrize(
    ("body", "before", "expected"),
    [
        pytest.param("priority 150\nadvert_int 1", "", "    priority 150\n", id="a default is not said"),
        pytest.param(
            "state MASTER\npriority 100",
            "",
            "    state MASTER\n    priority 100\n",
            id="a default that a rule would replace is said",
        ),
        pytest.param(
            "garp_master_repeat 5",
            "global_defs { vrrp_garp_master_repeat 9 }\n",
            "    garp_master_repeat 5\n",
            id="a default that global_defs would replace is said",
        ),
        pytest.param(
            "garp_master_repeat 9",
            "global_defs { vrrp_garp_master_repeat 9 }\n",
            "",
            id="what is inherited is not said again",
        ),
        pytest.param("nopreempt", "", "    nopreempt\n", id="the word that says no"),
        pytest.param("no_accept", "", "    no_accept\n", id="another one"),
        pytest.param(
            "notify \"/a b 'c d'\" u", "", "    notify \"/a b 'c d'\" u\n", id="a command keeps its words"
        ),
        pytest.param(
            "virtual_routes { default via 10.0.0.9 }",
            "",
            "    virtual_routes {\n        default via 10.0.0.9\n    }\n",
            id="a default route",
        ),
        pytest.param(
            "advert_int 1.50\nversion 3",
            "",
            "    version 3\n    advert_int 1.5\n",
            id="a time in its shortest form",
        ),
    ],
)
def test_a_text_says_only_what_it_must(body: str, before: str, expected: str) -> None:
    text = before + instance_text(f"{body}\nvirtual_ipaddress {{ 10.0.0.1/24 }}")

    written = write_config(config_of(text))

    own = written.partition(HEAD)[2].removesuffix("}\n")
    assert sorted(own.splitlines()) == sorted((expected + VIP).splitlines())
    assert read_text(written).config == config_of(text)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("a", "a", id="a plain word"),
        pytest.param("", '""', id="an empty word"),
        pytest.param("a b", '"a b"', id="white space"),
        pytest.param("a#b", '"a#b"', id="what would begin a comment"),
        pytest.param("{", '"{"', id="a brace"),
    ],
)
def test_a_word_is_quoted_if_it_must_be(word: str, expected: str) -> None:
    assert quoted(word) == expected


def test_a_double_quote_has_no_form_in_a_file() -> None:
    with pytest.raises(Refused, match="cannot stand in a file"):
        quoted('a"b')


def document(**config: Any) -> dict[str, Any]:
    return {"form": FORM, "version": VERSION, "config": config}


def test_json_has_numbers_flags_lists_and_objects() -> None:
    text = instance_text(
        "advert_int 0.5\nversion 3\nnopreempt\nauthentication {\nauth_type PASS\nauth_pass secret\n}\n"
        'virtual_ipaddress {\n10.0.0.1/24 dev eth1\n}\nnotify "/bin/x a" root'
    )

    (instance,) = as_document(faithful(config_of(text)))["config"]["vrrp_instance"]

    assert instance == {
        "name": "VI_1",
        "interface": "eth0",
        "virtual_router_id": 51,
        "version": 3,
        "advert_int": 0.5,
        "preempt": False,
        "virtual_ipaddress": ["10.0.0.1/24 dev eth1"],
        "notify": {"words": ["/bin/x", "a"], "user": "root"},
    }


def test_secrets_are_kept() -> None:
    text = instance_text(
        "authentication {\nauth_type PASS\nauth_pass secret\n}\nvirtual_ipaddress { 10.0.0.1 }"
    )

    said = faithful(config_of(text))

    assert as_document(said)["config"]["vrrp_instance"][0]["authentication"]["auth_pass"] == "secret"
    assert "auth_pass secret" in write(said)


@pytest.mark.parametrize(
    ("given", "place", "slug"),
    [
        pytest.param([], "#", "json-form", id="no document of ours"),
        pytest.param({"form": FORM, "version": 99}, "#/version", "json-form", id="a later version"),
        pytest.param(
            document(vrrp_instance={}), "#/config/vrrp_instance", "json-type", id="an object for an array"
        ),
        pytest.param(
            document(vrrp_instance=[{}]), "#/config/vrrp_instance/0", "json-key", id="a name is missing"
        ),
        pytest.param(
            document(global_defs={"router": "a"}), "#/config/global_defs/router", "json-key", id="no such key"
        ),
        pytest.param(
            document(global_defs={"vrrp_version": "3"}),
            "#/config/global_defs/vrrp_version",
            "json-type",
            id="a string for a number",
        ),
        pytest.param(
            document(global_defs={"vrrp_version": 4}),
            "#/config/global_defs/vrrp_version",
            "value-range",
            id="a number out of range",
        ),
        pytest.param(
            document(global_defs={"vrrp_strict": 1}),
            "#/config/global_defs/vrrp_strict",
            "json-type",
            id="a number for a boolean",
        ),
        pytest.param(
            document(global_defs={"script_user": {"uid": 0}}),
            "#/config/global_defs/script_user",
            "json-key",
            id="an object with a key too many",
        ),
        pytest.param(document(**{"a/b~": 1}), "#/config/a~1b~0", "json-key", id="a place is a JSON pointer"),
    ],
)
def test_what_json_says_wrongly_is_told_with_its_place(given: object, place: str, slug: str) -> None:
    _, problems = from_document(given, "x.json")

    assert [(problem.place.file, problem.slug) for problem in problems] == [(f"x.json{place}", slug)]


def test_json_numbers_lose_nothing() -> None:
    given = document(global_defs={"vrrp_startup_delay": Decimal("0.000001") * 1001})

    said, problems = from_document(given, "x.json")

    assert problems == []
    assert "vrrp_startup_delay 0.001001" in write(said)


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    return tmp_path / "keepalived.conf"


def test_a_file_comes_back_from_json_as_it_was(
    conf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf.write_text(HEAD + VIP + "}\n")

    assert main(["convert", str(conf)]) == 0
    as_json = capsys.readouterr().out
    (tmp_path / "x.json").write_text(as_json)
    assert main(["convert", str(tmp_path / "x.json")]) == 0

    assert capsys.readouterr().out == HEAD + VIP + "}\n"
    assert json.loads(as_json)["config"]["vrrp_instance"][0]["virtual_router_id"] == 51


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        pytest.param(HEAD + VIP + "foo\n}\n", 1, "unknown keyword foo", id="converted without a wrong part"),
        pytest.param('{"form": 1}', 2, "json-form", id="JSON of another form"),
        pytest.param('{"form": ', 2, "is no JSON", id="no JSON"),
        pytest.param(
            '{"form": "standfast-config", "version": 1, "config": {"global_defs": {"router_id": "a\\"b"}}}',
            2,
            "double quote",
            id="a value that no file can hold",
        ),
    ],
)
def test_what_is_wrong_has_its_exit_code(
    conf: Path, content: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    conf.write_text(content)

    assert main(["convert", str(conf)]) == code
    assert said in capsys.readouterr().err


def test_no_file_is_not_converted(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(conf)]) == 2
    assert "does not exist" in capsys.readouterr().err

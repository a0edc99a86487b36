"""Keepalived's exit codes for our problems."""

import pytest
from recorded_host import RecordedHost
from written import TOP, WrittenFiles, instance_text, read

from standfast.conf.meaning.host import ScriptState
from standfast.conf.read import read_config
from standfast.conf.verdict import exit_code

VIP = "virtual_ipaddress { 10.0.0.1/24 }\n"
SCRIPT = "vrrp_script A {\nscript /a\n}\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(instance_text(VIP), 0, id="nothing to say"),
        pytest.param("", 0, id="an empty file (EX-10)"),
        pytest.param(instance_text(VIP + "priority 5 6"), 0, id="words that nobody reads"),
        pytest.param("include none/*.conf\n", 0, id="an include that matches nothing"),
        pytest.param("foo", 5, id="an unknown keyword"),
        pytest.param(instance_text(VIP + "priority 300"), 5, id="a bad number"),
        pytest.param(instance_text(""), 5, id="no address, in version 2"),
        pytest.param("global_defs {", 5, id="a missing brace"),
        pytest.param(SCRIPT, 0, id="a script that no instance can track"),
        pytest.param(SCRIPT + instance_text(VIP), 6, id="a script without script security (SE-02)"),
        pytest.param(SCRIPT + "vrrp_instance A {\n}", 6, id="the same, and an instance that cannot be used"),
        pytest.param("vrrp_instance A {\nnotify /a\n}", 6, id="a script of such an instance"),
        pytest.param(
            "foo\n" + instance_text(VIP + "priority"), 2, id="a missing argument, after another error (EX-14)"
        ),
    ],
)
def test_the_exit_code_of_a_test(text: str, code: int) -> None:
    assert exit_code(read(text)) == code


class OpenHost(RecordedHost):
    """Where everybody can write."""

    def script(self, path: str, user: str) -> ScriptState:
        return ScriptState.INSECURE


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param("", 6, id="without script security it runs (SE-02)"),
        pytest.param("enable_script_security", 5, id="with it, it does not (SE-03)"),
    ],
)
def test_a_script_that_others_can_change(words: str, code: int) -> None:
    text = f"global_defs {{\nscript_user root\n{words}\n}}\n{SCRIPT}{instance_text(VIP)}"

    reading = read_config(TOP, WrittenFiles({TOP: text}), host=OpenHost({"interfaces": ["eth0"]}))

    assert "script-insecure" in [problem.slug for problem in reading.problems]
    assert exit_code(reading) == code


@pytest.mark.parametrize(
    ("all_config", "code"),
    [
        pytest.param(False, 0, id="a missing file is fine (EX-10)"),
        pytest.param(True, 4, id="but not with -e (EX-11)"),
    ],
)
def test_a_missing_file_is_an_error_only_if_all_must_be_there(all_config: bool, code: int) -> None:
    reading = read_config("none.conf", WrittenFiles({}))

    assert exit_code(reading, all_config=all_config) == code

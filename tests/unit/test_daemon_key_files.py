"""Keys in files: read by the parent for its child, and shown nowhere else (behaviours AU-07 to AU-09)."""

from pathlib import Path

import pytest
from written import config_of, instance_text

from standfast.conf.json_form import as_document
from standfast.conf.meaning.host import KeyFile
from standfast.conf.transport import decode_config, encode_config
from standfast.conf.write import faithful, write_config
from standfast.core.vrrp.configured import routers_of
from standfast.daemon.host import ThisHost
from standfast.daemon.key_files import with_keys
from standfast.model.config import Config

SECRET = "0123456789abcdef0123456789abcdef"


def config(path: Path | str) -> Config:
    keys = f"auth_hmac {{\n key 1 file:{path}\n active_key 1\n}}"
    return config_of(instance_text(f"virtual_ipaddress {{ 10.0.0.100 }}\n{keys}"))


def keyed(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def key_of(made: Config) -> bytes | None:
    (router,) = routers_of(made)
    return None if router.signature is None else router.signature.active_key


@pytest.mark.behaviour("AU-07")
@pytest.mark.parametrize(
    ("content", "key"),
    [
        pytest.param(SECRET.encode(), SECRET.encode(), id="as it is"),
        pytest.param(SECRET.encode() + b"\n", SECRET.encode(), id="with the end of its line"),
        pytest.param(b"hex:" + b"0f" * 32 + b"\n", b"\x0f" * 32, id="in hexadecimal"),
        pytest.param(b"short", None, id="too short: none"),
        pytest.param(b"hex:0g", None, id="not hexadecimal: none"),
    ],
)
def test_a_child_gets_the_key_that_the_file_holds(tmp_path: Path, content: bytes, key: bytes | None) -> None:
    file = keyed(tmp_path / "key", content)

    made = decode_config(encode_config(with_keys(config(file))))

    assert key_of(made) == key


@pytest.mark.behaviour("AU-08")
def test_a_file_that_is_gone_leaves_a_router_that_takes_no_part(tmp_path: Path) -> None:
    made = with_keys(config(tmp_path / "none"))

    assert key_of(made) is None
    assert routers_of(made)[0].unable


def test_a_key_that_was_changed_in_its_file_is_another_configuration(tmp_path: Path) -> None:
    file = keyed(tmp_path / "key", SECRET.encode())
    before = with_keys(config(file))

    same, file = with_keys(config(file)), keyed(file, SECRET.encode().upper())

    assert same == before
    assert with_keys(config(file)) != before


def test_a_configuration_without_files_is_the_same_one() -> None:
    made = config_of(instance_text("virtual_ipaddress { 10.0.0.100 }"))

    assert with_keys(made) is made


def test_what_is_converted_names_the_file_and_not_the_key(tmp_path: Path) -> None:
    file = keyed(tmp_path / "key", SECRET.encode())
    made = config(file)

    assert f"file:{file}" in write_config(made)
    assert SECRET not in write_config(made)
    assert SECRET not in str(as_document(faithful(made)))
    assert SECRET not in repr(with_keys(made))


@pytest.mark.behaviour("AU-09")
@pytest.mark.parametrize(
    ("mode", "state"),
    [
        pytest.param(0o600, KeyFile.FINE, id="its owner reads it"),
        pytest.param(0o400, KeyFile.FINE, id="a systemd credential"),
        pytest.param(0o640, KeyFile.OPEN, id="a group reads it"),
        pytest.param(0o604, KeyFile.OPEN, id="all others read it"),
    ],
)
def test_who_can_read_a_key_file(tmp_path: Path, mode: int, state: KeyFile) -> None:
    file = keyed(tmp_path / "key", SECRET.encode(), mode)

    assert ThisHost().key_file(str(file)) is state


def test_what_is_no_key_file(tmp_path: Path) -> None:
    assert ThisHost().key_file(str(tmp_path / "none")) is KeyFile.MISSING
    assert ThisHost().key_file(str(tmp_path)) is KeyFile.MISSING
    assert ThisHost().key_file("/no\0file") is KeyFile.MISSING
    assert ThisHost().key_file(str(keyed(tmp_path / "key", b"short"))) is KeyFile.LENGTH

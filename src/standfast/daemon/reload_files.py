"""Files that go with a reload: the marker of `reload_file`, the log of `reload_check_config`, what is saved.

All of them are made for somebody else to look at; what cannot be written is told, and keeps nothing from working.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from standfast.base.limits import SAVED_CONFIGS
from standfast.conf.problems import render
from standfast.conf.read import Reading
from standfast.conf.shown import without_secrets
from standfast.model.config import Config
from standfast.observe.facts import Failed

_NOBODY_READS: Final = "/dev/null"
_MODE: Final = 0o600
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW

Tell = Callable[[object], None]
State = Callable[[Callable[[Mapping[str, Any]], None]], None]  # has the state gathered, and gives it


@contextmanager
def marked(config: Config, pid_file: str, tell: Tell) -> Iterator[None]:
    """Have the marker stand while the files of the configuration are read (behaviour FILE-07)."""
    path = _marker(config, pid_file)
    if not path:
        yield
        return
    try:
        os.close(os.open(path, _NEW, 0o644))
    except OSError as error:
        tell(Failed(f"make {path}", error.strerror or str(error)))
    try:
        yield
    finally:
        clear_marker(config, pid_file)


def clear_marker(config: Config, pid_file: str) -> None:
    """The files were read: whoever made the marker before a start may go on."""
    path = _marker(config, pid_file)
    if path:
        with suppress(OSError):
            Path(path).unlink()


def _marker(config: Config, pid_file: str) -> str:
    name = config.global_defs.reload_file
    return str(Path(pid_file).parent / name) if name else ""


def write_check(config: Config, reading: Reading, tell: Tell) -> None:
    """Write what the test of a new configuration found, for `reload_check_config` (behaviour RL-07)."""
    path = config.global_defs.reload_check_config
    if not path or path == _NOBODY_READS:
        return
    _write(path, "".join(f"{render(problem)}\n" for problem in reading.problems), tell)


class SavedConfigs:
    """Keeps each configuration that comes into force, with the state before and after (behaviour FILE-08)."""

    def __init__(self, tell: Tell, state: State) -> None:
        self._tell = tell
        self._state = state
        self._number = 0  # of the configuration, in this process's life

    def before(self, config: Config) -> None:
        """A reload is about to replace this one: the children are asked before they are given another."""
        self._save_state(config, "pre")

    def after(self, config: Config) -> None:
        """This one is in force."""
        self._number += 1
        directory = config.global_defs.config_save_dir
        if not directory:
            return
        with suppress(OSError):  # it is there; or what is wrong is told when the file cannot be written
            Path(directory).mkdir(mode=0o700)
        _write(self._path(directory, "keepalived.conf"), without_secrets(config), self._tell)
        if self._number > 1:
            self._save_state(config, "post")
        self._forget(directory, self._number - SAVED_CONFIGS)

    def _save_state(self, config: Config, when: str) -> None:
        directory = config.global_defs.config_save_dir
        if directory:
            path = f"{self._path(directory, 'standfast')}.{when}.json"
            self._state(
                lambda state: _write(path, msgspec.json.encode(state, enc_hook=str).decode(), self._tell)
            )

    def _path(self, directory: str, name: str) -> str:
        return str(Path(directory, f"{name}.{os.getpid()}.{self._number}"))

    def _forget(self, directory: str, number: int) -> None:
        """Remove the oldest, so that a host that reloads every minute does not fill its disk."""
        for name in ("keepalived.conf.{}.{}", "standfast.{}.{}.pre.json", "standfast.{}.{}.post.json"):
            with suppress(OSError):
                Path(directory, name.format(os.getpid(), number)).unlink()


def _write(path: str, text: str, tell: Tell) -> None:
    """Write a file anew; a link that somebody left in its place is not followed."""
    try:
        with open(os.open(path, _NEW, _MODE), "w", encoding="utf-8", errors="replace") as file:  # noqa: PTH123  (it is a descriptor)
            file.write(text)
    except OSError as error:
        tell(Failed(f"write {path}", error.strerror or str(error)))

"""Settings of the kernel below /proc/sys: changed, remembered, and put back as they were (VM-03, VM-04)."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

_ROOT: Final = "/proc/sys"
_RP_FILTERS: Final = "net/ipv4/conf"


class Change(NamedTuple):
    """One setting that we changed."""

    before: str
    ours: str


class Sysctls:
    """The settings that we changed.

    What was changed is recorded before it is done: a process that is killed leaves it to the next one.
    """

    def __init__(
        self,
        record: Callable[[Mapping[str, Change]], None],
        complain: Callable[[str, OSError], None],
        *,
        root: str = _ROOT,
    ) -> None:
        """Make it; nothing is changed yet.

        Args:
            record: writes down what is changed from now on.
            complain: gets the setting that could not be had, and why.
            root: where the settings stand.
        """
        self._record = record
        self._complain = complain
        self._root = root
        self._changed: dict[str, Change] = {}

    @property
    def changed(self) -> Mapping[str, Change]:
        """What we changed, by path."""
        return self._changed

    def inherit(self, changed: Mapping[str, Change]) -> None:
        """An earlier process of ours changed these, and could not put them back."""
        self._changed = dict(changed)

    def keep(self, wanted: Mapping[str, str]) -> None:
        """Have these settings; put back what is not among them any more.

        What somebody else has changed meanwhile is his.
        """
        for path in [path for path in self._changed if path not in wanted]:
            self._put_back(path)
        new: dict[str, Change] = {}
        for path, value in wanted.items():
            before = self.read(path)
            if path not in self._changed and before not in (None, value):
                new[path] = Change(str(before), value)
        self._record({**self._changed, **new})
        for path, change in new.items():
            if self.write(path, change.ours):
                self._changed[path] = change

    def forget(self, interface: str) -> None:
        """An interface is gone, and with it what we changed of it."""
        for path in [path for path in self._changed if interface in path.split("/")]:
            del self._changed[path]

    def read(self, path: str) -> str | None:
        """The value of a setting; None if there is none."""
        try:
            return self._at(path).read_text().strip()
        except OSError:
            return None

    def write(self, path: str, value: str) -> bool:
        """Give a setting a value; whether it has it then."""
        if self.read(path) == value:
            return True
        try:
            self._at(path).write_text(value)
        except FileNotFoundError:
            return False  # its interface, or the family, is not there
        except OSError as error:
            self._complain(path, error)
            return False
        return True

    def rp_filters(self) -> Mapping[str, int]:
        """The reverse path filter of each interface, of `all` and `default`, before we changed them."""
        try:
            names = os.listdir(self._at(_RP_FILTERS))  # noqa: PTH208 (names are enough)
        except OSError:
            return {}
        found = {}
        for name in names:
            path = f"{_RP_FILTERS}/{name}/rp_filter"
            change = self._changed.get(path)
            value = self.read(path) if change is None else change.before
            if value is not None and value.isdecimal():
                found[name] = int(value)
        return found

    def _put_back(self, path: str) -> None:
        change = self._changed.pop(path)
        if self.read(path) == change.ours:
            self.write(path, change.before)

    def _at(self, path: str) -> Path:
        return Path(self._root, path)

"""A host as the corpus recorded it: what existed when a file was tried."""

from collections.abc import Mapping, Sequence
from os.path import normpath

from standfast.base.addresses import parse_address
from standfast.conf.meaning.host import KeyFile, ScriptState

USERS = ("root", "daemon", "nobody")
GROUPS = ("root", "daemon", "nogroup", "nobody")


class RecordedHost:
    """The facts of `env` in the corpus."""

    def __init__(self, env: Mapping[str, Sequence[str]]) -> None:
        self._interfaces = {"lo", *env.get("interfaces", ())}
        self._users = {*USERS, *env.get("users", ())}
        self._groups = {*GROUPS, *env.get("users", ()), *env.get("groups", ())}
        self._files = set(env.get("files", ()))
        self._scripts = set(env.get("scripts", ()))
        self._hosts = {"localhost", *env.get("hosts", ())}

    def has_interface(self, name: str) -> bool:
        return name in self._interfaces

    def link_kind(self, name: str) -> str:
        return ""

    def knows_host(self, name: str) -> bool:
        if name in self._hosts:
            return True
        try:
            parse_address(name)
        except ValueError:
            return False
        return True

    def has_user(self, name: str) -> bool:
        return name in self._users

    def has_group(self, name: str) -> bool:
        return name in self._groups

    def key_file(self, path: str) -> KeyFile:
        return KeyFile.OPEN if path in self._files else KeyFile.MISSING

    def script(self, path: str, user: str) -> ScriptState:
        path = normpath(path)
        if path.startswith(("/bin/", "/sbin/")) and user == "root":
            return ScriptState.LINKED
        if "/" not in path:
            found = any(f"/{each}/{path}" in self._scripts for each in ("usr/bin", "usr/sbin", "bin", "sbin"))
            return ScriptState.FINE if found or path in ("sh", "true") else ScriptState.MISSING
        return (
            ScriptState.FINE
            if path in self._scripts or path.startswith(("/bin/", "/sbin/"))
            else ScriptState.MISSING
        )

    def cpus(self) -> int:
        return 2

"""Configurations in a test's own text, and a reader whose files are a dictionary."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatch

from standfast.base.errors import Refused
from standfast.conf.read import Reading, read_config
from standfast.model.config import Config
from standfast.model.vrrp_instance import VrrpInstance

TOP = "keepalived.conf"


class WrittenFiles:
    """Files that stand in a dictionary."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise Refused("not-found", f"{path} does not exist")
        return self.files[path]

    def matches(self, pattern: str, directory: str) -> Sequence[str]:
        path = f"{directory}/{pattern}" if directory and not pattern.startswith("/") else pattern
        if not set("*?[") & set(path):
            return [path]
        return sorted(name for name in self.files if fnmatch(name, path))


def read(text: str | bytes, **others: str) -> Reading:
    """What comes of reading this text; `others` are further files, by name with _ for the dot."""
    return read_config(TOP, WrittenFiles({TOP: text} | {n.replace("_", "."): t for n, t in others.items()}))


def config_of(text: str) -> Config:
    """The configuration of a text that can be used."""
    reading = read(text)
    assert reading.config is not None, reading.problems
    return reading.config


def instance_of(body: str, *, before: str = "") -> VrrpInstance:
    """The instance VI_1 that has an interface, a router id and these further lines."""
    return config_of(before + instance_text(body)).vrrp_instances[0]


def instance_text(body: str, *, name: str = "VI_1", vrid: int = 51) -> str:
    """A vrrp_instance with an interface, a router id and these further lines."""
    return f"vrrp_instance {name} {{\n interface eth0\n virtual_router_id {vrid}\n{body}\n}}\n"


def slugs(reading: Reading) -> list[str]:
    """What is complained about, in order."""
    return [problem.slug for problem in reading.problems]

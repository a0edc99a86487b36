"""The Python packages that go along: those that Standfast requires and the distribution lacks or has too old.

They are taken out of the environment that runs this, where `make setup` has put them by their hashes. So a package
has what the tests ran with, and making one fetches nothing.
"""

import re
import shutil
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePath
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]

_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_OF_THE_INSTALLER: Final = frozenset({"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"})


def project() -> dict[str, Any]:
    """What pyproject.toml says of the project."""
    described: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return described


def bundled() -> list[Distribution]:
    """The packages, each once, by name; those of the extras as well."""
    described = project()
    wanted = [*described["dependencies"]]
    for extra in described["optional-dependencies"].values():
        wanted += extra
    found: dict[str, Distribution] = {}
    while wanted:
        name = _name_of(wanted.pop())
        if name not in found:
            found[name] = distribution(name)
            wanted += [each for each in found[name].requires or () if ";" not in each]
    return [found[name] for name in sorted(found)]


def copy_bundle(distributions: Iterable[Distribution], into: Path) -> None:
    """Copy their files, without what belongs to one installation of them.

    Raises:
        ValueError: a package has files outside the directory of libraries, which nobody would find again.
    """
    for one in distributions:
        for file in one.files or ():
            if file.suffix == ".pyc" or (_is_metadata(file) and file.name in _OF_THE_INSTALLER):
                continue
            if ".." in file.parts or file.is_absolute():
                raise ValueError(f"{one.name} has a file outside its library: {file}")
            target = into / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target)


def licences(one: Distribution) -> list[tuple[str, str]]:
    """The licence's short name and its text, for each file that a package brings about it."""
    names = [*one.metadata.get_all("License-Expression", []), *one.metadata.get_all("License", [])]
    short = names[0] if names else "see below"
    files = [file for file in one.files or () if _is_metadata(file) and file.name.startswith("LICEN")]
    return [(short, file.read_text()) for file in files]


def _is_metadata(file: PurePath) -> bool:
    return file.parts[0].endswith(".dist-info")


def _name_of(requirement: str) -> str:
    found = _NAME.match(requirement)
    if found is None:
        raise ValueError(f"not a requirement: {requirement}")
    return re.sub(r"[-_.]+", "-", found[0]).lower()

"""The RPM, made by rpmbuild from a directory that is laid out already."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bundle import ROOT
from payload import CONFIGURATION, DEFAULTS, LIBRARY, settle
from versions import rpm_version

BUILDER: Final = "rpmbuild"
_LICENCES: Final = "usr/share/licenses/standfast"
_OURS: Final = (  # directories of no other package's
    LIBRARY,
    CONFIGURATION,
    _LICENCES,
    "usr/share/doc/standfast",
    "usr/share/standfast",
)
_SHARED: Final = (  # of programs that need not be installed: each package that has something there owns them, too
    "usr/share/fish",
    "usr/share/vim",
)


def build_rpm(tree: Path, into: Path, *, version: str, moment: int) -> Path:
    """Make the package; where it is.

    Args:
        tree: what is installed.
        into: a directory.
        version: of the program.
        moment: seconds since 1970 that all files are from.
    """
    licence = tree / _LICENCES / "LICENSE"
    licence.parent.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", licence)
    settle(tree, moment)
    with tempfile.TemporaryDirectory() as place:
        listed = Path(place) / "files"
        listed.write_text("%defattr(-,root,root)\n" + "".join(f"{line}\n" for line in _lines(tree)))
        given, release = rpm_version(version)
        definitions = {
            "_topdir": place,
            "tree": tree,
            "file_list": listed,
            "given_version": given,
            "given_release": release,
            "python_abi": "{}.{}".format(*sys.version_info),
            "changed": time.strftime("%a %b %d %Y", time.gmtime(moment)),
        }
        words = [word for name, value in definitions.items() for word in ("--define", f"{name} {value}")]
        spec = ROOT / "packaging" / "rpm" / "standfast.spec"
        subprocess.run([BUILDER, "-bb", "--quiet", *words, spec], check=True, capture_output=True)
        (made,) = (Path(place) / "RPMS").rglob("*.rpm")
        into.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(made, into / made.name))


def _lines(tree: Path) -> Iterator[str]:
    """The list of files as a spec has it."""
    for path in sorted(tree.rglob("*")):
        name = str(path.relative_to(tree))
        if path.is_dir():
            if name.startswith((*_OURS, *_SHARED)):
                yield f'%dir "/{name}"'
        elif name == DEFAULTS:
            yield f'%config(noreplace) "/{name}"'
        else:
            yield f'"/{name}"'

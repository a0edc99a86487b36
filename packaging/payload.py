"""Lays out below a directory what a package of a distribution installs.

The wheel is unpacked, and the packages that go along stand beside it, in /usr/lib/standfast: nothing else on the
host imports from there, and the two commands import from nowhere else but Python's own library. Modules are
compiled, so that nobody who runs them leaves compiled ones behind that no package knows of.
"""

import compileall
import gzip
import os
import py_compile
import re
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from bundle import ROOT, bundled, copy_bundle

LIBRARY: Final = "usr/lib/standfast"
CONFIGURATION: Final = "etc/keepalived"  # Keepalived's too; ours to have, not to fill
DEFAULTS: Final = "etc/default/standfast"
COMMANDS: Final = {
    "usr/sbin/standfastd": ("standfast.daemon.main", "standfastd: the daemon."),
    "usr/bin/standfast": ("standfast.cli.main", "standfast: everything that a person types."),
}

# What stands in share/, and where it is installed.
_PLACES: Final = {
    "bash-completion": "usr/share/bash-completion",
    "dbus-1": "usr/share/dbus-1",
    "fish": "usr/share/fish",
    "man": "usr/share/man",
    "standfast": "usr/share/standfast",
    "systemd/standfast.service": "usr/lib/systemd/system/standfast.service",
    "systemd/standfast-unprivileged.service": "usr/lib/systemd/system/standfast-unprivileged.service",
    "systemd/sysusers.conf": "usr/lib/sysusers.d/standfast.conf",
    "systemd/tmpfiles.conf": "usr/lib/tmpfiles.d/standfast.conf",
    "vim": "usr/share/vim",
    "vscode": "usr/share/standfast/vscode",
    "zsh": "usr/share/zsh",
}

_COMMAND: Final = '''\
#!{interpreter} -IS
"""{words}"""

import sys

sys.path.insert(0, "/{library}")
from {module} import main

sys.exit(main())
'''


def lay_out(tree: Path, wheel: Path, *, version: str, moment: int) -> None:
    """Fill an empty directory.

    Args:
        tree: the directory.
        wheel: of Standfast.
        version: that the program says it has; the wheel's, or a trial's.
        moment: seconds since 1970 that all files are from.
    """
    with tempfile.TemporaryDirectory() as place:
        unpacked = Path(place)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked)
        (data,) = unpacked.glob("*.data")
        _share(data / "data" / "share", tree)
        shutil.rmtree(data)
        shutil.copytree(unpacked, tree / LIBRARY)
    copy_bundle(bundled(), tree / LIBRARY)
    _name_version(tree / LIBRARY / "standfast" / "__init__.py", version)
    for path, (module, words) in COMMANDS.items():
        _write(
            tree / path,
            _COMMAND.format(interpreter=interpreter(), words=words, library=LIBRARY, module=module),
        )
    (tree / CONFIGURATION).mkdir(parents=True)
    _write(tree / DEFAULTS, (ROOT / "packaging" / "files" / "default").read_text())
    squeeze(tree / "usr/share/doc/standfast/NEWS.gz", (ROOT / "CHANGELOG.md").read_text())
    settle(tree, moment)
    _compile(tree, moment)


def interpreter() -> str:
    """The distribution's own Python of the version that runs this.

    By its short name where that is the same one: then a program that is replaced while it runs (`restart --keep`)
    finds the next Python under that name.
    """
    name = "python{}.{}".format(*sys.version_info)
    usual = Path("/usr/bin/python3")
    return str(usual) if usual.resolve().name == name else f"/usr/bin/{name}"


def squeeze(path: Path, text: str) -> None:
    """Write a compressed file, the same bytes each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.encode())


def settle(tree: Path, moment: int) -> None:
    """Give everything below a directory its permissions and its time, whatever the umask is here."""
    for folder, _, files in os.walk(tree, topdown=False):
        for name in files:
            file = Path(folder, name)
            file.chmod(0o755 if str(file.relative_to(tree)) in COMMANDS else 0o644)
            os.utime(file, (moment, moment))
        Path(folder).chmod(0o755)
        os.utime(folder, (moment, moment))


def _share(share: Path, tree: Path) -> None:
    for name, place in _PLACES.items():
        source, target = share / name, tree / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)
    for page in (tree / "usr/share/man").rglob("*.[158]"):
        squeeze(page.with_name(f"{page.name}.gz"), page.read_text())
        page.unlink()


def _name_version(module: Path, version: str) -> None:
    """Have the program say that it has this version."""
    module.write_text(re.sub(r'(?m)^(__version__ = )".*"$', rf'\1"{version}"', module.read_text()))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _compile(tree: Path, moment: int) -> None:
    """Compile all modules, under the names that they will have.

    Raises:
        SyntaxError: one is not for this Python.
    """
    fine = compileall.compile_dir(
        tree / LIBRARY,
        quiet=2,
        stripdir=str(tree),
        prependdir="/",
        invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP,
    )
    if not fine:
        raise SyntaxError("a module cannot be compiled")
    settle(tree, moment)

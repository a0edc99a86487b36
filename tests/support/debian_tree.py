"""A bare Debian in a directory, for packages that are installed, run and removed again.

Made by debootstrap from the mirror that this machine's own apt uses, and kept in build/ for the next run. Whatever
is mounted for a command in it is mounted in a namespace that ends with the command.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
RELEASE: Final = "bookworm"  # Debian 12
PYTHON: Final = (3, 11)  # that is in it

_PLACES: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
_PROGRAMS: Final = {
    "debootstrap": "debootstrap",
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
    "unshare": "util-linux",
}
_KEPT: Final = ROOT / "build"
_SECONDS: Final = 400.0  # for a slow mirror
_MIRROR_SECONDS: Final = 15.0
_OWN_NAMESPACES: Final = ("unshare", "--mount", "--pid", "--fork", "--kill-child")

# $0 is the tree, the rest the command. Outside of a lab it gets a /run that nobody else has.
_AROUND: Final = (
    'set -e; mount -t proc proc "$0/proc"; mount --rbind /sys "$0/sys"; mount --rbind /dev "$0/dev"; '
    'mount -t tmpfs run "$0/run"; exec '
)
_ENTER: Final = _AROUND + 'chroot "$0" "$@"'
_ENTER_FROM_LAB: Final = (
    'set -e; for each in proc sys dev run; do mount --rbind "/$each" "$0/$each"; done; exec chroot "$0" "$@"'
)
_READ_ONLY: Final = 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; '

_OF_NO_USE: Final = ("var/lib/apt/lists", "usr/share/locale")  # half of what would be copied for each test

# What installing anything changes, and what is not on a disk.
_NOT_COMPARED: Final = re.compile(
    r"(proc|sys|dev|run)/|var/log/|var/cache/|var/lib/apt/|var/lib/dpkg/(\w+-old|lock|.*lock|available|updates/)"
)


class Tree:
    """One Debian."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, *words: str) -> str:
        """Run a command in it to its end; what it wrote.

        Raises:
            CommandFailed: it ended with another status than 0.
        """
        return _run([*_OWN_NAMESPACES, "sh", "-c", _ENTER, str(self.path), *words])

    def change(self, *words: str) -> str:
        """Run a command of this machine that changes it, and may run programs in it; what they wrote.

        Raises:
            CommandFailed: it ended with another status than 0.
        """
        return _run([*_OWN_NAMESPACES, "sh", "-c", _AROUND + '"$@"', str(self.path), *words])

    def inside(self, *words: str, read_only: bool = False) -> tuple[str, ...]:
        """The command that runs a command in it, on a host of a lab."""
        script = (_READ_ONLY if read_only else "") + _ENTER_FROM_LAB
        return ("sh", "-c", script, str(self.path), *words)

    def install(self, package: Path) -> str:
        """Have dpkg install a package whose dependencies are there; what it wrote."""
        return self.run("dpkg", "-i", self.take(package))

    def take(self, file: Path) -> str:
        """Copy a file into it; where it is there. It is in /root, which is not compared."""
        shutil.copy(file, self.path / "root")
        return f"/root/{file.name}"

    def copy(self, path: Path) -> "Tree":
        """Another one of the same files, by hard links: what installs packages replaces them, and writes none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        _run(["cp", "-al", str(self.path), str(path)])
        return Tree(path)

    def remove(self) -> None:
        """Away with it."""
        shutil.rmtree(self.path)

    def files(self) -> set[str]:
        """The paths of all that is in it."""
        found = set()
        for folder, folders, files in os.walk(self.path):
            for name in (*folders, *files):
                path = os.path.relpath(os.path.join(folder, name), self.path)  # noqa: PTH118  (of many thousands)
                if not _NOT_COMPARED.match(path) and not path.startswith("root/"):
                    found.add(path)
        return found


class CommandFailed(Exception):
    """A command ended with another status than 0; the words are what it wrote."""


def lacking() -> str:
    """What this machine lacks for such a tree, as a sentence; empty if nothing."""
    if os.geteuid() != 0:
        return "only root can make a Debian in a directory"
    for program, package in _PROGRAMS.items():
        if shutil.which(program, path=_PLACES) is None:
            return f"there is no {program}; install {package}"
    if sys.version_info[:2] != PYTHON:
        return "the packages that are made here are for another Python than the one of Debian 12"
    address = mirror()
    if not address:
        return "apt knows no mirror of Debian 12 here"
    try:
        with urllib.request.urlopen(f"{address}/dists/{RELEASE}/Release", timeout=_MIRROR_SECONDS):
            return ""
    except OSError as problem:
        return f"the mirror of Debian cannot be reached ({problem})"


def mirror() -> str:
    """Where this machine's apt fetches Debian 12 from; empty if it does not."""
    command = ["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    for line in asked.stdout.splitlines():
        match line.split():
            case [release, "main", address] if release == RELEASE:
                return address.rstrip("/")
    return ""


def make_bare(depends: str) -> Path:
    """An archive of a tree that has only what is asked for, and what that needs.

    Args:
        depends: as a package says it.
    """
    digest = hashlib.sha256(depends.encode()).hexdigest()[:8]
    kept = _KEPT / f"debian-{RELEASE}-{digest}.tar"
    if kept.exists():
        return kept
    _KEPT.mkdir(exist_ok=True)
    place = _KEPT / f"debian-{RELEASE}-{os.getpid()}"
    try:
        bare = [*_OWN_NAMESPACES, "debootstrap", "--variant=minbase", RELEASE, str(place), mirror()]
        _run(bare)
        tree = Tree(place)
        (place / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")  # nobody waits for the disk
        tree.run("apt-get", "update", "-q")
        tree.run("apt-get", "satisfy", "-q", "-y", "--no-install-recommends", depends)
        tree.run("apt-get", "clean")
        for name in _OF_NO_USE:
            shutil.rmtree(place / name)
        made = kept.with_suffix(f".{os.getpid()}")
        _run(["tar", "--numeric-owner", "-C", str(place), "-cf", str(made), "."])
        made.rename(kept)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return kept


def unpack(archive: Path, path: Path) -> Tree:
    """A tree of our own."""
    path.mkdir(parents=True)
    _run(["tar", "--numeric-owner", "-C", str(path), "-xf", str(archive)])
    return Tree(path)


def _run(words: Sequence[str]) -> str:
    environment = {**os.environ, "PATH": _PLACES, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False, timeout=_SECONDS, env=environment,
    )  # fmt: skip
    if done.returncode:
        raise CommandFailed(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout

"""Makes the packages: `make packages`, or some of them by `.venv/bin/python packaging/make_packages.py deb`.

Nothing is fetched: what goes along is taken out of the environment that runs this.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bundle import ROOT, project
from debian_package import build_deb
from payload import lay_out
from rpm_package import BUILDER, build_rpm

KINDS: Final = ("sdist", "wheel", "deb", "rpm")
_OF_THE_WHEEL: Final = 1_580_601_600  # what hatchling takes where nobody says when


def main(words: Sequence[str] | None = None) -> int:
    """Make what is asked for; a line for each package, with its place."""
    arguments = _arguments(words)
    version = project()["version"] + (f"+{arguments.local}" if arguments.local else "")
    kinds = arguments.kind or [kind for kind in KINDS if not lacking_for(kind)]
    for kind in KINDS:
        if kind in kinds and (why := lacking_for(kind)):
            sys.stderr.write(f"no {kind}: {why}\n")
            return 1
        if kind not in kinds and not arguments.kind:
            print(f"no {kind}: {lacking_for(kind)}")
    arguments.into.mkdir(parents=True, exist_ok=True)
    for kind in ("sdist", "wheel"):
        if kind in kinds:
            print(build_python(kind, arguments.into))
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place, "tree")
        for kind, build in (("deb", build_deb), ("rpm", build_rpm)):
            if kind in kinds:
                if not tree.exists():
                    lay_out(tree, build_python("wheel", Path(place)), version=version, moment=moment())
                own = Path(place, kind)
                shutil.copytree(tree, own)
                print(build(own, arguments.into, version=version, moment=moment()))
    return 0


def build_python(kind: str, into: Path, source: Path = ROOT) -> Path:
    """Make an sdist or a wheel of a source tree; where it is."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-P", "-m", "hatchling", "build", "-t", kind, "-d", place]
        subprocess.run(command, cwd=source, check=True, capture_output=True)
        (made,) = Path(place).iterdir()
        return Path(shutil.move(made, into / made.name))


def moment() -> int:
    """When the source was last changed, so that the same source makes the same package."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        return _OF_THE_WHEEL
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(asked.stdout) if asked.returncode == 0 else _OF_THE_WHEEL


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kind", nargs="*", help=f"{', '.join(KINDS)}; all that this machine can, if none")
    parser.add_argument("--into", type=Path, default=ROOT / "dist", help="a directory")
    parser.add_argument("--local", default="", help="a word behind the version of deb and rpm, for trials")
    arguments = parser.parse_args(words)
    if strange := set(arguments.kind) - set(KINDS):
        parser.error(f"no such kind: {', '.join(sorted(strange))}")
    return arguments


def lacking_for(kind: str) -> str:
    """What this machine lacks for a kind of package; empty if nothing."""
    program = {"deb": "dpkg-deb", "rpm": BUILDER}.get(kind)
    return f"{program} is not installed" if program and shutil.which(program) is None else ""


if __name__ == "__main__":
    sys.exit(main())

"""Kernel modules that IPVS is made of, loaded when the kernel did not find them by itself.

A kernel loads a module when its name is asked for, if the process may and if it can run modprobe: in a container
it often cannot. Then a try of our own tells at least why not.
"""

import subprocess
from collections.abc import Callable, Iterable
from typing import Final

from standfast.base.limits import MODULE_WAIT
from standfast.base.times import SECOND
from standfast.linux.programs import find_program

CORE: Final = "ip_vs"

Load = Callable[[str], str]  # gets the name of a module; why it could not be loaded, or nothing


def scheduler_module(name: str) -> str:
    """The module of a scheduler."""
    return f"{CORE}_{name}"


def engine_module(name: str) -> str:
    """The module of a persistence engine."""
    return f"{CORE}_pe_{name}"


def load_module(name: str) -> str:
    """Load a module, waiting for it; why that could not be done, or nothing."""
    program = find_program("modprobe")
    if program is None:
        return "modprobe is not installed"
    try:
        done = subprocess.run(  # noqa: S603 (the system's own program; a name is no shell's word)
            [program, "--", name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="backslashreplace",
            check=False,
            timeout=MODULE_WAIT / SECOND,
        )
    except subprocess.TimeoutExpired:
        return f"modprobe did not end within {MODULE_WAIT // SECOND} s"
    except OSError as error:
        return f"modprobe: {error.strerror}"
    if done.returncode == 0:
        return ""
    return _first_line(done.stderr) or f"modprobe ended with status {done.returncode}"


def load_all(names: Iterable[str], load: Load) -> str:
    """Load modules, each once; why the first one that could not be loaded could not."""
    for name in dict.fromkeys(names):
        if words := load(name):
            return words
    return ""


def _first_line(words: str) -> str:
    return words.strip().splitlines()[0] if words.strip() else ""

"""A virtual machine with a kernel that has what this one may lack: User Mode Linux, a kernel that is a process.

It has this machine's whole file system at the same paths, the checkout and its .venv among them; what is written
there stays in the machine's memory. There is no network but `lo`: make namespaces and links as you like. Being
root is not needed for it, nor /dev/kvm. It starts in two seconds and runs code at the host's speed (system calls
are slower), on one processor. What it lacks besides: nf_tables families, xfrm interfaces, process events.

    with Vm() as vm:
        done = vm.run(["ipvsadm", "-Ln"])
"""

import json
import os
import platform
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

ROOT: Final = Path(__file__).resolve().parents[2]
INSIDE: Final = "STANDFAST_VM"  # set in the environment of whatever runs in the machine

_KERNEL: Final = "linux.uml"
_PLACES: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
_PACKAGES: Final = {_KERNEL: "user-mode-linux", "modprobe": "kmod", "ip": "iproute2"}
_SHARED_MEMORY: Final = "/dev/shm"
_BOOT_SECONDS: Final = 60.0
_BOOT_TRIES: Final = 3
_GRACE_SECONDS: Final = 15.0  # beyond a command's own time: then the machine is given up
_CONSOLE_SHOWN: Final = 4000  # bytes

# Ends the machine, whose processes are processes of the host, when the pipe to us is closed, for whatever reason.
_GUARD: Final = Path(__file__).with_name("vm_guard.py")


class VmFailed(Exception):
    """The machine did not start, or is gone; the words end with what stood on its console."""


class Vm:
    """One virtual machine; a context manager that leaves nothing of it behind."""

    def __init__(self, *, megabytes: int = 1024, processor: int = 0) -> None:
        """Start it.

        Args:
            megabytes: of memory that it may use at most; what it does not use costs nothing.
            processor: that it runs on, counted round those we may use. Its kernel and its processes take turns at
                each system call, which is three times as fast on one as across two.

        Raises:
            VmFailed: it does not start.
        """
        self._megabytes = megabytes
        allowed = sorted(os.sched_getaffinity(0))
        self._processor = allowed[processor % len(allowed)]
        for _ in range(_BOOT_TRIES - 1):
            with suppress(VmFailed):
                self._boot()
                return
        self._boot()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self,
        words: Sequence[str],
        *,
        seconds: float = 60.0,
        folder: Path = ROOT,
        environment: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as root; whatever it leaves running is killed.

        Raises:
            TimeoutExpired: it took longer than that, and was killed.
            VmFailed: the machine is gone.
        """
        request = {
            "run": list(words),
            "seconds": seconds,
            "folder": str(folder),
            "environment": self._environment | (environment or {}),
        }
        answer = self._ask(request, seconds)
        if answer["late"]:
            raise subprocess.TimeoutExpired(list(words), seconds, answer["stdout"], answer["stderr"])
        return subprocess.CompletedProcess(list(words), answer["status"], answer["stdout"], answer["stderr"])

    def test(self, name: str, folder: Path, *, seconds: float = 100.0) -> tuple[list[Any], str]:
        """Run one test of a folder inside the machine.

        Args:
            name: pytest's name for it.
            folder: whose tests are collected, once.
            seconds: that it may take, with the start of pytest if it is the first.

        Returns:
            Its reports, as pytest makes them serializable, and whatever else was said.

        Raises:
            VmFailed: the machine is gone, or had to be given up.
        """
        request = {"test": name, "folder": str(folder), "environment": self._environment}
        answer = self._ask(request, seconds)
        return answer["reports"], answer["said"]

    def close(self) -> None:
        """End the machine, with all that runs in it; once is enough, twice does no harm."""
        with suppress(OSError):
            self._to.close()
        self._from.close()
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._guard.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    @property
    def console(self) -> str:
        """The end of what the kernel has said."""
        with suppress(OSError):
            return (self.place / "console").read_bytes()[-_CONSOLE_SHOWN:].decode(errors="replace")
        return ""

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:{_PLACES}", INSIDE: self.release}

    def _boot(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="standfast-vm-"))
        guest_reads, ours_to = os.pipe()
        ours_from, guest_writes = os.pipe()
        self._to, self._from = os.fdopen(ours_to, "wb", buffering=0), os.fdopen(ours_from, "rb", buffering=0)
        self._received = b""
        guard = (sys.executable, "-I", "-S", str(_GUARD))
        with (self.place / "console").open("wb") as console:
            self._guard = subprocess.Popen(
                [*guard, str(self.place), *self._command(guest_reads, guest_writes)],
                stdin=subprocess.PIPE,
                stdout=console,
                stderr=console,
                pass_fds=(guest_reads, guest_writes),
                cwd="/",
                env=os.environ | {"TMPDIR": self._memory_place()},
                start_new_session=True,
            )
        os.close(guest_reads)
        os.close(guest_writes)
        try:
            self.release: str = self._answer(_BOOT_SECONDS)["up"]
        except BaseException:
            self.close()
            raise

    def _memory_place(self) -> str:
        """Where the machine's memory can be kept, in a file without a name: in this one's, if that has room.

        A container's /dev/shm often has 64 MiB, and a machine whose memory cannot be kept dies.
        """
        with suppress(OSError):
            if shutil.disk_usage(_SHARED_MEMORY).free >= self._megabytes << 20:
                return _SHARED_MEMORY
        return tempfile.gettempdir()

    def _command(self, reads: int, writes: int) -> list[str]:
        """The kernel's command line; words that it does not know become the environment of its first program."""
        kernel = shutil.which(_KERNEL, path=_PLACES) or _KERNEL
        return [
            *("taskset", "--cpu-list", str(self._processor), kernel),
            *(f"mem={self._megabytes}M", f"uml_dir={self.place}", "umid=vm"),
            *("root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro"),
            *("con=null", "con0=null,fd:1", f"ssl0=fd:{reads},fd:{writes}"),
            *("quiet", "loglevel=4", "panic=-1", "selinux=0"),
            "initcall_blacklist=raid6_select_algo",  # measures for 0.9 s which one is fastest
            *("init=/bin/sh", f"CHECKOUT={ROOT}", "--", f"{ROOT}/tests/vm/guest/boot"),
        ]

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            self._to.write(json.dumps(request).encode() + b"\n")
            answer = self._answer(seconds + _GRACE_SECONDS)
        except BaseException:  # also a time-out of the test: the answer would come when none is expected
            self.close()
            raise
        if "up" in answer:  # what is told to reboot becomes a new machine of the same process
            words = self.console
            self.close()
            raise VmFailed(f"the machine has ended, and begun again\n{words}")
        if "broken" in answer:
            raise VmFailed(f"inside the machine: {answer['broken']}")
        return answer

    def _answer(self, seconds: float) -> dict[str, Any]:
        """The next line from the machine.

        Raises:
            VmFailed: the machine has ended, or says nothing for so long.
        """
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._from, selectors.EVENT_READ)
            while b"\n" not in self._received:
                if not selector.select(until - time.monotonic()):
                    raise VmFailed(f"the machine has not answered for {seconds:g} s\n{self.console}")
                data = self._from.read(65536)
                if not data:
                    raise VmFailed(f"the machine has ended\n{self.console}")
                self._received += data
        line, _, self._received = self._received.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer


def lacking() -> str:
    """What this machine lacks for a virtual one, and what to do, as a sentence; empty if there can be one."""
    if platform.machine() != "x86_64":
        return f"needs User Mode Linux, which there is for x86_64 and not for {platform.machine()}"
    for program, package in _PACKAGES.items():
        if shutil.which(program, path=_PLACES) is None:
            return f"needs a virtual machine, and {program} is not installed: apt install {package}"
    if not os.access(ROOT / ".venv" / "bin" / "python", os.X_OK):
        return "needs .venv in the checkout: make setup"
    return ""

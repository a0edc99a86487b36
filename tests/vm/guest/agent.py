"""The host's hand inside the virtual machine: runs programs and tests, one a request, and cleans up after each.

Requests come as lines of JSON on the standard input, answers go to the standard output: both are the serial line.
Only the standard library is used: the machine is asked for its first command as soon as this has started.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

Request = dict[str, Any]
Answer = dict[str, Any]

_WORKER: Final = ("-m", "pytest", "-q", "-p", "vm_worker", "-p", "no:cacheprovider", "-p", "no:xdist")
_KERNEL_THREADS: Final = 2  # the parent of all of them
_KILL_ROUNDS: Final = 50  # what is killed may have started something meanwhile
_PAUSE: Final = 0.02  # seconds


class Agent:
    """Answers requests."""

    def __init__(self) -> None:
        self._worker: subprocess.Popen[str] | None = None
        self._folder = ""  # that it has collected

    def answer(self, request: Request) -> Answer:
        """Do what is asked, and leave nothing of it behind."""
        try:
            return self._tested(request) if "test" in request else _run(request)
        finally:
            self._clean()

    def _tested(self, request: Request) -> Answer:
        """Have a test run by pytest, which keeps running: importing everything once is enough."""
        worker = self._worker_for(request["folder"], request["environment"])
        assert worker.stdin is not None
        assert worker.stdout is not None
        said: list[str] = []
        with suppress(BrokenPipeError):
            worker.stdin.write(request["test"] + "\n")
            worker.stdin.flush()
        for line in worker.stdout:
            if line.startswith("{"):
                return {**json.loads(line), "said": "".join(said)}
            said.append(line)
        status, self._worker = worker.wait(), None
        return {"reports": [], "said": "".join(said) + f"pytest has ended with status {status}"}

    def _worker_for(self, folder: str, environment: dict[str, str]) -> subprocess.Popen[str]:
        """The pytest that has collected this folder."""
        if self._worker is None or self._folder != folder:
            if self._worker is not None:
                self._worker.kill()
                self._worker.communicate()
            self._folder = folder
            self._worker = subprocess.Popen(
                [sys.executable, *_WORKER, folder],
                env={**environment, "PYTHONPATH": str(Path(__file__).parent)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return self._worker

    def _clean(self) -> None:
        """Kill whatever still runs, and remove the network namespaces that have names."""
        keep = {1, _KERNEL_THREADS, os.getpid(), *([self._worker.pid] if self._worker else [])}
        for _ in range(_KILL_ROUNDS):
            strangers = [pid for pid in _processes() if pid not in keep]
            if not strangers:
                break
            for pid in strangers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_PAUSE)
        for namespace in Path("/run/netns").iterdir():
            subprocess.run(["ip", "netns", "delete", namespace.name], check=False, stderr=subprocess.DEVNULL)


def _run(request: Request) -> Answer:
    """Run a program to its end, or to the end of its time; what it leaves in the background is not waited for."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            request["run"],
            env=request["environment"],
            cwd=request["folder"],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        late = False
        try:
            process.wait(request["seconds"])
        except subprocess.TimeoutExpired:
            late = True
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said = {"stdout": _text(stdout), "stderr": _text(stderr)}
        return {"status": process.returncode, "late": late, **said}


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _processes() -> list[int]:
    """All processes but the kernel's own threads."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if parent != _KERNEL_THREADS:
                found.append(int(process.name))
    return found


def main() -> None:
    """Answer until the line is closed."""
    agent = Agent()
    print(json.dumps({"up": os.uname().release}), flush=True)
    for line in sys.stdin:
        try:
            answer = agent.answer(json.loads(line))
        except Exception as problem:  # the host wants to know, whatever it is
            answer = {"broken": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

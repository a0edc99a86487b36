"""Starting a process without holding up the loop: posix_spawn(3), on a thread of its own.

posix_spawn does not copy this process, however large it is; but its caller waits until the new process has begun
its program. That one is of the ordinary scheduling class and may have to wait for a processor: 8 ms at the median
and 16 ms at most on a machine with two busy hogs a core, during which a caller of the real-time class stands
still. So it is called from a thread, without the interpreter lock (which `os.posix_spawn` keeps). The thread is of
the loop's scheduling class: for a moment it has the lock, and nobody ordinary may keep it from giving it back.
With it the loop's alarms are 0.3 ms late at p99 under those hogs, and 1.3 ms at most.
"""

import ctypes
import errno
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from standfast.base.errors import ensure
from standfast.linux.scheduling import ordinary

_SETSIGDEF, _SETSIGMASK, _SETSID = 0x04, 0x08, 0x80
_OPAQUE: Final = 512  # bytes, more than any C library's attributes or file actions
_SIGNAL_SET: Final = 128  # bytes of a sigset_t

_NULL: Final = -1  # /dev/null
_SHELL: Final = "/bin/sh"

_libc = ctypes.CDLL(None)  # CDLL, not PyDLL: it gives the interpreter lock away


class Spawner:
    """Starts processes, one after the other."""

    def __init__(self) -> None:
        self._ordinary = ordinary()  # before we are given anything of our own (behaviour SCR-08)
        self._thread: ThreadPoolExecutor | None = None  # not before it is needed: we may fork until then
        self._attributes = ctypes.create_string_buffer(_OPAQUE)
        _done(_libc.posix_spawnattr_init(self._attributes))
        flags = ctypes.c_short(_SETSIGDEF | _SETSIGMASK | _SETSID)
        _done(_libc.posix_spawnattr_setflags(self._attributes, flags))
        signals = ctypes.create_string_buffer(_SIGNAL_SET)
        _libc.sigemptyset(signals)
        _done(_libc.posix_spawnattr_setsigmask(self._attributes, signals))
        _libc.sigfillset(signals)
        for number in (signal.SIGKILL, signal.SIGSTOP):
            _libc.sigdelset(signals, ctypes.c_int(number))
        _done(_libc.posix_spawnattr_setsigdefault(self._attributes, signals))

    def start(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        *,
        stderr: int,
        started: Callable[[int, int], None],
        stdin: int = _NULL,
    ) -> None:
        """Start a process, in a session of its own, with /dev/null as its output.

        Args:
            words: the path of its program, and the arguments.
            environment: of the process.
            stderr: a descriptor, open until `started` is called.
            started: called on the other thread with the process's number and 0, or with 0 and an errno.
            stdin: a descriptor, open until `started` is called; /dev/null if there is none.
        """
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="spawn")
        self._thread.submit(self._start, tuple(words), dict(environment), (stdin, stderr), started)

    def close(self) -> None:
        """Start none any more; those that wait for their start are still started."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _start(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        files: tuple[int, int],
        started: Callable[[int, int], None],
    ) -> None:
        _join_class_of_loop()
        self._ordinary.resume_thread()
        actions = _file_actions(*files)
        process, error = self._spawn(words, environment, actions)
        if error == errno.ENOEXEC:  # no interpreter line: behaviour SCR-10
            process, error = self._spawn((_SHELL, *words), environment, actions)
        if process:
            self._ordinary.resume_limits(process)
        _libc.posix_spawn_file_actions_destroy(actions)
        started(process, error)

    def _spawn(
        self, words: Sequence[str], environment: Mapping[str, str], actions: ctypes.Array[ctypes.c_char]
    ) -> tuple[int, int]:
        """The number of the new process and 0, or 0 and an errno."""
        path = os.fsencode(words[0])
        arguments = _strings([os.fsencode(word) for word in words])
        variables = _strings([os.fsencode(f"{name}={value}") for name, value in environment.items()])
        process = ctypes.c_int()
        error = _libc.posix_spawn(
            ctypes.byref(process), path, actions, self._attributes, arguments, variables
        )
        return 0 if error else process.value, error


def _file_actions(stdin: int, stderr: int) -> ctypes.Array[ctypes.c_char]:
    actions = ctypes.create_string_buffer(_OPAQUE)
    null = os.devnull.encode()
    _done(_libc.posix_spawn_file_actions_init(actions))
    if stdin == _NULL:
        _done(_libc.posix_spawn_file_actions_addopen(actions, 0, null, os.O_RDONLY, 0))
    else:
        _done(_libc.posix_spawn_file_actions_adddup2(actions, stdin, 0))
    _done(_libc.posix_spawn_file_actions_addopen(actions, 1, null, os.O_WRONLY, 0))
    _done(_libc.posix_spawn_file_actions_adddup2(actions, stderr, 2))
    return actions


def _strings(values: Sequence[bytes]) -> ctypes.Array[ctypes.c_char_p]:
    """An array of C strings, with its end mark."""
    return (ctypes.c_char_p * (len(values) + 1))(*values, None)


def _join_class_of_loop() -> None:
    """Give this thread the scheduling class of the first thread of the process, which the loop runs on."""
    loop = os.getpid()
    wanted = os.sched_getscheduler(loop)
    if os.sched_getscheduler(0) != wanted:
        with suppress(PermissionError):
            os.sched_setscheduler(threading.get_native_id(), wanted, os.sched_getparam(loop))


def _done(error: int) -> None:
    ensure(error == 0, "the C library has no memory for a few bytes")

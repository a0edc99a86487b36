"""A timerfd: one absolute alarm of the monotonic clock as a file descriptor (timerfd_create(2)).

The standard library has it from Python 3.13 on; before that the C library is asked directly.
"""

import ctypes
import os
import sys
import time

from standfast.base.errors import ensure

_NANOSECONDS = 1_000_000_000

if sys.version_info >= (3, 13):

    class Timerfd:
        """One alarm; its descriptor is readable from the alarm on until it is set anew."""

        def __init__(self) -> None:
            self.fd = os.timerfd_create(time.CLOCK_MONOTONIC, flags=os.TFD_NONBLOCK | os.TFD_CLOEXEC)

        def set(self, alarm_ns: int) -> None:
            """Alarm at this time of the monotonic clock, in nanoseconds, more than 0."""
            os.timerfd_settime_ns(self.fd, flags=os.TFD_TIMER_ABSTIME, initial=alarm_ns)

        def close(self) -> None:
            """Give the descriptor back."""
            os.close(self.fd)

else:
    # PyDLL: neither call waits, so the interpreter lock stays where it is.
    _libc = ctypes.PyDLL(None, use_errno=True)
    _TIMER_ABSTIME = 1

    class _Timespec(ctypes.Structure):
        _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))

    class _Alarm(ctypes.Structure):
        """A `struct itimerspec`: how often, and when first."""

        _fields_ = (("interval", _Timespec), ("first", _Timespec))

    class Timerfd:
        """One alarm; its descriptor is readable from the alarm on until it is set anew."""

        def __init__(self) -> None:
            self.fd = _libc.timerfd_create(time.CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
            if self.fd < 0:
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "timerfd")
            self._alarm = _Alarm()
            self._first = self._alarm.first
            self._pointer = ctypes.byref(self._alarm)

        def set(self, alarm_ns: int) -> None:
            """Alarm at this time of the monotonic clock, in nanoseconds, more than 0."""
            self._first.seconds, self._first.nanoseconds = divmod(alarm_ns, _NANOSECONDS)
            done = _libc.timerfd_settime(self.fd, _TIMER_ABSTIME, self._pointer, None)
            ensure(done == 0, "timerfd_settime refused an alarm")

        def close(self) -> None:
            """Give the descriptor back."""
            os.close(self.fd)

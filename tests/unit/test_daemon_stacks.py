"""What faulthandler writes becomes one line a thread, without what belongs to the parent."""

from standfast.daemon.stacks import OUTERMOST, Stack, stacks_of

WRITTEN = f"""Fatal Python error: Aborted

Thread 0x00007f1234 (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 320 in wait

Current thread 0x00007f5678 (most recent call first):
  File "/srv/standfast/daemon/vrrp.py", line 12 in _obey
  File "/srv/standfast/daemon/work.py", line 34 in run_vrrp
  File "/srv/standfast/daemon/children.py", line 56 in {OUTERMOST}
  File "/srv/standfast/daemon/main.py", line 78 in main

Extension modules: msgspec._core (total: 1)
"""


def test_each_thread_is_told_with_the_innermost_place_first() -> None:
    assert tuple(stacks_of(WRITTEN)) == (
        Stack("other", ("threading.py:320 wait",)),
        Stack("current", ("vrrp.py:12 _obey", "work.py:34 run_vrrp")),
    )


def test_of_a_child_that_ended_without_a_signal_there_is_nothing() -> None:
    assert tuple(stacks_of("")) == ()

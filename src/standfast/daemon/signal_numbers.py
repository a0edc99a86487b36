"""The signals that ask for something, as Keepalived has them (SIG-04 to SIG-07), and one of our own."""

import signal
from typing import Final

STATE: Final = signal.SIGUSR1
STATISTICS: Final = signal.SIGUSR2
STATISTICS_ONCE: Final = signal.SIGRTMAX - 1  # then they begin at zero
JSON: Final = signal.SIGRTMIN + 2
MEMORY: Final = signal.SIGRTMIN + 4  # a count of what is held (`--debug-memory`)

"""The exit statuses of the daemon (cli-and-signals, EX-01 to EX-07)."""

from enum import IntEnum


class Exit(IntEnum):
    """Why a process of ours ended; scripts and service managers read these."""

    FINE = 0  # a normal stop; also when another instance holds the pid file
    FATAL = 1  # a bad option, or something without which there is no going on
    CONFIG = 2  # the configuration stops the process, for example by an interface that is missing
    PERMISSION = 4
    NO_CONFIG = 6  # the file is missing, or an include that must succeed did not
    INTERNAL = 70  # a mistake of ours; the parent starts the child again


class EndWith(Exception):
    """The process cannot go on: the line to say, and the status to end with."""

    def __init__(self, status: Exit, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words

"""What the manual says of the daemon's exit statuses and signals; its options are declared in `daemon.options`."""

from typing import Final

EXITS: Final = (
    ("0", "It ended as it was asked to, or another one runs with its pid file."),
    ("1", "It could not go on, or an option is not one."),
    ("2", "The configuration stopped a process."),
    ("4", "A permission is missing."),
    ("6", "The configuration is not there, or an include check failed."),
)
TRIAL_EXITS: Final = (
    ("0", "There is nothing to say."),
    ("2", "A keyword lacks its argument."),
    ("4", "The file cannot be used."),
    ("5", "It would run without the bad parts."),
    ("6", "Scripts run without script security, or an include check failed."),
)
SIGNALS: Final = (
    ("SIGTERM, SIGINT", "Stop: give up the addresses, tell the others, end."),
    (
        "SIGHUP",
        "Read the configuration again, and do what changed. A file that cannot be used changes nothing.",
    ),
    ("SIGUSR1", "Write the state to files."),
    ("SIGUSR2", "Write the statistics to a file."),
)


def sentence(words: str) -> str:
    """Words as a sentence."""
    plain = words.rstrip(".")
    return plain[0].upper() + plain[1:] + "." if plain else ""

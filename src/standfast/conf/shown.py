"""A configuration for other eyes than those of who wrote it: as text, its secrets as stars."""

from standfast.base.errors import Refused
from standfast.conf.problems import Report
from standfast.conf.secret_words import secret_words
from standfast.conf.write import write_config
from standfast.model.config import Config


def without_secrets(config: Config) -> str:
    """The text that reads as this configuration, but for its secrets."""
    hidden = Report(secret_words)
    try:
        return "".join(f"{hidden.shown(line)}\n" for line in write_config(config).splitlines())
    except Refused as refusal:
        return f"# {refusal.words}\n"

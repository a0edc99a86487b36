"""Names of the DNS."""

from standfast.model.complaint import Severity
from standfast.model.kinds.names import Word
from standfast.model.words import Words


class DomainName(Word):
    """A name whose labels are not empty; `.` alone is the root."""

    def __init__(self) -> None:
        super().__init__("DOMAIN")

    def read(self, words: Words) -> str:
        """A name.

        Raises:
            Rejected: a label is empty.
        """
        text = super().read(words)
        if text == ".":
            return text
        labels = text.removesuffix(".").split(".")
        if not all(labels):
            hint = "two dots stand together, or one at the beginning: remove one"
            words.reject("domain-name", f"{text!r} is no domain name: a label is empty", hint=hint)
        if len(labels[0]) == 1 and "." in text:
            words.complain(
                "unknown-to-keepalived",
                f"{text} is taken, but not by Keepalived: it refuses a first label of one letter",
                severity=Severity.NOTICE,
                hint="ask for another name if the file must serve both",
            )
        return text

"""What a reader of words says when they are not as they should be.

A complaint knows its word, not its file: the place is added where the line is known (`conf.problems`).
"""

from enum import IntEnum, StrEnum

from standfast.base.frozen import frozen


class Severity(StrEnum):
    """How much a complaint matters to a person."""

    ERROR = "error"  # what was written does not take effect as written
    WARNING = "warning"  # it takes effect, or is corrected, and is probably not what was meant
    NOTICE = "notice"  # worth knowing; nothing is wrong


class ErrorClass(IntEnum):
    """Keepalived's classes of configuration errors, least first: the greatest decides the exit code (EX-20)."""

    NONE = 0  # Keepalived says nothing, or only says it
    FILE_NOT_FOUND = 1
    BAD_INTERFACE = 2
    FATAL = 3
    MULTIPLE_FILES = 4
    UNKNOWN_KEYWORD = 5
    UNEXPECTED_OPEN = 6
    MISSING_OPEN = 7
    UNEXPECTED_CLOSE = 8
    MISSING_CLOSE = 9
    QUOTE = 10
    MISSING_PARAMETER = 11  # a block's; a keyword's own ends Keepalived (`MISSING_ARGUMENT`)
    BAD_NUMBER = 12
    GENERAL = 13
    WARNING = 14
    DEPRECATED = 15
    SECURITY = 16
    INCLUDE_CHECK = 17  # an include that had to succeed did not
    MISSING_ARGUMENT = 18  # Keepalived stops reading here, whatever came before (EX-03)


@frozen
class Complaint:
    """One thing that is wrong with the words of a line."""

    slug: str  # stable; `standfast explain` knows it
    words: str  # a sentence without its full stop
    at: int = 0  # which word of the line; 0 is the keyword
    severity: Severity = Severity.ERROR
    error_class: ErrorClass = ErrorClass.GENERAL
    hint: str = ""


class Rejected(Exception):
    """The value cannot be read; the keyword keeps its default."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.words)
        self.complaint = complaint

"""What a webhook is told: the notice with its cause, where and when, as one JSON object."""

import msgspec

from standfast.observe.notice import Notice, context_of


class Message(msgspec.Struct, frozen=True):
    """One message for every webhook."""

    subject: str  # for people
    content: bytes

    def __str__(self) -> str:
        return self.subject


def message_of(notice: Notice, *, router_id: str, host: str, at: str, message_id: str) -> Message:
    """The message for a notice.

    Args:
        notice: what is told.
        router_id: as configured, or the host's name.
        host: the host's name.
        at: when it was true (RFC 3339).
        message_id: the same for every webhook and every try.
    """
    around = {"id": message_id, "at": at, "router_id": router_id, "host": host}
    content = msgspec.json.encode(context_of(notice) | around)
    return Message(f"{notice.subject} {notice.name} {notice.state}", content)

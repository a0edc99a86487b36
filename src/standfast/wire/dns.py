"""DNS queries, and the head of their answers (RFC 1035, section 4.1): all that a health check looks at."""

from struct import Struct
from typing import Final

from standfast.base.dns_types import DNS_TYPES
from standfast.base.errors import Malformed
from standfast.base.frozen import frozen

_HEAD: Final = Struct("!6H")  # id, flags, questions, answers, authorities, additionals
_QUESTION_TAIL: Final = Struct("!HH")  # type, class
_RECURSION_DESIRED: Final = 0x0100
_ANSWER: Final = 0x8000
_CODE: Final = 0x000F
_INTERNET: Final = 1
_LABEL_MAX: Final = 63
_NAME_MAX: Final = 255

CODES: Final = {  # RFC 1035, section 4.1.1; RFC 2136, section 2.2
    0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED",
    6: "YXDOMAIN", 7: "YXRRSET", 8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE",
}  # fmt: skip


@frozen
class Answer:
    """The head of an answer."""

    id: int
    code: int  # 0 is success
    question: bytes  # as it was repeated: name, type and class, the name in lower case; empty: it was not


def encode_question(name: str, kind: str) -> bytes:
    """A name, a type and the class of the Internet.

    Raises:
        Malformed: `label` or `name`: a part of the name is empty or longer than 63 bytes, or all of it longer than
            255.
    """
    labels = [label.encode() for label in name.rstrip(".").split(".")] if name.rstrip(".") else []
    for label in labels:
        if not 0 < len(label) <= _LABEL_MAX:
            raise Malformed("label", got=len(label), want=_LABEL_MAX)
    encoded = b"".join(bytes((len(label),)) + label for label in labels) + b"\0"
    if len(encoded) > _NAME_MAX:
        raise Malformed("name", got=len(encoded), want=_NAME_MAX)
    return encoded + _QUESTION_TAIL.pack(DNS_TYPES[kind], _INTERNET)


def encode_query(number: int, question: bytes) -> bytes:
    """A query with this id that desires recursion."""
    return _HEAD.pack(number, _RECURSION_DESIRED, 1, 0, 0, 0) + question


def decode_answer(message: bytes) -> Answer:
    """Read the head of an answer; the records behind it are not looked at.

    Raises:
        Malformed: for the first broken rule; in their order `short`, `query` (it is no answer), `truncated`,
            `compressed` (a question has nothing before it to refer to), `name`.
    """
    if len(message) < _HEAD.size:
        raise Malformed("short", got=len(message), want=_HEAD.size)
    number, flags, questions, *_ = _HEAD.unpack_from(message)
    if not flags & _ANSWER:
        raise Malformed("query", got=flags)
    question = _question_of(message) if questions else b""
    return Answer(number, flags & _CODE, question)


def _question_of(message: bytes) -> bytes:
    at = _HEAD.size
    while True:
        if at >= len(message):
            raise Malformed("truncated", got=len(message), want=at + 1)
        size = message[at]
        if size > _LABEL_MAX:
            raise Malformed("compressed", got=size, want=_LABEL_MAX)
        at += 1 + size
        if at - _HEAD.size > _NAME_MAX:
            raise Malformed("name", got=at - _HEAD.size, want=_NAME_MAX)
        if not size:
            break
    end = at + _QUESTION_TAIL.size
    if len(message) < end:
        raise Malformed("truncated", got=len(message), want=end)
    return message[_HEAD.size : at].lower() + message[at:end]

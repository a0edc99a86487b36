"""How large receive buffers are."""

from standfast.model.complaint import ErrorClass
from standfast.model.kinds.names import Word
from standfast.model.words import Words

_POLICIES = ("MTU", "ADVERT")
_DIGITS_MAX = 10


class BufferPolicy(Word):
    """`MTU | ADVERT | BYTES`: room for whole packets, for adverts, or so many bytes."""

    def __init__(self) -> None:
        super().__init__("MTU | ADVERT | BYTES")

    def read(self, words: Words) -> str:
        """The policy in capitals, or the number.

        Raises:
            Rejected: it is neither, or more words follow.
        """
        text = words.next("MTU, ADVERT or a number of bytes").upper()
        number = text.isdecimal() and text.isascii() and len(text) <= _DIGITS_MAX
        if words.peek() is not None or (text not in _POLICIES and not number):
            said = " ".join((text, *words.rest()))
            words.reject(
                "unknown-choice",
                f"{words.keyword} must be MTU, ADVERT or a number of bytes, not {said!r}",
                at=1,
                error_class=ErrorClass.BAD_NUMBER,
                hint="write `vrrp_rx_bufs_policy MTU`",
            )
        return text

"""An entry of `unicast_peer`: a router that adverts are sent to and heard from."""

from typing import Final

from standfast.base.addresses import IpAddress
from standfast.base.frozen import frozen
from standfast.model.complaint import ErrorClass
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.numbers import Whole
from standfast.model.words import Words

TTL_MAX: Final = 255


@frozen
class UnicastPeer:
    """A peer, and the hop limits that its adverts must arrive with (behaviour WI-10)."""

    address: IpAddress
    min_ttl: int = 0
    max_ttl: int = TTL_MAX

    @property
    def checks_ttl(self) -> bool:
        """Whether a hop limit was configured; that also turns check_unicast_src on (behaviour WI-11)."""
        return self.min_ttl > 0 or self.max_ttl < TTL_MAX


class PeerEntry(Kind[UnicastPeer]):
    """`<IPADDR> [min_ttl 0..255] [max_ttl 0..255]`."""

    words_after = ("min_ttl", "max_ttl")

    @property
    def syntax(self) -> str:
        """The entry with all its words."""
        return "<IPADDR> [min_ttl <INTEGER:0..255>] [max_ttl <INTEGER:0..255>]"

    def read(self, words: Words) -> UnicastPeer:
        """One peer."""
        address = Address().address(words, words.next("an address"))
        limits = {"min_ttl": 0, "max_ttl": TTL_MAX}
        while (word := words.optional()) is not None:
            if word in limits:
                limits[word] = Whole(0, TTL_MAX).number(words, words.next("a number"))
            else:
                words.complain(
                    "unknown-word",
                    f"unknown word {word!r} in a peer entry",
                    error_class=ErrorClass.UNKNOWN_KEYWORD,
                )
        return UnicastPeer(address, **limits)

    def write(self, value: UnicastPeer) -> tuple[str, ...]:
        """The words of the entry."""
        low = ("min_ttl", str(value.min_ttl)) if value.min_ttl else ()
        high = ("max_ttl", str(value.max_ttl)) if value.max_ttl < TTL_MAX else ()
        return (str(value.address), *low, *high)

    def schema(self) -> Schema:
        """A string in the notation of the file."""
        return {"type": "string"}

"""Whether the kernel has the addresses that instances should have: read for whoever asks, by the parent.

The children compare for themselves, and put right what differs; a person wants to see it without taking anybody's
word. The parent has time for it: no advert waits for it.
"""

from collections.abc import Sequence

import msgspec

from standfast.linux.reading import Reading
from standfast.observe.state.instances import Held
from standfast.wire.rtnetlink_address import AddressReport
from standfast.wire.rtnetlink_link import LinkReport

Present = frozenset[tuple[str, str]]  # interface, and address with its prefix length


_HELD = msgspec.json.Decoder(list[Held])


def read_present() -> Present | None:
    """All addresses of the host; None if the kernel does not tell them."""
    try:
        reading = Reading()
    except OSError:
        return None
    try:
        reading.finish()
    except OSError:
        return None
    finally:
        reading.close()
    return _present(reading)


def _present(reading: Reading) -> Present:
    names = {one.index: one.name for one in reading.reports if isinstance(one, LinkReport)}
    return frozenset(
        (names[one.index], f"{one.address}/{one.prefix}")
        for one in reading.reports
        if isinstance(one, AddressReport) and one.index in names
    )


def corrected(
    instances: Sequence[msgspec.Raw], held: Sequence[msgspec.Raw], present: Present
) -> list[msgspec.Raw]:
    """The instances with what the kernel has; only those that differ are written anew.

    Args:
        instances: as the child wrote them.
        held: of each of them the addresses, as far as the child knows.
        present: addresses that the kernel has.
    """
    return [
        whole
        if all(here is ((interface, address) in present) for interface, address, here in each)
        else _corrected(whole, present)
        for whole, each in zip(
            instances, _HELD.decode(b"[" + b",".join(map(bytes, held)) + b"]"), strict=True
        )
    ]


def _corrected(instance: msgspec.Raw, present: Present) -> msgspec.Raw:
    whole = msgspec.json.decode(instance)
    for one in whole["addresses"]:
        one["present"] = (one["interface"], one["address"]) in present
    return msgspec.Raw(msgspec.json.encode(whole))

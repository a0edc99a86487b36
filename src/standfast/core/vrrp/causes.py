"""What keeps a router from taking part, in words, and when there is more of it to tell.

A fault is a slug and what it is about: those of its host are found by `router.faults_of`, those of trackers by
`standing`, those of its sync group by `groups`, those that operators order by `orders`.
"""

from collections.abc import Iterable, Sequence
from typing import Final

OF_GROUP: Final = "sync-group"
_IN_WORDS: Final = {
    "interface-down": "{} is down",
    "interface-missing": "there is no interface {}",
    "interface-foreign": "the interface {} is not the one that we make for it",
    "no-source-address": "its interface has no address to send adverts from",
    "source-missing": "the host does not have the address {} that its adverts come from",
    "no-socket": "{}",
    "advert-too-large": "its adverts do not fit {}; list fewer addresses on every router, or reload it here",
    "static-lost": "the static {} cannot be kept",
    "no-firewall": "no_accept cannot be enforced: {}",
    "unable": "{}",
    OF_GROUP: "{} of the same sync group is in fault",
    "track-interface": "tracked interface {}",
    "track-script": "tracked script {}",
    "track-file": "tracked file {}",
    "track-process": "tracked process {}",
    "track-bfd": "tracked session {}",
    "maintenance": "{}",
    "failover": "{}",
}


def in_words(fault: str) -> str:
    """A fault for people: what follows its slug, in a sentence."""
    slug, _, what = fault.partition(":")
    return _IN_WORDS.get(slug, slug).format(what.strip())


def cause_of(faults: Sequence[str]) -> tuple[str, str]:
    """Why a router is in fault: the slug of its first fault, and all of them for people."""
    return faults[0].partition(":")[0], ", ".join(map(in_words, faults))


def has_further(faults: Iterable[str], before: Iterable[str]) -> bool:
    """Whether something keeps the router from taking part that did not before.

    A tracker that fails in another way is nothing further, nor is it that others of the group, which tell it
    themselves, are in fault, too.
    """
    known = set(map(_subject, before))
    return any(not fault.startswith(OF_GROUP) and _subject(fault) not in known for fault in faults)


def _subject(fault: str) -> str:
    """What a fault is about: of a tracker its kind and name, without what it says."""
    return ": ".join(fault.split(": ", 2)[:2]) if fault.startswith("track-") else fault

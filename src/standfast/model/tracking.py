"""What instances and groups track: entries of `track_interface`, `track_script` and the like."""

from standfast.model.declare import argument, block, kw
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.names import Flag, InterfaceName, Word
from standfast.model.kinds.numbers import TrackerWeight, Whole
from standfast.model.kinds.weights import WEIGHT_WORDS


@block("track_interface")
class TrackedInterface:
    """An interface that must be up."""

    name: str = argument(InterfaceName(), doc="Interface to track.")
    weight: int | None = kw(
        TrackerWeight(253),
        default=None,
        doc=f"{WEIGHT_WORDS[:-1]}, and so it is without one.",
    )
    reverse: bool = kw(Flag(), default=False, doc="Turn the sign of the weight round.")


@block("track_script")
class TrackedScript:
    """A vrrp_script that must succeed."""

    name: str = argument(Word("NAME"), doc="vrrp_script to track.")
    weight: int | None = kw(
        TrackerWeight(253), default=None, doc=WEIGHT_WORDS, default_words="the script's own"
    )
    reverse: bool | None = kw(
        Flag(), default=None, opposite="noreverse", doc="Turn the sign of the weight round.",
        default_words="the script's own",
    )  # fmt: skip


@block("track_file")
class TrackedFile:
    """A track_file whose number counts."""

    name: str = argument(Word("NAME"), doc="track_file to track.")
    weight: int | None = kw(
        Whole(-254, 254),
        default=None,
        doc="Factor of the number in the file; the product is added to the priority.",
        default_words="the file's own",
    )
    reverse: bool | None = kw(
        Flag(),
        default=None,
        opposite="noreverse",
        doc="Turn the sign of the weight round.",
        default_words="the file's own",
    )


@block("track_process")
class TrackedProcess:
    """A vrrp_track_process that must have its quorum."""

    name: str = argument(Word("NAME"), doc="vrrp_track_process to track.")
    weight: int | None = kw(
        Whole(-254, 254), default=None, doc=WEIGHT_WORDS, default_words="the process's own"
    )
    reverse: bool | None = kw(
        Flag(), default=None, opposite="noreverse", doc="Turn the sign of the weight round.",
        default_words="the process's own",
    )  # fmt: skip


@block("track_bfd")
class TrackedBfd:
    """A bfd_instance whose session must be up."""

    name: str = argument(Word("NAME"), doc="bfd_instance to track.")
    weight: int | None = kw(
        Whole(-253, 253), default=None, doc=WEIGHT_WORDS, default_words="the session's own"
    )
    reverse: bool | None = kw(
        Flag(), default=None, opposite="noreverse", doc="Turn the sign of the weight round.",
        default_words="the session's own",
    )  # fmt: skip


INTERFACES = Entry(TrackedInterface)
SCRIPTS = Entry(TrackedScript)
FILES = Entry(TrackedFile)
PROCESSES = Entry(TrackedProcess)
BFDS = Entry(TrackedBfd)

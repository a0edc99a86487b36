"""The rules of `bfd_instance`."""

from typing import Final

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.model.bfd_instance import BfdInstance

Session = Built[BfdInstance]

_NAME_MAX: Final = 31  # characters


def check_sessions(draft: Draft) -> None:
    """Names and neighbours are distinct, and the addresses of a session are of one family."""
    names: set[str] = set()
    neighbours: dict[object, str] = {}
    for it in draft.bfd_instances:
        _one(it)
        value = it.value
        if value.name in names:
            words = f"a bfd_instance {value.name} stands above; this one is left out"
            it.reject("duplicate-name", words, hint="give it a name of its own, and track that, too")
        elif it.usable and value.neighbor_ip in neighbours:
            words = f"{value.neighbor_ip} is the neighbour of {neighbours[value.neighbor_ip]} already"
            it.reject("bfd-neighbour", f"{words}; {value.name} is left out", field="neighbor_ip")
        elif it.usable:
            neighbours[value.neighbor_ip] = value.name
        names.add(value.name)


def _one(it: Session) -> None:
    value = it.value
    if len(value.name) > _NAME_MAX:
        it.reject("bfd-name", f"the name {value.name} is longer than {_NAME_MAX} characters; it is left out")
    elif value.source_ip is not None and value.source_ip.version != value.neighbor_ip.version:
        words = f"source_ip {value.source_ip} and neighbor_ip {value.neighbor_ip} are not of one family"
        it.reject("bfd-family", f"{words}; {value.name} is left out", field="source_ip")

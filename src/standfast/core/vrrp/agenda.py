"""The agenda of the routers, which trackers have too (`base.agenda`)."""

from standfast.base.agenda import Agenda

__all__ = ["Agenda"]

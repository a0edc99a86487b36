"""The whole state in one value."""

from typing import Any

from msgspec import Struct

from standfast.observe.state.configuration import Configuration
from standfast.observe.state.instance import Group, Instance
from standfast.observe.state.process import Process
from standfast.observe.state.service import VirtualServer
from standfast.observe.state.session import Session
from standfast.observe.state.tracker import Tracker

SCHEMA = 1  # counts up when a name goes or means something else; new names do not count


class Status(Struct, frozen=True, kw_only=True):
    """What `standfast status --json` writes."""

    schema: int = SCHEMA  # version of this form
    version: str  # of Standfast
    host: str  # name of the host
    pid: int  # of the parent process
    started: float  # time of day
    taken: float  # time of day of this state
    configuration: Configuration  # in force
    processes: tuple[Process, ...] = ()  # the children
    instances: tuple[Instance, ...] = ()
    groups: tuple[Group, ...] = ()
    trackers: tuple[Tracker, ...] = ()
    virtual_servers: tuple[VirtualServer, ...] = ()  # with their real servers and checks
    sessions: tuple[Session, ...] = ()  # of BFD
    orders: tuple[dict[str, Any], ...] = ()  # of operators
    kernel_read: bool = True  # False: what the kernel has could not be read; `present` is what we believe


PARTS = ("instances", "groups", "trackers", "virtual_servers", "sessions", "orders")

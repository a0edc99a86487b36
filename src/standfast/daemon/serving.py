"""What the parent tells whoever asks: the state, the history, events as they happen, and the metrics.

It joins what the children tell with what the parent knows itself. Nothing here decides anything about the
children, and nothing waits for them. Verbs that order something are added by those who carry them out.
"""

import grp
import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from standfast import __version__
from standfast.base.errors import Refused
from standfast.base.frozen import changed
from standfast.base.limits import STATE_FRESH
from standfast.base.times import Instant, after
from standfast.core.supervise.snapshot import ParentSnapshot
from standfast.core.supervise.watch import BFD, CHECKER, VRRP
from standfast.daemon.asking import Asker, Told
from standfast.daemon.config_state import ConfigState
from standfast.daemon.control import Control, Reply, Verb
from standfast.daemon.kernel_addresses import corrected
from standfast.daemon.nursery import Report
from standfast.daemon.order_file import Order
from standfast.daemon.poll import PollLoop
from standfast.daemon.roles import Role
from standfast.daemon.scrape import Give, Scrapes
from standfast.engine.ports import Clock
from standfast.linux.present import Present, forget_present, read_present
from standfast.model.config import Config
from standfast.observe.facts import WorksWithout
from standfast.observe.history import History
from standfast.observe.metrics import openmetrics
from standfast.observe.state.event import Event
from standfast.observe.state.moment import Moment
from standfast.observe.state.of_event import event_of
from standfast.observe.state.of_parent import Known, processes_of
from standfast.observe.state.process import Firewall, Process
from standfast.observe.state.protocol import Request, socket_beside
from standfast.observe.state.select import is_about
from standfast.observe.state.status import PARTS, SCHEMA, Status
from standfast.wire import ipc

OFF: Final = "off"
_PARENT: Final = "parent"
_TELL: Final = frozenset({VRRP, CHECKER, BFD})  # the children that have a state to tell
_EVENT: Final = msgspec.json.Decoder(Event)
_STATUS: Final = msgspec.json.Decoder(Status)


class Serving:
    """Gathers, keeps, and answers."""

    def __init__(
        self,
        loop: PollLoop,
        clock: Clock,
        *,
        ask: Callable[[str, tuple[str, ...]], int],
        pids: Callable[[], Mapping[str, int]],
        snapshot: Callable[[Instant], ParentSnapshot],
        config_state: ConfigState,
        pid_file: str,
        orders: Callable[[], Sequence[Order]] = tuple,
    ) -> None:
        """Make it; nobody can ask yet.

        Args:
            loop: that everything is waited for on.
            clock: of this host.
            ask: sends a question to a child; its number, 0 if there is no such child.
            pids: gives the pids of the living children.
            snapshot: gives what the parent knows of them.
            config_state: what is told of the configuration.
            pid_file: of the parent; socket and history are beside it.
            orders: of operators, that stand.
        """
        self._clock = clock
        self._pids = pids
        self._snapshot = snapshot
        self._config_state = config_state
        self._pid_file = pid_file
        self._orders = orders
        self._started = time.time()
        self._known: dict[str, Known] = {}
        self._followers: list[tuple[Reply, tuple[str, ...]]] = []
        self._history: History | None = None
        self._paths = ("", 0, "", "")  # what is open now
        self._metrics: bytes = b""
        self._metrics_until = Instant(0)
        self._asker = Asker(ask, loop.alarm(), clock)
        self.verbs: dict[str, Verb] = {
            "status": Verb(Role.READ, self._status),
            "history": Verb(Role.READ, self._tell_history),
            "events": Verb(Role.READ, self._follow),
            "metrics": Verb(Role.READ, self._tell_metrics),
        }
        self.complain: Callable[[object], None] = lambda _fact: None  # of clients that cannot be let in
        self._control = Control(loop, clock, self.verbs, tell=self._complain)
        self._scrapes = Scrapes(loop, clock, self._give_metrics, tell=self._complain)

    # ---- opening and closing

    @property
    def listening(self) -> tuple[int, str]:
        """Descriptor and path of the control socket; -1 if there is none."""
        return self._control.listening

    def inherit(self, descriptor: int, path: str) -> None:
        """Before it is opened: the program before listened here."""
        self._control.inherit(descriptor, path)

    def open(self, config: Config) -> tuple[WorksWithout, ...]:
        """Serve as this configuration says; what cannot be had is told, and all else works."""
        defs = config.global_defs
        paths = (
            defs.control_socket or socket_beside(self._pid_file),
            defs.control_socket_mode,
            defs.control_socket_group,
            defs.history_file or history_path(self._pid_file, os.environ),
        )
        without: list[WorksWithout] = []
        if paths[3] != self._paths[3] or self._history is None:
            self._history = None if paths[3] == OFF else History(paths[3])
        if paths[:3] != self._paths[:3]:
            without += self._open_control(paths[0], paths[1], paths[2])
        self._paths = paths
        try:
            self._scrapes.listen(defs.metrics_listen)
        except Refused as refusal:
            without.append(WorksWithout("metrics over HTTP", refusal.words, refusal.remedy))
        return tuple(without)

    def _open_control(self, path: str, mode: int, group: str) -> list[WorksWithout]:
        self._control.close()
        if path == OFF:
            self._control.disinherit()
            return []
        without = []
        gid = None
        if group:
            try:
                gid = grp.getgrnam(group).gr_gid
            except KeyError:
                words = f"there is no group {group}"
                without.append(
                    WorksWithout("a group that may give orders", words, "make it, or name another")
                )
        try:
            self._control.open(path, mode=mode, group=gid)
        except Refused as refusal:
            without.append(WorksWithout("the control socket", refusal.words, refusal.remedy))
        return without

    def close(self) -> None:
        """Serve no more."""
        self._control.close()
        self._scrapes.close()
        forget_present()

    def leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        self._control.leave()
        self._scrapes.leave()
        forget_present()

    # ---- what is heard

    def hear(self, child: str, report: Report) -> None:
        """A child tells something."""
        known = self._known.get(child, Known())
        match report:
            case ipc.Told():
                self._asker.hear(child, report)
            case ipc.Alive(_, late_us, rings):
                latest = max(known.latest_us, late_us)
                self._known[child] = changed(known, late_us=late_us, latest_us=latest, rings=rings)
            case ipc.Happened():
                if report.lost:
                    lost = known.events_lost + report.lost
                    self._known[child] = changed(known, events_lost=lost)
                self._note(_EVENT.decode(report.json))

    def tell(self, fact: object, now: Instant) -> None:
        """The parent itself has something to tell."""
        self._config_state.tell(fact)
        at = Moment(self._clock.now(), time.time()).at(now)
        event = event_of(fact, process=_PARENT, at=at)
        if event is not None:
            self._note(event)

    def _complain(self, fact: object) -> None:
        self.complain(fact)

    def lose(self, child: str) -> None:
        """A child has ended."""
        self._asker.lose(child)

    def _note(self, event: Event) -> None:
        if self._history is not None:
            event = self._history.add(event)
        self._followers = [each for each in self._followers if not each[0].gone]
        for reply, names in self._followers:
            if is_about(event, names):
                reply.line(event)

    # ---- verbs

    def _status(self, request: Request, reply: Reply) -> None:
        self.gather(request.names, reply.answer)

    def gather(self, names: tuple[str, ...], done: Callable[[Mapping[str, Any]], None]) -> None:
        """Have all children tell their state, and give what `Status` has."""
        self._asker.ask(
            [child for child in self._pids() if child in _TELL], names, lambda told: done(self._joined(told))
        )

    def _joined(self, told: Told) -> Mapping[str, Any]:
        """What `Status` has, its long lists as the children wrote them."""
        moment = Moment(self._clock.now(), time.time())
        parts: dict[str, list[msgspec.Raw]] = {part: [] for part in PARTS}
        for tells in told.values():
            for part in parts.keys() & (tells or {}).keys():
                parts[part] += (tells or {})[part]
        parts["orders"] += [msgspec.Raw(msgspec.json.encode(one)) for one in self._orders()]
        present = _present() if parts["instances"] else frozenset()
        if present is not None:
            held = (told.get(VRRP) or {}).get("held", [])
            parts["instances"] = corrected(parts["instances"], held, present)
        return {
            "schema": SCHEMA,
            "version": __version__,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started": round(self._started, 3),
            "taken": round(moment.wall, 3),
            "configuration": self._config_state.now,
            "processes": self._processes(told, moment),
            "kernel_read": present is not None,
            **parts,
        }

    def _processes(self, told: Told, moment: Moment) -> list[Process]:
        pids = self._pids()
        known = {
            child: changed(self._known.get(child, Known()), pid=pids.get(child, 0))
            for child in self._known.keys() | pids.keys()
        }
        processes = processes_of(self._snapshot(moment.now), known, moment)
        return [_with_own(one, told) for one in processes]

    def _tell_history(self, request: Request, reply: Reply) -> None:
        if self._history is None:
            reply.refuse("no-history", "history_file is off", "name a file, and reload")
            return
        count = request.arguments.get("count", 0)
        if not isinstance(count, int):
            reply.refuse("not-a-request", "count must be a number")
            return
        events = self._history.read(
            lambda event: is_about(event, request.names), **({"count": count} if count > 0 else {})
        )
        in_order = sorted(events, key=lambda event: event.at)  # what a child tells arrives a little later
        reply.answer({"schema": SCHEMA, "events": in_order, "unwritten": self._history.unwritten})

    def _follow(self, request: Request, reply: Reply) -> None:
        """One event a line, until the client goes."""
        self._followers.append((reply, request.names))

    def _tell_metrics(self, _: Request, reply: Reply) -> None:
        self._give_metrics(lambda text: reply.answer(text.decode()))

    def _give_metrics(self, give: Give) -> None:
        """All metrics; those of a moment ago are as good, and scrapers can be many."""
        if self._clock.now() < self._metrics_until:
            give(self._metrics)
            return

        def render(joined: Mapping[str, Any]) -> None:
            status = _STATUS.decode(msgspec.json.encode(joined))
            self._metrics = openmetrics(status).encode()
            self._metrics_until = after(self._clock.now(), STATE_FRESH)
            give(self._metrics)

        self.gather((), render)


def history_path(pid_file: str, environment: Mapping[str, str]) -> str:
    """Where the history is, unless it is configured: systemd may say where state is kept (StateDirectory=)."""
    name = f"{Path(pid_file).name.removesuffix('.pid')}.history"
    states = environment.get("STATE_DIRECTORY", "").split(":")[0]
    return str(Path(states or Path(pid_file).parent, name))


def _present() -> Present | None:
    """The addresses that the kernel has; None if it does not tell them."""
    try:
        return read_present()
    except OSError:
        return None


def _with_own(process: Process, told: Told) -> Process:
    """A process with what it tells of itself."""
    parts = told.get(process.name)
    if process.name not in told:
        return process
    if parts is None:
        return msgspec.structs.replace(process, answered=False)
    firewall = [msgspec.json.decode(raw, type=Firewall | None) for raw in parts.get("firewall", [])]
    drops = [msgspec.json.decode(raw, type=dict[str, int]) for raw in parts.get("unknown_drops", [])]
    balances = [msgspec.json.decode(raw, type=str) for raw in parts.get("balances", [])]
    unforwarded = [msgspec.json.decode(raw, type=str) for raw in parts.get("unforwarded", [])]
    return msgspec.structs.replace(
        process,
        balances=next(iter(balances), ""),
        unforwarded=tuple(unforwarded),
        firewall=next(iter(firewall), None),
        unknown_drops=next(iter(drops), {}),
    )

"""What trackers ask for is done, what they say is handed on; links are held back until they have settled."""

from collections.abc import Mapping, Sequence

from vrrp_made import ETH0, ETH1
from vrrp_ports import SetClock

from standfast.base.frozen import changed
from standfast.base.times import Instant, seconds
from standfast.core.track.effects import (
    EndScript,
    RunScript,
    RunSkipped,
    TrackEffect,
    TrackerChanged,
    WatchFiles,
    WatchProcesses,
    WriteFile,
)
from standfast.core.track.interface import LinkParameters, LinksPolled
from standfast.core.track.parameters import FileCheck
from standfast.core.track.settling import Delays
from standfast.core.track.verdict import GOOD, WAITING, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp.events import AddressGone, Event, LinkChanged, LinkGone
from standfast.engine.links import SettledLinks
from standfast.engine.track import TrackEffects
from standfast.model.kinds.initial import InitialFile
from standfast.model.kinds.scripts import Script

SCRIPT = Script(("/bin/check",))
KEYS = [TrackerKey(TrackerKind.FILE, name) for name in "ab"]


class Diary:
    """All ports of the trackers and one listener; writes down what it is asked and told."""

    def __init__(self) -> None:
        self.entries: list[tuple[object, ...]] = []

    def run(self, name: str, run: int, script: Script) -> None:
        self.entries.append(("run", name, run, script))

    def end(self, name: str, run: int, *, kill: bool) -> None:
        self.entries.append(("end", name, run, kill))

    def write(self, name: str, path: str, initial: InitialFile) -> None:
        self.entries.append(("write", name, path, initial))

    def judged(self, verdicts: Mapping[TrackerKey, Verdict]) -> None:
        self.entries.append(("judged", dict(verdicts)))

    def wants(self, kind: type) -> bool:
        return kind is TrackerChanged

    def tell(self, fact: object, now: Instant) -> None:
        self.entries.append(("told", fact))


class FileDiary(Diary):
    def watch(self, files: Sequence[FileCheck]) -> None:
        self.entries.append(("files", files))


class ProcessDiary(Diary):
    def watch(self, *, wanted: bool, commands: bool) -> None:
        self.entries.append(("processes", wanted, commands))


def done(*effects: TrackEffect) -> list[tuple[object, ...]]:
    """What these effects come to."""
    files, processes = FileDiary(), ProcessDiary()
    diary = files.entries = processes.entries = []
    judge = Diary()
    judge.entries = diary
    TrackEffects(
        scripts=judge,
        files=files,
        processes=processes,
        judged=judge.judged,
        listeners=(judge,),
        clock=SetClock(),
    ).run(effects)
    return diary


def test_commands_go_to_the_ports() -> None:
    files = (FileCheck("load", "/run/load"),)
    effects = (
        RunScript("chk", 1, SCRIPT),
        EndScript("chk", 1, kill=True),
        WriteFile("load", "/run/load", InitialFile(1)),
        WatchFiles(files),
        WatchProcesses(wanted=True, commands=False),
    )

    assert done(*effects) == [
        ("run", "chk", 1, SCRIPT),
        ("end", "chk", 1, True),
        ("write", "load", "/run/load", InitialFile(1)),
        ("files", files),
        ("processes", True, False),
    ]


def test_all_verdicts_of_one_event_reach_the_routers_at_once_and_before_words() -> None:
    facts = [TrackerChanged(key, GOOD, WAITING) for key in KEYS]

    assert done(*facts, RunSkipped("chk", seconds(1))) == [
        ("judged", dict.fromkeys(KEYS, GOOD)),
        *(("told", fact) for fact in facts),
    ]


# ---- links

DELAYED = LinkParameters({"eth0": Delays(up=seconds(1), down=seconds(1))}, {})
DOWN = changed(ETH0, up=False)


class Held:
    """Links that are held back, and what the routers were told."""

    def __init__(self, parameters: LinkParameters = DELAYED, **polled: bool) -> None:
        self.told: list[Event] = []
        self.clock = SetClock()
        self.polled = polled
        self.links = SettledLinks(linkbeat=self, tell=self.told.append, clock=self.clock)
        self.links.start(parameters, {"eth0": ETH0, "eth1": ETH1})
        self.links.arm(self._timer)

    def poll(self, methods: Mapping[str, str]) -> None:
        self.links.give(LinksPolled(self.polled))

    def _timer(self, ring: object) -> "Held":
        self.ring = ring
        return self

    def set(self, due: Instant | None) -> None:
        self.due = due


def test_the_routers_hear_of_a_link_when_it_has_settled() -> None:
    held = Held()

    held.links.hear(LinkChanged(DOWN))
    first = tuple(held.told)
    held.clock.at = Instant(held.clock.now() + seconds(1))
    due = held.due
    assert callable(held.ring)
    held.ring()

    assert first == (LinkChanged(ETH0),)
    assert due == held.clock.now()
    assert held.told[-1] == LinkChanged(DOWN)
    assert not held.links.links["eth0"].up


def test_what_else_is_new_about_a_link_is_told_at_once() -> None:
    held, mtu = Held(), changed(DOWN, mtu=1400)

    held.links.hear(LinkChanged(mtu))

    assert held.told == [LinkChanged(changed(mtu, up=True))]


def test_other_news_pass_through() -> None:
    held, news = Held(), (LinkGone("eth0"), AddressGone(("eth0", ETH0.ipv4, 24)))  # type: ignore[arg-type]

    for event in news:
        held.links.hear(event)

    assert held.told == list(news)
    assert set(held.links.links) == {"eth1"}


def test_a_link_whose_driver_says_that_it_is_down_starts_so() -> None:
    held = Held(LinkParameters({}, {"eth0": ""}), eth0=False)

    assert held.told == []
    assert not held.links.links["eth0"].up
    assert held.links.links["eth1"].up


def test_a_reload_without_delays_tells_what_was_held_back() -> None:
    held = Held()
    held.links.hear(LinkChanged(DOWN))

    held.links.reload(LinkParameters({}, {}))

    assert held.told[-1] == LinkChanged(DOWN)

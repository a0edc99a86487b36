"""How a child should treat itself, by the configuration."""

import pytest

from standfast.base.limits import REALTIME_PATIENCE
from standfast.base.times import SECOND, Duration
from standfast.daemon.manners import Manners, manners_of, name_of_parent
from standfast.engine.haste import Haste
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs

NO_HASTE = Haste(0, SECOND)


def usual(realtime: int = 0, *, must_be_on_time: bool = False, descriptors: int = 0) -> Manners:
    return Manners(
        name="",
        nice=0,
        processors=frozenset(),
        realtime=realtime,
        run=REALTIME_PATIENCE,
        locked=False,
        must_be_on_time=must_be_on_time,
        haste=NO_HASTE,
        descriptors=descriptors,
    )


def manners(child: str, defs: GlobalDefs) -> Manners | None:
    return manners_of(child, Config(global_defs=defs))


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        pytest.param(
            "vrrp",
            usual(realtime=1, must_be_on_time=True),
            id="routers have the least real-time priority",
        ),
        pytest.param(
            "bfd",
            usual(realtime=1, must_be_on_time=True),
            id="sessions, too",
        ),
        pytest.param(
            "checker",
            usual(descriptors=256),
            id="checks are an ordinary process",
        ),
        pytest.param("messenger", None, id="messages can wait"),
    ],
)  # fmt: skip
@pytest.mark.behaviour("PR-12")
def test_without_a_word_of_the_configuration(child: str, expected: Manners | None) -> None:
    assert manners(child, GlobalDefs()) == expected


@pytest.mark.behaviour("PR-13")
def test_each_keyword_is_of_one_child() -> None:
    defs = GlobalDefs(
        vrrp_priority=-5, checker_cpu_affinity=(1,), bfd_rt_priority=9, bfd_rlimit_rttime=Duration(7),
        vrrp_no_swap=True, max_auto_priority=3,
    )  # fmt: skip

    vrrp, checker, bfd = (manners(child, defs) for child in ("vrrp", "checker", "bfd"))

    assert vrrp is not None
    assert checker is not None
    assert bfd is not None
    assert (vrrp.nice, checker.nice, bfd.nice) == (-5, 0, 0)
    assert [sorted(one.processors) for one in (vrrp, checker, bfd)] == [[], [1], []]
    assert (vrrp.realtime, checker.realtime, bfd.realtime) == (1, 0, 9)
    assert bfd.run == 7
    assert (vrrp.locked, checker.locked, bfd.locked) == (True, False, False)
    assert {vrrp.haste, checker.haste, bfd.haste} == {Haste(3, SECOND)}


@pytest.mark.parametrize(
    ("defs", "names"),
    [
        pytest.param(GlobalDefs(), ("", "", "", ""), id="ours"),
        pytest.param(
            GlobalDefs(process_names=True),
            ("keepalived", "keepalived_vrrp", "keepalived_ipvs", "keepalived_bfd"),
            id="Keepalived's",
        ),
        pytest.param(
            GlobalDefs(process_names=True, checker_process_name="looker", process_name="top"),
            ("top", "keepalived_vrrp", "looker", "keepalived_bfd"),
            id="those that are named beat them",
        ),
    ],
)
def test_the_names_of_processes_are(defs: GlobalDefs, names: tuple[str, ...]) -> None:
    found = [manners(child, defs) for child in ("vrrp", "checker", "bfd")]

    assert (name_of_parent(Config(global_defs=defs)), *(one.name for one in found if one)) == names

"""What the daemon needs of the host, what a configuration needs of it, and how that is said."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from standfast.base.errors import Broken, Refused
from standfast.base.times import seconds
from standfast.conf.read import Reading, read_config
from standfast.daemon import checks, configuration, script_accounts
from standfast.daemon.crash import crashed
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.files import HostFiles
from standfast.daemon.flags import Flags
from standfast.daemon.reader import read_configuration
from standfast.daemon.script_accounts import Accounts, look_up
from standfast.daemon.scripts import runnable
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.scripts import Script
from standfast.observe.facts import ConfigComplaint, ConfigSummary, NothingToRun

ROUTER = """vrrp_instance VI_1 {{
    interface {interface}
    virtual_router_id 51
    virtual_ipaddress {{
        10.0.0.100/24 dev {dev}
    }}
    {more}
}}
"""


def reading(path: Path, before: str = "", interface: str = "lo", dev: str = "lo", more: str = "") -> Reading:
    file = path / "x.conf"
    file.write_text(before + ROUTER.format(interface=interface, dev=dev, more=more))
    return read_config(str(file), HostFiles())


def config(path: Path, before: str = "", interface: str = "lo", dev: str = "lo", more: str = "") -> Config:
    made = reading(path, before, interface, dev, more).config
    assert made is not None
    return made


def test_interfaces_that_are_there_are_fine(tmp_path: Path) -> None:
    checks.check_interfaces(config(tmp_path), present=["lo"])


@pytest.mark.parametrize(
    ("interface", "dev", "missing"),
    [
        pytest.param("eth9", "lo", "eth9", id="the router's own"),
        pytest.param("lo", "eth8", "eth8", id="that of an address"),
    ],
)
def test_an_interface_that_is_missing_is_named_with_who_needs_it(
    tmp_path: Path, interface: str, dev: str, missing: str
) -> None:
    with pytest.raises(EndWith, match=f"no interface {missing} of vrrp_instance VI_1; create it") as caught:
        checks.check_interfaces(config(tmp_path, interface=interface, dev=dev), present=["lo"])

    assert caught.value.status == Exit.CONFIG


def test_with_dynamic_interfaces_it_may_come_later(tmp_path: Path) -> None:
    defs = "global_defs {\n dynamic_interfaces\n}\n"

    checks.check_interfaces(config(tmp_path, defs, interface="eth9"), present=["lo"])


def test_a_missing_capability_ends_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise Refused("capabilities", "this process lacks CAP_NET_RAW", remedy="run it as root")

    monkeypatch.setattr(checks, "require_network", refuse)

    with pytest.raises(EndWith, match="lacks CAP_NET_RAW; run it as root") as caught:
        checks.check_permissions()

    assert caught.value.status == Exit.PERMISSION


# ---- the configuration


def test_a_missing_file_ends_the_start_with_6(tmp_path: Path) -> None:
    flags = Flags(config=str(tmp_path / "none.conf"))

    with pytest.raises(EndWith, match=r"cannot use .*none.conf does not exist") as caught:
        configuration.usable(flags, read_configuration(flags))

    assert caught.value.status == Exit.NO_CONFIG


@pytest.mark.parametrize(
    ("parts", "needed"),
    [
        pytest.param(frozenset[str](), {"vrrp"}, id="everything that there is work for"),
        pytest.param(frozenset({"vrrp", "bfd"}), {"vrrp"}, id="only VRRP"),
        pytest.param(frozenset({"checker", "bfd"}), set(), id="only health checks: then no VRRP"),
    ],
)
def test_only_children_with_work_are_needed(tmp_path: Path, parts: frozenset[str], needed: set[str]) -> None:
    assert configuration.needed(Flags(parts=parts), config(tmp_path)) == needed


def test_the_parent_waits_as_long_as_is_configured(tmp_path: Path) -> None:
    watch = configuration.watch(Flags(respawn=False), config(tmp_path, "child_wait_time 9\n"))

    assert watch.child_wait == seconds(9)
    assert not watch.respawn


def test_every_problem_is_told_with_its_place_and_then_their_number(tmp_path: Path) -> None:
    found = reading(tmp_path, "nonsense\n", interface="eth0", dev="eth0")
    flags = Flags(config="x.conf")

    complaint, *rest = configuration.told(flags, found)

    assert isinstance(complaint, ConfigComplaint)
    assert (complaint.slug, complaint.place.rpartition("/")[2]) == ("unknown-keyword", "x.conf:1:1")
    assert rest == [ConfigSummary("x.conf", errors=1, warnings=0)]


def test_a_configuration_without_work_is_said_to_have_none(tmp_path: Path) -> None:
    """A daemon that runs and does nothing must not look like one that works."""
    (tmp_path / "empty.conf").write_text("global_defs {\n}\n")
    empty = read_config(str(tmp_path / "empty.conf"), HostFiles())

    assert NothingToRun("x.conf") in configuration.told(Flags(config="x.conf"), empty)
    assert NothingToRun("x.conf") not in configuration.told(Flags(config="x.conf"), reading(tmp_path))


def test_lines_for_this_node_are_chosen_by_the_identity_that_was_given(tmp_path: Path) -> None:
    file = tmp_path / "x.conf"
    file.write_text("@left " + "nonsense\n")

    left = read_configuration(Flags(config=str(file), config_id="left"))
    right = read_configuration(Flags(config=str(file), config_id="right"))

    assert [problem.slug for problem in left.problems] == ["unknown-keyword"]
    assert right.problems == ()


# ---- scripts


def test_a_script_runs_as_its_own_user_else_as_the_one_of_all_scripts(tmp_path: Path) -> None:
    made = config(tmp_path, "global_defs {\n script_user root\n}\n")
    accounts = Accounts()

    own = accounts.of(Script(("/bin/true",), "nobody"), made.global_defs)
    default = accounts.of(Script(("/bin/true",)), made.global_defs)

    assert (own.name, default.name) == ("nobody", "root")


def test_a_script_of_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there is no user nobody-of-that-name"):
        Accounts().of(Script(("/bin/true",), "nobody-of-that-name"), config(tmp_path).global_defs)


def test_with_script_security_a_script_that_others_can_change_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "open"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o777)
    secure = config(tmp_path, "global_defs {\n script_user root\n enable_script_security\n}\n").global_defs
    relaxed = config(tmp_path, "global_defs {\n script_user root\n}\n").global_defs

    path, account = runnable(Script((str(script),)), relaxed, Accounts())

    assert (path, account.name) == (str(script), "root")
    with pytest.raises(Refused, match="would run as root, and"):
        runnable(Script((str(script),)), secure, Accounts())


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to make a script that only root can change")
def test_with_script_security_a_link_that_others_can_change_is_refused() -> None:
    """What it leads to is safe, but they could have it lead elsewhere."""
    with TemporaryDirectory(dir="/run") as place:
        script, folder = Path(place, "script"), Path(place, "folder")
        script.write_text("#!/bin/sh\n")
        script.chmod(0o755)
        folder.mkdir()
        link = folder / "link"
        link.symlink_to(script)
        secure = config(folder, "global_defs {\n script_user root\n enable_script_security\n}\n").global_defs

        before, _ = runnable(Script((str(link),)), secure, Accounts())
        folder.chmod(0o777)

        assert before == str(script)
        with pytest.raises(Refused, match="folder is writable by everybody"):
            runnable(Script((str(link),)), secure, Accounts())


def test_the_accounts_of_all_scripts_are_looked_up_before_a_child_needs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the child a directory that does not answer would hold up adverts."""
    scripts = (
        'notify_master "/bin/true" nobody\nnotify "/bin/true" nobody-of-that-name\nnotify_stop "/bin/true"\n'
    )
    made = config(tmp_path, "global_defs {\n script_user root\n}\n", more=scripts)
    found = Accounts(look_up(made))
    monkeypatch.setattr(script_accounts, "_looked_up", None)  # nobody is asked any more

    of = [found.of(Script(("/bin/true",), user), made.global_defs).name for user in ("nobody", "")]

    assert of == ["nobody", "root"]
    with pytest.raises(Refused, match="there is no user nobody-of-that-name"):
        found.of(Script(("/bin/true",), "nobody-of-that-name"), made.global_defs)


def test_a_removed_router_keeps_the_account_of_its_last_script(tmp_path: Path) -> None:
    before = Accounts(look_up(config(tmp_path, more='notify_stop "/bin/true" nobody\n')))
    after_ = Accounts(look_up(config(tmp_path)))

    assert after_.over(before).of(Script(("/bin/true",), "nobody"), GlobalDefs()).name == "nobody"


# ---- a mistake of ours


def test_a_crash_is_told_by_its_place_and_not_by_its_values() -> None:
    def fail(secret: str) -> None:
        raise ValueError(secret)

    try:
        fail("geheim")
    except ValueError as error:
        fact = crashed(error)

    assert fact.error == "ValueError"
    assert fact.where.startswith("test_daemon_checks.py:")
    assert "geheim" not in f"{fact}"


def test_a_rule_of_ours_that_broke_is_told_in_its_words() -> None:
    assert crashed(Broken("a child died twice")).error == "Broken a child died twice"

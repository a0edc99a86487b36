"""What the files and logs of a daemon are called, among several of one host."""

import pytest

from standfast.daemon.flags import Flags
from standfast.daemon.naming import ident_of, named, umask_of
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs


@pytest.mark.parametrize(
    ("flags", "config", "parent", "vrrp"),
    [
        pytest.param(Flags(), Config(), "/run/keepalived.pid", "/run/vrrp.pid", id="the only one of a host"),
        pytest.param(
            Flags(),
            Config(use_pid_dir=True),
            "/run/keepalived/keepalived.pid",
            "/run/keepalived/vrrp.pid",
            id="in a directory of their own",
        ),
        pytest.param(
            Flags(),
            Config(instance="one"),
            "/run/keepalived/keepalived_one.pid",
            "/run/keepalived/vrrp_one.pid",
            id="with the instance's name",
        ),
        pytest.param(
            Flags(namespace="blue"),
            Config(),
            "/run/keepalived/keepalived.pid",
            "/run/keepalived/vrrp.pid",
            id="of a namespace, whose directory this is",
        ),
        pytest.param(
            Flags(pid_file="/x.pid"),
            Config(instance="one"),
            "/x.pid",
            "/run/keepalived/vrrp_one.pid",
            id="what the command line names stays",
        ),
    ],
)
def test_pid_files_are(flags: Flags, config: Config, parent: str, vrrp: str) -> None:
    """FILE-01, FILE-02."""
    done = named(flags, config)

    assert (done.pid_file, done.child_pid_files["vrrp"]) == (parent, vrrp)


@pytest.mark.parametrize(
    ("namespace", "instance", "ident"),
    [
        pytest.param("", "", "Keepalived_vrrp", id="alone"),
        pytest.param("", "one", "Keepalived_vrrp_one", id="an instance"),
        pytest.param("blue", "", "Keepalived_vrrp_blue", id="a namespace"),
        pytest.param("blue", "one", "Keepalived_vrrp_blue_one", id="both"),
    ],
)
def test_a_log_tells_who_it_is(namespace: str, instance: str, ident: str) -> None:
    """LOG-01."""
    assert ident_of(Flags(namespace=namespace, instance=instance), "Keepalived_vrrp") == ident


def test_the_option_beats_the_keyword() -> None:
    """CLI-12, CLI-26."""
    config = Config(net_namespace="red", global_defs=GlobalDefs(umask=0o22))

    assert named(Flags(namespace="blue"), config).namespace == "blue"
    assert named(Flags(), config).namespace == "red"
    assert umask_of(Flags(umask=0o77), config) == 0o77
    assert umask_of(Flags(), config) == 0o22


def test_a_configuration_that_cannot_be_read_names_nothing() -> None:
    assert named(Flags(), None) == Flags()

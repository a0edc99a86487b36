"""Which threads of the kernel synchronise connections, by the configuration and an instance's state."""

from ipaddress import IPv4Address

import pytest
from written import config_of

from standfast.core.lvs.connection_sync import connection_sync_of
from standfast.wire.ipvs_daemon import SyncDaemon, SyncPart

INSTANCE = """vrrp_instance VI_1 {{
    interface lo
    virtual_router_id 51
    {more}
    virtual_ipaddress {{
        10.0.0.100
    }}
}}"""


def text(words: str = "", *, own: str = "") -> str:
    defs = f"global_defs {{\nlvs_sync_daemon {words}\n}}\n" if words else ""
    return defs + INSTANCE.format(more=own)


@pytest.mark.behaviour("LV-16")
@pytest.mark.parametrize(
    ("state", "part"),
    [
        ("init", SyncPart.BACKUP),
        ("backup", SyncPart.BACKUP),
        ("fault", SyncPart.BACKUP),
        ("master", SyncPart.MASTER),
    ],
)
def test_the_instance_says_which_part_runs(state: str, part: SyncPart) -> None:
    sync = connection_sync_of(config_of(text("eth1 VI_1")))

    assert sync is not None
    assert sync.instance == "VI_1"
    assert sync.parts(state) == (SyncDaemon(part, "eth1", number=51),)


@pytest.mark.behaviour("LV-16")
def test_without_an_instance_both_parts_run() -> None:
    sync = connection_sync_of(config_of(text("eth1")))

    assert sync is not None
    assert sync.parts("") == (SyncDaemon(SyncPart.MASTER, "eth1"), SyncDaemon(SyncPart.BACKUP, "eth1"))


@pytest.mark.behaviour("LV-16")
def test_all_that_can_be_said_of_it_is_heard() -> None:
    words = "eth1 inst VI_1 id 7 maxlen 1400 port 9000 ttl 3 group 224.0.0.200"

    sync = connection_sync_of(config_of(text(words)))

    assert sync is not None
    group = IPv4Address("224.0.0.200")
    assert sync.parts("master") == (SyncDaemon(SyncPart.MASTER, "eth1", 7, 1400, group, 9000, 3),)


@pytest.mark.behaviour("LV-16")
def test_an_instance_may_name_the_interface_itself() -> None:
    sync = connection_sync_of(config_of(text(own="lvs_sync_daemon_interface eth2")))

    assert sync is not None
    assert (sync.thread.interface, sync.thread.number, sync.instance) == ("eth2", 51, "VI_1")


def test_nobody_synchronises_unasked() -> None:
    assert connection_sync_of(config_of(text())) is None

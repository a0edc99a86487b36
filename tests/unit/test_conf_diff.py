"""What a reload has to do, from two configurations."""

import pytest
from written import config_of, instance_text

from standfast.conf.diff import BlockChange, Changes, What, diff
from standfast.model.declare import Reload

VIP = "virtual_ipaddress { 10.0.0.1/24 }\n"
OLD = instance_text(VIP)


def test_the_same_text_needs_nothing() -> None:
    changes = diff(config_of(OLD), config_of("# a comment\n" + OLD))

    assert changes == Changes()
    assert not changes


@pytest.mark.parametrize(
    ("body", "field", "need"),
    [
        pytest.param("priority 90", "priority", Reload.LIVE, id="a priority changes while it runs (RL-10)"),
        pytest.param("version 3", "version", Reload.LIVE, id="so does the form of the adverts"),
        pytest.param(
            "mcast_dst_ip 224.0.0.99", "mcast_dst_ip", Reload.RESTART, id="another group, other sockets"
        ),
        pytest.param(
            "virtual_ipaddress { 10.0.0.2 }", "virtual_ipaddress", Reload.LIVE, id="one address more"
        ),
    ],
)
def test_a_changed_keyword_says_what_it_needs(body: str, field: str, need: Reload) -> None:
    changes = diff(config_of(OLD), config_of(instance_text(VIP + body)))

    (instance,) = changes.blocks
    assert [change.field for change in instance.changes] == [field]
    assert instance.need is need


@pytest.mark.parametrize(
    ("new", "removed", "added", "changed"),
    [
        pytest.param("", ["VI_1"], [], [], id="an instance goes"),
        pytest.param(OLD + instance_text(VIP, name="B", vrid=9), [], ["B"], [], id="an instance comes"),
        pytest.param(instance_text(VIP, vrid=9), ["VI_1"], ["VI_1"], [], id="another VRID is another router"),
        pytest.param(
            instance_text(VIP, name="B"), [], [], ["B"], id="another name is the same router (RL-02)"
        ),
    ],
)
def test_instances_are_matched_by_what_they_are_on_the_network(
    new: str, removed: list[str], added: list[str], changed: list[str]
) -> None:
    changes = diff(config_of(OLD), config_of(new))

    assert [one.old.name for one in changes.of("vrrp_instance", What.REMOVED)] == removed
    assert [one.new.name for one in changes.of("vrrp_instance", What.ADDED)] == added
    assert [one.new.name for one in changes.of("vrrp_instance", What.CHANGED)] == changed


def test_what_only_a_restart_changes_is_named_with_its_reason() -> None:
    changes = diff(config_of(OLD), config_of("global_defs { vrrp_no_swap }\n" + OLD))

    assert [(change.keyword, bool(change.because)) for change in changes.refused] == [("vrrp_no_swap", True)]


SERVER = "virtual_server 10.0.0.1 80 {{\n lvs_sched {}\n real_server 10.0.0.2 80 {{\n{}\n}}\n}}\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("track_file F { file /a }", "track_file F { file /b }",
                     ["track_file changed live"], id="a tracker"),
        pytest.param("track_file F { file /a }", "track_file G { file /a }",
                     ["track_file removed live", "track_file added live"], id="another name is another tracker"),
        pytest.param("vrrp_script S { script /a }", "vrrp_script S { script /b }", ["vrrp_script changed restart"],
                     id="what a script runs"),
        pytest.param("", "static_ipaddress { 10.0.0.9 dev eth0 }", ["static_ipaddress live"], id="a list"),
        pytest.param("", "instance a", ["instance daemon"], id="what only a restart changes"),
        pytest.param(SERVER.format("rr", ""), SERVER.format("rr", "weight 5"),
                     ["virtual_server changed live", "real_server changed live"], id="a server in a service"),
        pytest.param(SERVER.format("rr", ""), SERVER.format("rr", "TCP_CHECK { }"),
                     ["virtual_server changed live", "real_server changed live", "TCP_CHECK added live"],
                     id="a checker in a server in a service"),
        pytest.param(SERVER.format("rr", ""), SERVER.format("wrr", ""), ["virtual_server changed restart"],
                     id="a scheduler"),
    ],
)  # fmt: skip
def test_every_block_tells_what_became_of_it(old: str, new: str, told: list[str]) -> None:
    changes = diff(config_of(old), config_of(new))

    top = [f"{change.keyword} {change.need.name.lower()}" for change in changes.top]
    assert top + [text for block in changes.blocks for text in texts(block)] == told


def texts(block: BlockChange) -> list[str]:
    inside = [text for one in block.inner for text in texts(one)]
    return [f"{block.keyword} {block.what} {block.need.name.lower()}", *inside]

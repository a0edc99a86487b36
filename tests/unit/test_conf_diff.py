"""What a reload has to do, from two configurations."""

import pytest
from written import config_of, instance_text

from standfast.conf.diff import Changes, diff
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
        pytest.param("version 3", "version", Reload.RESTART, id="another version is another form of adverts"),
        pytest.param(
            "virtual_ipaddress { 10.0.0.2 }", "virtual_ipaddress", Reload.LIVE, id="one address more"
        ),
    ],
)
def test_a_changed_keyword_says_what_it_needs(body: str, field: str, need: Reload) -> None:
    changes = diff(config_of(OLD), config_of(instance_text(VIP + body)))

    (instance,) = changes.changed
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

    assert [one.name for one in changes.removed] == removed
    assert [one.name for one in changes.added] == added
    assert [one.new.name for one in changes.changed] == changed


def test_what_only_a_restart_changes_is_named_with_its_reason() -> None:
    changes = diff(config_of(OLD), config_of("global_defs { vrrp_no_swap }\n" + OLD))

    assert [(change.keyword, bool(change.because)) for change in changes.refused] == [("vrrp_no_swap", True)]

"""What a reload leaves as it was until the daemon is restarted."""

import pytest
from written import config_of, instance_text

from standfast.conf.compare import compare
from standfast.conf.held_back import held_back

OLD = instance_text("virtual_ipaddress { 10.0.0.1/24 }\n")


@pytest.mark.behaviour("RL-08")
def test_a_keyword_that_needs_a_restart_keeps_its_value_and_the_rest_is_taken_over() -> None:
    running = config_of(OLD)
    new = config_of("global_defs { vrrp_no_swap\n router_id b }\n" + OLD.replace("10.0.0.1", "10.0.0.2"))

    kept = held_back(running, new)

    assert not kept.global_defs.vrrp_no_swap
    assert kept.global_defs.router_id == "b"
    assert kept.vrrp_instances == new.vrrp_instances


@pytest.mark.behaviour("RL-08")
def test_a_keyword_of_the_top_level_keeps_its_value() -> None:
    running, new = config_of("net_namespace a\n" + OLD), config_of("net_namespace b\n" + OLD)

    kept = held_back(running, new)

    assert kept == running


@pytest.mark.behaviour("RL-08")
def test_the_difference_is_found_again_at_the_next_reload() -> None:
    running, new = config_of(OLD), config_of("global_defs { vrrp_no_swap }\n" + OLD)

    kept = held_back(running, new)

    assert kept == running
    assert [change.keyword for one in compare(kept, new) for change in one.changes] == ["vrrp_no_swap"]

"""The metrics: declared once, and valid OpenMetrics whatever the names are."""

import re
from collections import Counter

import pytest
from states_made import NOW, address, instance, status

from standfast.observe.metric import COUNTER
from standfast.observe.metrics import METRICS, openmetrics, reference
from standfast.observe.state.configuration import Configuration, Reload
from standfast.observe.state.process import Firewall, Process
from standfast.observe.state.service import CheckState, RealServer, VirtualServer
from standfast.observe.state.tracker import Tracker

SAMPLE = re.compile(r'[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+\})? -?[0-9.e+-]+')


def test_each_metric_is_declared_once() -> None:
    assert [name for name, count in Counter(one.family for one in METRICS).items() if count > 1] == []


def test_counters_and_nothing_else_end_as_counters_do() -> None:
    assert [one.name for one in METRICS if (one.kind == COUNTER) != one.name.endswith("_total")] == []


def test_the_text_is_openmetrics_even_for_evil_names() -> None:
    one = instance(name='a"b\\c\nd', drops={"ttl": 3})

    *lines, last = openmetrics(status(one)).rstrip("\n").split("\n")

    assert last == "# EOF"
    assert [line for line in lines if not line.startswith("# ") and not SAMPLE.fullmatch(line)] == []
    assert 'standfast_adverts_dropped_total{vrrp_instance="a\\"b\\\\c\\nd",reason="ttl"} 3' in lines


def test_the_exporters_names_have_its_values() -> None:
    lines = openmetrics(status()).split("\n")

    assert 'keepalived_vrrp_state{iname="VI_1",intf="eth0",vrid="51",ip_address="10.0.0.100"} 2' in lines
    assert 'keepalived_advertisements_sent_total{iname="VI_1",intf="eth0",vrid="51"} 7' in lines


# What mehdy/keepalived-exporter documents and exports: by name, its labels. Left out is the one of its own check
# scripts (keepalived_exporter_check_script_status), which it runs itself.
OF_AN_INSTANCE = ("iname", "intf", "vrid", "state")
EXPORTED = {
    "keepalived_up": (),
    "keepalived_vrrp_state": ("iname", "intf", "vrid", "ip_address"),
    "keepalived_gratuitous_arp_delay_total": OF_AN_INSTANCE,
    "keepalived_advertisements_received_total": OF_AN_INSTANCE,
    "keepalived_advertisements_sent_total": OF_AN_INSTANCE,
    "keepalived_become_master_total": OF_AN_INSTANCE,
    "keepalived_release_master_total": OF_AN_INSTANCE,
    "keepalived_packet_length_errors_total": OF_AN_INSTANCE,
    "keepalived_advertisements_interval_errors_total": OF_AN_INSTANCE,
    "keepalived_ip_ttl_errors_total": OF_AN_INSTANCE,
    "keepalived_invalid_type_received_total": OF_AN_INSTANCE,
    "keepalived_address_list_errors_total": OF_AN_INSTANCE,
    "keepalived_authentication_invalid_total": OF_AN_INSTANCE,
    "keepalived_authentication_mismatch_total": OF_AN_INSTANCE,
    "keepalived_authentication_failure_total": OF_AN_INSTANCE,
    "keepalived_priority_zero_received_total": OF_AN_INSTANCE,
    "keepalived_priority_zero_sent_total": OF_AN_INSTANCE,
    "keepalived_script_status": ("name",),
    "keepalived_script_state": ("name",),
}


@pytest.mark.parametrize("name", EXPORTED)
def test_what_the_exporter_documents_has_its_labels_but_the_state(name: str) -> None:
    ours = {one.name: one for one in METRICS}

    assert ours[name].labels == tuple(label for label in EXPORTED[name] if label != "state")
    assert (ours[name].kind == COUNTER) == name.endswith("_total")


def test_no_other_metric_bears_the_exporters_prefix() -> None:
    assert {one.name for one in METRICS if one.name.startswith("keepalived_")} == EXPORTED.keys()


def test_the_page_names_all_of_them() -> None:
    page = reference()

    assert [one.name for one in METRICS if f"`{one.name}`" not in page] == []


# ---- what the alert rules ask for


def samples(*, of: str, **changed: object) -> list[str]:
    """The lines of one metric."""
    return [line for line in openmetrics(status(**changed)).split("\n") if line.startswith(of)]


def check(**changed: object) -> VirtualServer:
    state = CheckState(kind="TCP_CHECK", up=True, last=NOW - 9, **changed)  # type: ignore[arg-type]
    server = RealServer(name="one", up=True, weight=1, configured_weight=1, checks=(state,))
    return VirtualServer(name="web", up=True, quorum=2, live=1, servers=(server,))


def test_the_age_of_a_result_can_be_told_unless_the_check_rests() -> None:
    name = "standfast_check_result_timestamp_seconds"
    labels = '{virtual_server="web",real_server="one",check="TCP_CHECK",number="1"}'

    assert samples(of=name, virtual_servers=(check(),)) == [f"{name}{labels} {int(NOW - 9)}"]
    assert samples(of=name, virtual_servers=(check(active=False),)) == []


def test_a_quorum_stands_beside_the_weight_that_is_up() -> None:
    found = samples(of="standfast_virtual_server_", virtual_servers=(check(),))

    assert 'standfast_virtual_server_quorum{virtual_server="web"} 2' in found
    assert 'standfast_virtual_server_live_weight{virtual_server="web"} 1' in found


def test_the_last_run_is_told_of_scripts_that_have_run() -> None:
    ran = Tracker(kind="script", name="chk", up=True, since=NOW, last_run=NOW - 3)
    others = (
        Tracker(kind="script", name="new", up=True, since=NOW),
        Tracker(kind="file", name="f", up=True, since=NOW),
    )

    found = samples(of="standfast_script_last_run", trackers=(ran, *others))

    assert found == [f'standfast_script_last_run_timestamp_seconds{{name="chk"}} {int(NOW - 3)}']


def test_a_reload_that_waits_or_was_undone_can_be_told() -> None:
    undone = Reload(at=NOW, ok=False, undone=True)
    plain = Configuration(path="k.conf", generation=1, since=NOW)
    waiting = Configuration(path="k.conf", generation=2, since=NOW, confirm_by=NOW + 60)
    back = Configuration(path="k.conf", generation=3, since=NOW, reload=undone)

    assert samples(of="standfast_config_confirm_by", configuration=plain) == []
    assert samples(of="standfast_config_confirm_by", configuration=waiting) == [
        f"standfast_config_confirm_by_timestamp_seconds {int(NOW + 60)}"
    ]
    assert samples(of="standfast_config_last_reload_undone", configuration=waiting)[0].endswith(" 0")
    assert samples(of="standfast_config_last_reload_undone", configuration=back)[0].endswith(" 1")


def test_processes_say_since_when_and_whether_the_firewall_is_in_force() -> None:
    firewall = Firewall(tool="nft", addresses=2, in_force=False, refusal="nft is missing")
    processes = (
        Process(name="vrrp", state="running", since=NOW - 5, firewall=firewall),
        Process(name="checker", state="starting"),
    )

    assert samples(of="standfast_process_since", processes=processes) == [
        f'standfast_process_since_timestamp_seconds{{process="vrrp"}} {int(NOW - 5)}'
    ]
    assert samples(of="standfast_firewall", processes=processes) == [
        'standfast_firewall_in_force{process="vrrp",tool="nft"} 0'
    ]


def test_troubles_are_counted_as_the_status_names_them() -> None:
    wrong = instance(addresses=(address(present=False),))

    assert "standfast_troubles 0" in openmetrics(status())
    assert "standfast_troubles 1" in openmetrics(status(wrong))

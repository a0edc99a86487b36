"""The metrics: declared once, and valid OpenMetrics whatever the names are."""

import re
from collections import Counter

import pytest
from states_made import instance, status

from standfast.observe.metrics import COUNTER, METRICS, openmetrics, reference

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
    assert 'standfast_adverts_dropped_total{instance="a\\"b\\\\c\\nd",reason="ttl"} 3' in lines


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

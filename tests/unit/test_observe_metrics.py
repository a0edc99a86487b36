"""The metrics: declared once, and valid OpenMetrics whatever the names are."""

import re
from collections import Counter

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


def test_the_page_names_all_of_them() -> None:
    page = reference()

    assert [one.name for one in METRICS if f"`{one.name}`" not in page] == []

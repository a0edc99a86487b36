"""From the configuration to checks (behaviours HC-01, HC-03, HC-08 to HC-17, HC-23, HC-24)."""

import pytest
from written import config_of

from standfast.base.addresses import parse_address
from standfast.base.times import SECOND, seconds
from standfast.core.check.configured import UDP_PAYLOAD
from standfast.core.check.parameters import Check
from standfast.core.check.probes import (
    DnsProbe,
    HttpProbe,
    MiscProbe,
    Page,
    Pattern,
    PingProbe,
    SmtpProbe,
    TcpProbe,
    Tls,
    UdpProbe,
    Way,
)
from standfast.core.lvs.configured import Planner
from standfast.model.kinds.ranges import Range
from standfast.model.kinds.scripts import Script

WAY = Way(parse_address("10.0.0.2"), 8080)


def check(text: str, *, server: str = "", service: str = "", before: str = "") -> Check:
    """The only check of the only server."""
    config = config_of(f"""{before}
        virtual_server 10.0.0.100 80 {{
            protocol TCP
            lvs_sched rr
            lvs_method NAT
            {service}
            real_server 10.0.0.2 8080 {{
                {server}
                {text}
            }}
        }}""")
    ((made,),) = (server.checks for server in Planner().plan(config).servers[0].servers)
    return made


@pytest.mark.behaviour("HC-01")
@pytest.mark.parametrize(
    ("text", "retry", "wait", "patience"),
    [
        pytest.param("TCP_CHECK {\n}", 1, 1, 5, id="TCP"),
        pytest.param("HTTP_GET {\nurl {\npath /\n}\n}", 1, 3, 5, id="HTTP"),
        pytest.param("SSL_GET {\nurl {\npath /\n}\n}", 1, 3, 5, id="HTTPS"),
        pytest.param("SMTP_CHECK {\n}", 1, 1, 5, id="SMTP"),
        pytest.param("DNS_CHECK {\n}", 3, 60, 5, id="DNS: the retry's delay is the interval"),
        pytest.param("UDP_CHECK {\n}", 1, 1, 5, id="UDP"),
        pytest.param("PING_CHECK {\n}", 1, 1, 5, id="PING"),
        pytest.param(
            "MISC_CHECK {\nmisc_path /bin/true\n}", 0, 1, 60, id="MISC: it may last as long as the interval",
            marks=pytest.mark.behaviour("HC-17"),
        ),
    ],
)  # fmt: skip
def test_the_defaults_are_those_of_keepalived(text: str, retry: int, wait: float, patience: float) -> None:
    made = check(text)

    assert (made.delay_loop, made.warmup) == (60 * SECOND, 60 * SECOND)
    assert (made.retry, made.delay_before_retry) == (retry, seconds(wait))
    assert made.patience == seconds(patience)
    assert (made.alpha, made.log_all_failures) == (False, False)


@pytest.mark.behaviour("HC-03")
@pytest.mark.parametrize(
    ("service", "server", "own", "loop"),
    [
        pytest.param("delay_loop 5", "", "", 5, id="the virtual server's"),
        pytest.param("delay_loop 5", "delay_loop 4", "", 4, id="the real server's before that"),
        pytest.param("delay_loop 5", "delay_loop 4", "delay_loop 3", 3, id="the checker's before all"),
    ],
)
def test_the_nearest_setting_counts(service: str, server: str, own: str, loop: int) -> None:
    made = check(f"TCP_CHECK {{\n{own}\n}}", server=server, service=service)

    assert (made.delay_loop, made.warmup) == (seconds(loop), seconds(loop))


@pytest.mark.behaviour("LV-25", "HC-21")
def test_alpha_and_the_log_of_failures_come_from_above() -> None:
    made = check("TCP_CHECK {\n}", service="alpha", before="global_defs { checker_log_all_failures }")

    assert (made.alpha, made.log_all_failures) == (True, True)
    assert not check("TCP_CHECK {\n}", service="alpha", server="alpha false").alpha


def test_an_interval_of_next_to_nothing_does_not_fill_the_loop() -> None:
    assert check("TCP_CHECK {\n delay_loop 0.001\n}").delay_loop == seconds("0.01")


@pytest.mark.behaviour("HC-24")
def test_a_check_connects_as_it_is_told() -> None:
    made = check(
        "TCP_CHECK {\n connect_ip 10.0.0.9\n connect_port 81\n bindto 10.0.0.1\n bind_port 99\n bind_if eth1\n"
        " fwmark 7\n connect_timeout 2\n}"
    )

    way = Way(parse_address("10.0.0.9"), 81, parse_address("10.0.0.1"), 99, "eth1", 7)
    assert (made.probe, made.patience) == (TcpProbe(way), seconds(2))


@pytest.mark.parametrize(
    ("text", "probe"),
    [
        pytest.param("PING_CHECK {\n}", PingProbe(WAY), id="a ping"),
        pytest.param(
            "DNS_CHECK {\n}", DnsProbe(WAY, "SOA", "."), id="DNS: the root's SOA",
            marks=pytest.mark.behaviour("HC-12"),
        ),
        pytest.param("DNS_CHECK {\n type A\n name a.test\n}", DnsProbe(WAY, "A", "a.test"), id="DNS: else"),
        pytest.param(
            "UDP_CHECK {\n}", UdpProbe(WAY, UDP_PAYLOAD), id="UDP: 32 bytes, and silence is good",
            marks=pytest.mark.behaviour("HC-13"),
        ),
        pytest.param(
            "UDP_CHECK {\n payload 0a0b\n require_reply 1x2x\n}",
            UdpProbe(WAY, b"\x0a\x0b", reply_needed=True, reply=b"\x10\x20", mask=b"\xf0\xf0"),
            id="UDP: an answer in which some digits may be any",
        ),
        pytest.param(
            "MISC_CHECK {\n misc_path \"/bin/a b\"\n misc_dynamic\n user nobody\n}",
            MiscProbe(Script(("/bin/a", "b"), "nobody"), dynamic=True),
            id="a program, its arguments and its account",
            marks=pytest.mark.behaviour("HC-16"),
        ),
        pytest.param(
            "SMTP_CHECK {\n}", SmtpProbe((WAY,), "smtpchecker.keepalived.org"), id="SMTP: the server itself",
            marks=pytest.mark.behaviour("HC-11"),
        ),
        pytest.param(
            "SMTP_CHECK {\n helo_name me.test\n host {\n connect_ip 10.0.0.8\n}\n host {\n connect_port 25\n}\n}",
            SmtpProbe((Way(parse_address("10.0.0.8"), 8080), Way(parse_address("10.0.0.2"), 25)), "me.test"),
            id="SMTP: the hosts that are named",
        ),
    ],
)  # fmt: skip
def test_an_attempt_is_told(text: str, probe: object) -> None:
    assert check(text).probe == probe


def test_a_check_of_several_parts_may_take_the_time_of_all() -> None:
    http = check("HTTP_GET {\n connect_timeout 2\n url {\npath /a\n}\n url {\npath /b\n}\n}")
    smtp = check("SMTP_CHECK {\n host {\n}\n host {\n connect_timeout 3\n}\n}", server="connect_timeout 2")

    assert http.patience == seconds(4)
    assert smtp.patience == seconds(5)


@pytest.mark.behaviour("HC-23", "HC-08")
@pytest.mark.parametrize(
    ("url", "own", "server", "service", "host"),
    [
        pytest.param("", "", "", "", "10.0.0.2:8080", id="nothing is said: the address and the port"),
        pytest.param("", "", "", "virtualhost vs", "vs", id="the virtual server's"),
        pytest.param("", "", "virtualhost rs", "virtualhost vs", "rs", id="the real server's"),
        pytest.param("", "virtualhost own", "virtualhost rs", "virtualhost vs", "own", id="the checker's"),
        pytest.param("virtualhost url", "virtualhost own", "virtualhost rs", "", "url", id="the url's"),
    ],
)
def test_the_host_header_is_the_nearest(url: str, own: str, server: str, service: str, host: str) -> None:
    made = check(f"HTTP_GET {{\n{own}\nurl {{\npath /\n{url}\n}}\n}}", server=server, service=service)

    assert isinstance(made.probe, HttpProbe)
    assert made.probe.pages[0].host == host


@pytest.mark.behaviour("HC-09")
def test_a_page_is_what_the_url_says() -> None:
    digest = "0123456789ABCDEF0123456789abcdef"
    made = check(
        "HTTP_GET {\n url {\n path /a\n}\n"
        f"url {{\n path /b\n status_code 200 300-302\n digest {digest}\n regex ok\n regex_no_match\n"
        "regex_options caseless\n regex_min_offset 3\n regex_max_offset 9\n regex_stack 1 2\n}\n}"
    )

    assert isinstance(made.probe, HttpProbe)
    pattern = Pattern("ok", ("caseless",), must_match=False, least_offset=3, most_offset=9, stack=(1, 2))
    assert made.probe.pages == (
        Page("/a", "10.0.0.2:8080"),
        Page(
            "/b",
            "10.0.0.2:8080",
            codes=(Range(200, 200), Range(300, 302)),
            digest=digest.lower(),
            pattern=pattern,
        ),
    )


@pytest.mark.behaviour("HC-08")
@pytest.mark.parametrize(
    ("word", "version", "close"), [("1.0", "1.0", False), ("1.0C", "1.0", True), ("1.1", "1.1", True)]
)
def test_versions_of_http_are(word: str, version: str, close: bool) -> None:
    made = check(f"HTTP_GET {{\n http_protocol {word}\n url {{\npath /\n}}\n}}")

    assert isinstance(made.probe, HttpProbe)
    assert (made.probe.version, made.probe.close, made.probe.tls) == (version, close, None)


@pytest.mark.behaviour("HC-10")
def test_https_speaks_tls_and_names_its_host_if_asked_to() -> None:
    before = "SSL {\n ca /ca\n certificate /crt\n key /key\n}"

    made = check("SSL_GET {\n enable_sni\n virtualhost a.test\n url {\npath /\n}\n}", before=before)

    assert isinstance(made.probe, HttpProbe)
    assert made.probe.tls == Tls(sni=True, ca="/ca", certificate="/crt", key="/key")
    assert made.probe.pages[0].name == "a.test"

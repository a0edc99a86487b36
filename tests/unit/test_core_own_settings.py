"""The settings of the kernel that interfaces of our own need."""

from collections.abc import Mapping

import pytest
from written import config_of, instance_text

from standfast.base.own_links import OwnKind, OwnLink
from standfast.core.vrrp.own_settings import promoting_of, settings_of_host, settings_of_link, without
from standfast.core.vrrp.vmac import own_links_of

V4 = OwnLink("vrrp.51", "eth0", mac=b"\0" * 6)
V6 = OwnLink("vrrp6.51", "eth0", mac=b"\1" * 6, speaks_ipv4=False, speaks_ipv6=True)
IPVLAN = OwnLink("ipvl0", "eth1", OwnKind.IPVLAN)
BELOW = {
    "net/ipv4/conf/eth0/arp_ignore": "1",
    "net/ipv4/conf/eth0/arp_filter": "1",
    "net/ipv4/conf/eth0/arp_announce": "2",
}
QUIET = {"all": 0, "default": 0, "eth0": 0}


@pytest.mark.behaviour("VM-03")
def test_a_vmac_of_ipv4_takes_own_addresses_answers_for_its_own_only_and_filters_nothing() -> None:
    settings = settings_of_link(V4)

    ours = {path.rpartition("/")[2]: value for path, value in settings.items() if "/ipv4/" in path}
    assert ours == {
        "accept_local": "1",
        "arp_ignore": "1",
        "arp_announce": "2",
        "rp_filter": "0",
        "promote_secondaries": "1",
    }
    assert settings["net/ipv6/conf/vrrp.51/disable_ipv6"] == "1"


def test_a_vmac_of_ipv6_speaks_it_asks_for_no_router_and_answers_no_arp() -> None:
    settings = settings_of_link(V6)

    assert settings == {
        "net/ipv6/conf/vrrp6.51/disable_ipv6": "0",
        "net/ipv6/conf/vrrp6.51/accept_ra": "0",
        "net/ipv6/conf/vrrp6.51/router_solicitations": "0",
        "net/ipv4/conf/vrrp6.51/arp_ignore": "1",
    }


def test_an_ipvlan_stays_as_the_kernel_makes_it() -> None:
    assert settings_of_link(IPVLAN) == {}


@pytest.mark.behaviour("VM-03", "VM-04")
@pytest.mark.parametrize(
    ("links", "filters", "wanted"),
    [
        pytest.param((), QUIET, {}, id="nobody: nothing"),
        pytest.param((IPVLAN, V6), {"all": 1}, {}, id="ipvlans and IPv6: nothing"),
        pytest.param(
            (V4, V4, V6),
            QUIET,
            BELOW,
            id="the parent",
        ),
        pytest.param(
            (V4,),
            {"all": 1, "default": 0, "eth0": 2, "eth1": 0, "lo": 1},
            {
                **BELOW,
                "net/ipv4/conf/default/rp_filter": "1",
                "net/ipv4/conf/eth1/rp_filter": "1",
                "net/ipv4/conf/all/rp_filter": "0",
            },
            id="what all filters becomes what each filters, if that is more",
        ),
    ],
)
def test_what_the_host_is_told_for(
    links: tuple[OwnLink, ...], filters: Mapping[str, int], wanted: Mapping[str, str]
) -> None:
    assert settings_of_host(links, filters, no_local_igmp=False) == wanted


def test_the_filter_of_all_is_the_last_to_be_changed() -> None:
    """So no packet that was filtered passes in between."""
    settings = settings_of_host((V4,), {"all": 1, "eth0": 0}, no_local_igmp=False)

    assert list(settings)[-1] == "net/ipv4/conf/all/rp_filter"


def test_reports_of_local_groups_are_switched_off_if_that_is_said() -> None:
    settings = settings_of_host((), QUIET, no_local_igmp=True)

    assert settings == {"net/ipv4/igmp_link_local_mcast_reports": "0"}


@pytest.mark.parametrize(
    "path",
    [
        *settings_of_link(V4),
        *settings_of_host((V4,), {"all": 1, "eth0": 0}, no_local_igmp=True),
    ],
)
def test_of_each_setting_it_can_be_said_what_does_not_work_without_it(path: str) -> None:
    assert without(path)


# ---- promote_secondaries


@pytest.mark.parametrize(
    ("body", "interfaces"),
    [
        pytest.param("", (), id="nobody asks"),
        pytest.param("promote_secondaries", ("eth0",), id="the interface of the instance"),
        pytest.param(
            "promote_secondaries\n virtual_ipaddress_excluded {\n 10.0.1.1 dev eth7\n fd00::1 dev eth8\n}",
            ("eth0", "eth7"),
            id="and those of its IPv4 addresses",
        ),
        pytest.param(
            "promote_secondaries\n use_vmac",
            (),
            id="one of our own promotes anyway",
        ),
    ],
)
def test_addresses_are_promoted_where_an_instance_asks_for_it(body: str, interfaces: tuple[str, ...]) -> None:
    config = config_of(instance_text(f"{body}\nvirtual_ipaddress {{\n10.0.0.100\n}}"))

    assert promoting_of(config, own_links_of(config)) == interfaces


def test_an_interface_that_promotes_has_one_setting_more() -> None:
    settings = settings_of_host((), QUIET, no_local_igmp=False, promoting=("eth0.7",))

    assert settings == {"net/ipv4/conf/eth0.7/promote_secondaries": "1"}

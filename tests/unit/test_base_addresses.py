"""Addresses, their families, and what the kernel tells two of them apart by (behaviours AD-01, AD-02)."""

from ipaddress import ip_address

import pytest
from vrrp_made import vip

from standfast.base.addresses import FOREVER, Family, HostAddress, family_of, parse_address


@pytest.mark.parametrize(
    ("family", "bits", "size"), [pytest.param(4, 32, 4, id="IPv4"), pytest.param(6, 128, 16, id="IPv6")]
)
def test_a_family_knows_its_lengths(family: int, bits: int, size: int) -> None:
    assert (Family(family).bits, Family(family).size) == (bits, size)


def test_an_address_knows_its_family() -> None:
    assert family_of(ip_address("10.0.0.1")) is Family.IPV4
    assert family_of(ip_address("::1")) is Family.IPV6


def test_the_looks_of_an_address_are_not_its_key() -> None:
    plain = vip(100)
    labelled = HostAddress(plain.address, plain.prefix, plain.interface, label="eth0:1", scope=253)

    assert plain != labelled
    assert plain.key == labelled.key


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(vip(101), id="another address"),
        pytest.param(vip(100, prefix=24), id="another prefix length"),
        pytest.param(vip(100, "eth1"), id="another interface"),
    ],
)
def test_these_are_two_addresses_to_the_kernel(other: HostAddress) -> None:
    assert vip(100).key != other.key


@pytest.mark.behaviour("AD-01")
def test_an_address_lives_for_ever_unless_something_else_is_said() -> None:
    assert vip(100).preferred_seconds == FOREVER


def test_an_address_is_worded_as_ip_words_it() -> None:
    assert str(vip(100)) == "10.0.0.100/32 dev eth0"


def test_no_other_text_is_an_address() -> None:
    assert parse_address("10.0.0.1") == ip_address("10.0.0.1")
    with pytest.raises(ValueError, match="does not appear to be"):
        parse_address("10.0.0")

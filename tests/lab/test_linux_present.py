"""The addresses that the kernel has, for whoever asks often: never older than the question."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from linux_namespace import Namespace, descriptors, ip, namespaces

from standfast.linux import present as module
from standfast.linux.present import read_present

MANY = 600  # more than one datagram tells


@pytest.fixture(autouse=True)
def namespace() -> Iterator[Namespace]:
    with namespaces(1) as (made,), made.here():
        yield made


def hold(count: int, tmp_path: Path) -> set[tuple[str, str]]:
    """Give `lo` that many more addresses; how they are told."""
    addresses = [f"10.1.{n // 250}.{n % 250}/32" for n in range(count)]
    batch = tmp_path / "batch"
    batch.write_text("".join(f"address add {each} dev lo\n" for each in addresses))
    ip(f"-batch {batch}")
    return {("lo", each) for each in addresses}


def test_all_addresses_of_both_families_are_told(tmp_path: Path) -> None:
    held = hold(MANY, tmp_path)
    before = descriptors()

    present = read_present()

    assert present == held | {("lo", "127.0.0.1/8"), ("lo", "::1/128")}
    assert descriptors() == before


def test_what_is_as_it_was_is_not_made_anew(tmp_path: Path) -> None:
    hold(MANY, tmp_path)

    assert read_present() is read_present()


def test_an_address_that_comes_or_goes_is_seen_at_once(tmp_path: Path) -> None:
    hold(MANY, tmp_path)
    told = []
    for words in ("add 10.9.0.1/24", "add 2001:db8::1/64", "del 10.9.0.1/24", "del 10.1.0.7/32"):
        before = read_present()
        ip(f"address {words} dev lo")
        told.append({address for _, address in before ^ read_present()})

    assert told == [{"10.9.0.1/24"}, {"2001:db8::1/64"}, {"10.9.0.1/24"}, {"10.1.0.7/32"}]


def test_one_that_comes_is_all_that_is_decoded(tmp_path: Path) -> None:
    hold(MANY, tmp_path)
    read_present()
    before = module._address_in.cache_info().misses

    ip("address add 10.9.0.1/24 dev lo")
    read_present()

    assert module._address_in.cache_info().misses == before + 1


def test_a_link_that_has_another_name_now_is_told_by_that() -> None:
    ip("link add eth0 type veth peer name peer0")
    ip("address add 10.9.0.1/24 dev eth0")
    before = read_present()

    ip("link set eth0 name other")

    assert read_present() - before == {("other", "10.9.0.1/24")}

"""Another network namespace, for a moment."""

import os
import socket
from pathlib import Path

import pytest
from linux_namespace import ip, namespaces

from standfast.linux.network_namespace import FIRST, path_of, visiting


def here() -> os.stat_result:
    return Path("/proc/thread-self/ns/net").stat()


@pytest.mark.behaviour("PR-15")
def test_a_socket_made_on_a_visit_stays_there() -> None:
    with namespaces(2) as (one, other), one.here():
        with other.here():
            ip("link add there type veth peer name there2")
        before = here()

        with visiting(other.path):
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

        with made:
            assert made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"there") is None
        assert os.path.samestat(before, here())


def test_a_visit_to_nowhere_is_none() -> None:
    with namespaces(1) as (one,), one.here():
        before = here()

        with pytest.raises(FileNotFoundError), visiting(path_of("nowhere")):
            pytest.fail("it is not there")

        assert os.path.samestat(before, here())


def test_who_fails_there_is_back() -> None:
    with namespaces(2) as (one, other), one.here():
        before = here()

        with pytest.raises(ZeroDivisionError), visiting(other.path):
            raise ZeroDivisionError

        assert os.path.samestat(before, here())


def test_without_a_name_it_is_that_of_the_first_process() -> None:
    assert path_of("") == FIRST == "/proc/1/ns/net"
    assert path_of("blue") == "/run/netns/blue"

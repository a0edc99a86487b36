"""Names of servers as people type them: any that only one can be meant by."""

import pytest

from standfast.base.errors import Refused
from standfast.base.server_names import find

NAMES = (
    "[10.0.0.100]:tcp:80",
    "[10.0.0.100]:tcp:443",
    "[10.0.0.101]:udp:53",
    "[fd00::1]:tcp:80",
    "web:tcp",
    "FWM 7",
    "[10.0.0.102]:tcp:80",
    "[10.0.0.102]:tcp:80 #2",
)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        pytest.param("[10.0.0.100]:tcp:443", "[10.0.0.100]:tcp:443", id="the name itself"),
        pytest.param("10.0.0.100:443", "[10.0.0.100]:tcp:443", id="address and port"),
        pytest.param("10.0.0.100:tcp:80", "[10.0.0.100]:tcp:80", id="without brackets"),
        pytest.param("10.0.0.101", "[10.0.0.101]:udp:53", id="an address with one port"),
        pytest.param("[fd00::1]:80", "[fd00::1]:tcp:80", id="IPv6 with a port"),
        pytest.param("fd00::1", "[fd00::1]:tcp:80", id="IPv6"),
        pytest.param("web", "web:tcp", id="a group"),
        pytest.param("FWM 7", "FWM 7", id="a mark"),
        pytest.param("10.0.0.102:80", "[10.0.0.102]:tcp:80", id="the first of two of the same name"),
    ],
)
def test_a_name_is_found(word: str, name: str) -> None:
    assert find(word, NAMES, "virtual server") == name


@pytest.mark.parametrize(
    ("word", "slug", "remedy"),
    [
        pytest.param("10.0.0.100", "ambiguous", "type the whole name", id="one address, two ports"),
        pytest.param("10.0.0.101:54", "unknown-name", "did you mean 10.0.0.101:53?", id="a near one"),
        pytest.param(
            "mail", "unknown-name", "there are [10.0.0.100]:tcp:80,", id="nothing near: what there is"
        ),
    ],
)
def test_a_name_that_is_not_found(word: str, slug: str, remedy: str) -> None:
    with pytest.raises(Refused) as caught:
        find(word, NAMES, "virtual server")

    assert caught.value.reason == slug
    assert caught.value.remedy.startswith(remedy)

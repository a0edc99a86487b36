"""Refusals of the kernel, for people: place, cause, remedy."""

import errno

import pytest

from standfast.linux.refusals import refused


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(
            errno.EPERM,
            "eth0: cannot do it: the process lacks CAP_NET_RAW [EPERM]; run it as root or give it the capability "
            "(in a container: --cap-add NET_RAW)",
            id="not permitted",
        ),
        pytest.param(
            errno.ENODEV,
            "eth0: cannot do it: the interface is not there [ENODEV]; create it, or correct its name in the "
            "configuration",
            id="no interface",
        ),
        pytest.param(
            errno.EIO, "eth0: cannot do it: Input/output error [EIO]", id="one without words of ours"
        ),
        pytest.param(4711, "eth0: cannot do it: Unknown error 4711 [4711]", id="a number from the future"),
    ],
)
def test_a_refusal_reads(error: int, words: str) -> None:
    assert str(refused(error, "do it", place="eth0", capability="CAP_NET_RAW")) == words


def test_the_kernel_s_own_words_are_kept() -> None:
    refusal = refused(errno.EINVAL, "add it", kernel_says="ipv4: Invalid scope value")

    assert refusal.reason == "EINVAL"
    assert refusal.words == (
        "cannot add it: the kernel does not accept these values [EINVAL] (ipv4: Invalid scope value)"
    )

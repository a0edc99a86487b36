"""How much unread the sockets keep that the kernel reports through."""

import re
import socket
from contextlib import closing

import pytest
from daemon_lab import config, master
from linux_namespace import inside

from standfast.base.limits import NETLINK_RECEIVE_BUFFER
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.linux.netlink import NetlinkSocket

MEBIBYTE = 1024 * 1024


def kept_by(descriptor: int) -> int:
    """Bytes; the kernel tells the double of what it was told, for its own needs."""
    with socket.socket(fileno=descriptor) as sock:
        size = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
        sock.detach()
    return size


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        pytest.param(0, NETLINK_RECEIVE_BUFFER, id="as usual if nothing is said"),
        pytest.param(65_536, NETLINK_RECEIVE_BUFFER, id="never less than is usual"),
        pytest.param(9 * MEBIBYTE, 9 * MEBIBYTE, id="more, beyond rmem_max"),
        pytest.param(1 << 40, 0x3FFF_FFFF, id="as much as there can be"),
    ],
)
def test_a_socket_keeps(asked: int, kept: int) -> None:
    with inside(), closing(NetlinkSocket()) as sock:
        sock.keep_unread(9 * MEBIBYTE)
        sock.keep_unread(asked)

        assert kept_by(sock.fileno()) == kept


def test_a_daemon_s_sockets_keep_what_the_configuration_says_from_the_reload_on(lab: Lab) -> None:
    host = lab.host("a", "10.99.0.1/24")
    daemon = master(lab, host, config(255))
    assert kept_in(host) == {NETLINK_RECEIVE_BUFFER}

    daemon.reload(
        "global_defs {\n vrrp_netlink_cmd_rcv_bufs 9437184\n vrrp_netlink_monitor_rcv_bufs 10485760\n}\n"
        + config(255)
    )

    wanted = {9 * MEBIBYTE, 10 * MEBIBYTE}
    assert lab.within(20.0, lambda: kept_in(host) & wanted == wanted), kept_in(host)


def kept_in(host: Host) -> set[int]:
    """What large netlink sockets of a host keep unread, as ss(8) tells it: only the daemon has such."""
    shown = host.command("ss", "-a", "-f", "netlink", "-m", "-O")
    sizes = {int(size) // 2 for size in re.findall(r"rb(\d+)", shown)}
    return {size for size in sizes if size > MEBIBYTE}

"""Problems of virtual servers and real servers."""

from collections.abc import Mapping
from typing import Final

from standfast.conf.explained.explanation import Explanation, lines


def _server(*inner: str, service: str = "10.0.0.1 80", real: tuple[str, ...] = ("10.0.1.1 80",)) -> str:
    """A virtual server with these lines and these real servers."""
    return lines(
        f"virtual_server {service} {{",
        *(f"    {line}" for line in inner),
        *(f"    real_server {one} {{ weight 1 }}" for one in real),
        "}",
    )


_BASICS: Final = ("lvs_sched rr", "lvs_method NAT", "protocol TCP")

SERVERS: Final[Mapping[str, Explanation]] = {
    "checker-part": Explanation(
        "A checker lacks what it cannot do without: a url, misc_path, track_file or name. It is left out, "
        "and the server "
        "counts as up without it.",
        "Add the part, or remove the checker.",
        _server(*_BASICS, "real_server 10.0.1.2 80 {", "HTTP_GET {", "connect_timeout 3", "}", "}"),
    ),
    "checker-unknown": Explanation(
        "A checker follows a track_file or bfd_instance that is not there. It is left out.",
        "Define what it names, or correct the name.",
        _server(*_BASICS, "real_server 10.0.1.2 80 {", "BFD_CHECK {", "name b", "}", "}"),
    ),
    "host-bits": Explanation(
        "A network of a virtual_server_group has bits behind its prefix length. The entry is left out.",
        "Write the first address of the network, or no prefix length for a single address.",
        lines("virtual_server_group G {", "    10.0.0.1/24 80", "}"),
    ),
    "tunnel-option": Explanation(
        "A word behind the sort of the tunnel does not go with it: only gue has a port, ipip has no checksums, "
        "gre has no remote ones. The forwarding method is not used.",
        "Remove the word, or name another sort of tunnel.",
        _server("lvs_sched rr", "lvs_method TUN type gre port 5", "protocol TCP"),
    ),
    "duplicate-server": Explanation(
        "The real server stands in the virtual server already. The second one is left out.",
        "Remove it, or give it the port that is meant.",
        _server(*_BASICS, real=("10.0.1.1 80", "10.0.1.1 80")),
    ),
    "hysteresis": Explanation(
        "The hysteresis is as large as the quorum, so the quorum could never be lost. It is taken as 0.",
        "Write a hysteresis below the quorum.",
        _server(*_BASICS, "quorum 1", "hysteresis 1"),
    ),
    "no-method": Explanation(
        "The virtual server does not say how packets get to its real servers. NAT is used.",
        "Write lvs_method: NAT, DR (the servers hold the address, too) or TUN.",
        _server("lvs_sched rr", "protocol TCP"),
    ),
    "no-protocol": Explanation(
        "The virtual server does not say whether it is TCP, UDP or SCTP. UDP is used, as Keepalived does.",
        "Write `protocol TCP`.",
        _server("lvs_sched rr", "lvs_method NAT"),
    ),
    "no-real-servers": Explanation(
        "A virtual server without real servers has nowhere to send packets. It is left out.",
        "Add a real_server.",
        _server(*_BASICS, real=()),
    ),
    "no-scheduler": Explanation(
        "The virtual server does not say how connections are shared. wlc is used.",
        "Write `lvs_sched wlc`, or another scheduler of the kernel.",
        _server("lvs_method NAT", "protocol TCP"),
    ),
    "ops": Explanation(
        "One-packet scheduling treats each packet for itself, which only UDP can bear. It is switched off.",
        "Remove ops, or write `protocol UDP`.",
        _server(*_BASICS, "ops"),
    ),
    "persistence": Explanation(
        "A service of every port needs to keep a client with its server, or connections of one client would "
        "be torn apart. The kernel's usual time of 360 seconds is used.",
        "Write persistence_timeout, or name a port.",
        _server(*_BASICS, service="10.0.0.1 0", real=("10.0.1.1",)),
    ),
    "port-differs": Explanation(
        "Only NAT can change the port of a packet. With DR and TUN the real server must listen on the "
        "port of "
        "the service; that port is used.",
        "Write the same port, or use NAT.",
        _server("lvs_sched rr", "lvs_method DR", "protocol TCP", real=("10.0.1.1 8080",)),
    ),
    "port-unused": Explanation(
        "A service of firewall marks has the ports of the marked packets; the port here does nothing.",
        "Remove the port.",
        _server("lvs_sched rr", "lvs_method DR", service="fwmark 1"),
    ),
    "protocol-unused": Explanation(
        "A service of firewall marks takes whatever is marked; protocol does nothing.",
        "Remove protocol; mark only what is meant.",
        _server("lvs_sched rr", "lvs_method DR", "protocol TCP", service="fwmark 1", real=("10.0.1.1",)),
    ),
    "quorum": Explanation(
        "The quorum is more than all real servers weigh together, so it could never be reached. What they "
        "weigh is used.",
        "Lower it, or add servers.",
        _server(*_BASICS, "quorum 5"),
    ),
    "unknown-group": Explanation(
        "No virtual_server_group has this name. The virtual server is left out.",
        "Check the name; groups may stand before or behind the servers that use them.",
        _server(*_BASICS, service="group web"),
    ),
}

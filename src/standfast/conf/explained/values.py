"""Problems of the words behind a keyword."""

from collections.abc import Mapping
from typing import Final

from standfast.conf.explained.explanation import Explanation, address, instance, lines


def _route(entry: str) -> str:
    return instance(f"virtual_routes {{ {entry} }}")


def _rule(entry: str) -> str:
    return instance(f"virtual_rules {{ {entry} }}")


VALUES: Final[Mapping[str, Explanation]] = {
    "name-too-long": Explanation(
        "The kernel keeps only the beginning of this name; the rest is cut off.",
        "Choose a shorter name.",
        lines("global_defs {", "    vrrp_process_name a_rather_long_name", "}"),
    ),
    "after-nexthop": Explanation(
        "Behind the next hops of a route something stands that belongs to no next hop. It is left out.",
        "Put it before the first `nexthop`.",
        _route("10.9.0.0/16 nexthop via 10.0.0.1 dev eth0 metric 5"),
    ),
    "bad-prefix": Explanation(
        "The prefix length is no number, or longer than the address (32 for IPv4, 128 for IPv6).",
        "Write a length that fits, without spaces: 10.0.0.1/24.",
        address("10.0.0.1/33"),
    ),
    "broadcast-ipv6": Explanation(
        "IPv6 has no broadcast addresses. The words are ignored.", "Remove them.", address("fe80::1 broadcast +")
    ),
    "digest": Explanation(
        "The digest of a page is the MD5 sum of its body in 32 hexadecimal digits.",
        "Make it with `curl -s URL | md5sum`.",
    ),
    "domain-name": Explanation(
        "The parts of a domain name stand between dots, and none of them is empty. Nothing of the line is used.",
        "Remove the dot that is too much.",
    ),
    "mode": Explanation(
        "The permissions of the control socket are three octal digits: its owner's, its group's, everybody's.",
        "0660 lets root and the group of the socket ask; 0666 lets everybody ask, and still only root and the "
        "members of control_socket_group order.",
        "global_defs {\n    control_socket_mode rw\n}\n",
    ),
    "umask": Explanation(
        "A umask is a number of at most 0777, or names of bits (IRUSR, IWUSR, IXUSR and so on, also with GRP and "
        "OTH) with `|` between them. The usual umask stays.",
        "Write `umask 022`, for instance.",
        lines("global_defs {", "    umask 888", "}"),
    ),
    "empty-command": Explanation(
        "There is no word in the command.", "Name the program with its whole path.", instance('notify " "')
    ),
    "gue-port": Explanation("A GUE tunnel is a UDP tunnel and needs its port.", "Write `TUN type gue port 6080`."),
    "interface-name": Explanation(
        "Linux names interfaces with at most 15 characters, so there can be no such interface.",
        "Check the name with `ip link`; a VLAN or an alias may have a shorter one.",
        instance("track_interface { a-very-long-interface }"),
    ),
    "key-hex": Explanation(
        "Behind hex: stand hexadecimal digits, two a byte.", "Make a key with `openssl rand -hex 32`."
    ),
    "key-length": Explanation(
        "A signing key has 32 to 64 bytes: shorter ones can be guessed, longer ones add nothing.",
        "Make one with `openssl rand -hex 32` and write it behind hex:.",
        instance("auth_hmac {", "key 1 short", "}"),
    ),
    "label-ipv6": Explanation("IPv6 addresses have no labels. The label is ignored.", "Remove it.",
        address("2001:db8::1 label eth0:1")),
    "label-too-long": Explanation(
        "A label has at most 15 characters, like the name of an interface. The address is left out.",
        "Shorten it; by custom it is the interface, a colon and a few characters: eth0:vip.",
        address("10.0.0.1 label eth0:a-very-long-label"),
    ),
    "netmask": Explanation(
        "The address is no netmask: behind its first 0 bit another 1 follows. The bits before that 0 are used; "
        "Keepalived compares all of them.",
        "Write a netmask such as 255.255.255.0.",
    ),
    "newer-keyword": Explanation(
        "The version of Keepalived that was named with --target-version does not know the keyword.",
        "Leave it out for that version. Here it can be used.",
    ),
    "not-a-boolean": Explanation(
        "The value must be on, true or yes, or off, false or no, in lower case. The default stays.",
        "Write one of them, or the keyword alone for on.",
        instance("skip_check_adv_addr True"),
    ),
    "not-a-number": Explanation(
        "A number was expected. Units, hexadecimal digits and spaces make it none. The default stays.",
        "Write digits alone: 5, not 5s; times take a point: 0.5.",
        instance("priority high"),
    ),
    "not-an-address": Explanation(
        "The word is no IPv4 or IPv6 address. Names are not resolved here: an address must be known "
        "without a "
        "name server. An entry of a list is left out.",
        "Write the address; look for a missing part, a letter, or a port behind it.",
        address("10.0.0.256"),
    ),
    "not-hexadecimal": Explanation(
        "The payload is written in hexadecimal digits, two a byte.", "Make them with `printf … | xxd -p`."
    ),
    "not-multicast": Explanation(
        "Adverts without peers go to a group, and this address is none: 224.0.0.0/4, or ff00::/8.",
        "Write a group, or list the routers in unicast_peer.",
        instance("mcast_dst_ip 10.0.0.1"),
    ),
    "password-cut": Explanation(
        "The password is longer than the packet has room for. The first part is used, as Keepalived does.",
        "Shorten it on every router of the group. It protects against mistakes only: everybody on the "
        "link reads it.",
        instance("authentication {", "auth_type PASS", "auth_pass longer-than-eight", "}"),
    ),
    "prefix-unused": Explanation(
        "An address of a host was expected and has a prefix length. The length is not used.",
        "Remove the / and what follows.",
        instance("unicast_src_ip 10.0.0.1/24"),
    ),
    "prefix-with-peer": Explanation(
        "An address with a peer is a point to point one; the prefix length belongs to the peer. An "
        "entry with one of its own is left out. Keepalived 2.4.3 refuses even the peer's.",
        "Write `10.0.0.1 peer 10.0.0.2/30`; for Keepalived, `10.0.0.1 peer 10.0.0.2`.",
        address("10.0.0.1/30 peer 10.0.0.2"),
    ),
    "route-destination": Explanation(
        "A route must lead somewhere. The entry is left out.",
        "Write a prefix, or `default`.",
        _route("via 10.0.0.1"),
    ),
    "rule-action": Explanation(
        "A rule needs something to do: a table to look up, goto, or blackhole, prohibit, unreachable. It "
        "is left out.",
        "Add `table NAME`.",
        _rule("from 10.0.0.1"),
    ),
    "rule-preference": Explanation(
        "Without a preference the kernel would place the rule itself. It gets one that counts down from "
        "16384, so "
        "that it can be found and removed again.",
        "Write `preference N`, so that you know the order.",
        _rule("from 10.0.0.1 table 100"),
    ),
    "scope-ipv6": Explanation(
        "The kernel derives the scope of an IPv6 address. The words are ignored.",
        "Remove them.",
        address("2001:db8::1 scope link"),
    ),
    "too-precise": Explanation(
        "Times are kept to the microsecond; the rest is rounded.", "Write at most six decimal places.",
        instance("preempt_delay 0.0000001"),
    ),
    "tracked-protocol": Explanation(
        "A route or rule that is put back when it goes is recognised by our protocol; it cannot have another one.",
        "Leave the protocol out, or write no_track.",
        _route("10.9.0.0/16 via 10.0.0.1 protocol bird"),
    ),
    "unknown-choice": Explanation(
        "The value must be one of a few words; upper and lower case differ. The default stays.",
        "Write one of the words of the message.",
        instance("state master"),
    ),
    "unknown-scope": Explanation(
        "A scope is one of global, site, link, host, nowhere, or a number up to 255.",
        "Write one of them, or leave it out for global.",
        address("10.0.0.1 scope all"),
    ),
    "unknown-word": Explanation(
        "The entry has a word that means nothing there. The word is skipped, the entry stays.",
        "Remove it or mend it; `standfast explain` with the name of the list shows the words of its entries.",
        address("10.0.0.1 device eth0"),
    ),
    "web-address": Explanation(
        "A webhook is the address of a web server: http or https, a host, perhaps a port, a path. User and "
        "password have no place in it; webhook_token goes along as a bearer token.",
        "Write it like https://alerts.example.org/hook.",
        "global_defs {\n    webhook ftp://alerts.example.org\n}\n",
    ),
    "value-range": Explanation(
        "The value lies outside what the keyword allows. The default stays, or the nearest value that is "
        "allowed is "
        "taken; the message says which.",
        "Write a value of the range; `standfast explain KEYWORD` tells it.",
        instance("priority 300"),
    ),
    "wrong-family": Explanation(
        "IPv4 and IPv6 are mixed where only one can stand. The address in question is left out.",
        "Put addresses of the other family into virtual_ipaddress_excluded, or into an instance of their "
        "own.",
        instance("virtual_ipaddress {", "10.0.0.1", "2001:db8::1", "}"),
    ),
}  # fmt: skip

JSON: Final[Mapping[str, Explanation]] = {
    "changes-meaning": Explanation(
        "The canonical text would not read as the file does. That is a mistake of the formatter; nothing "
        "was written.",
        "Please report it, with the file.",
    ),
    "json-form": Explanation(
        "The document is not in the JSON form of a configuration, or not of a version that this program "
        "reads.",
        "Begin with what `standfast convert` writes; `standfast schema` describes it.",
    ),
    "json-key": Explanation(
        "An object has a key that the form does not know there, or lacks one that it needs.",
        "Take the key of the hint; keys are the keywords as they stand in a file.",
    ),
    "json-type": Explanation(
        "A value is of another sort than the keyword takes: a string where a number belongs, one where "
        "an array does.",
        "See the schema: `standfast schema`.",
    ),
    "unwritable": Explanation(
        "A value holds a double quote or a line end, for which a configuration file has no form.",
        "Change the value, or move it into a script.",
    ),
}

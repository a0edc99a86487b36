"""`global_defs`: firewall, SNMP, D-Bus, files, and the reading of the configuration itself."""

from typing import Final

from standfast.base.times import SECOND, Duration
from standfast.model.declare import Effect, Relation, Reload, Repeat, group, kw
from standfast.model.kinds.composed import OptionalWord, WordList
from standfast.model.kinds.include_checks import IncludeChecks
from standfast.model.kinds.names import Boolean, Flag, OnlyWord, Word
from standfast.model.kinds.numbers import Seconds, Whole
from standfast.model.kinds.permissions import UMASK, Umask

_NO_RFC: Final = "its usual builds lack the MIBs of the RFCs"
_MANUAL: Final = "its manual names the word, its parser does not"
_IN_VAIN: Final = "its parser takes the word, and the file is where it always is"
_FIXED: Final = "it is fixed when the daemon starts"


@group(reload=Reload.LIVE)
class Firewall:
    """How no_accept and VMACs are enforced."""

    vrrp_iptables: tuple[str, ...] | None = kw(
        WordList("CHAIN"), default=None, relation=Relation.DIFFERS,
        why="our rules stand in chains of their own that these jump to; builds without iptables use nftables",
        doc="Use iptables: chains for what comes in and for what goes out; alone: INPUT and OUTPUT.",
        default_words="off",
    )  # fmt: skip
    vrrp_ipsets: tuple[str, ...] | None = kw(
        WordList("NAME"),
        unsupported={"vrrp_ipsets": "builds without iptables lack it"},
        default=None, relation=Relation.DIFFERS,
        why="only the first two names are used: rules about interfaces name them, and need no sets",
        doc="Sets for the IPv4 and IPv6 addresses in rules of iptables; alone: a rule for each address.",
        default_words="keepalived keepalived6",
    )  # fmt: skip
    nftables: str = kw(
        OptionalWord("TABLE", "keepalived"), default="", repeat=Repeat.FIRST, reload=Reload.DAEMON,
        because="the table's name cannot change while it is in use", default_words="off",
        doc="Table of nftables for no_accept and VMACs.",
    )  # fmt: skip
    nftables_priority: int = kw(
        Whole(-0x7FFF_FFFF, 0x7FFF_FFFF), default=-1, doc="Priority of our base chains."
    )
    nftables_ifindex: bool = kw(
        Flag(), default=False, doc="Tell link-local IPv6 addresses apart by the index of their interface."
    )
    nftables_counters: bool = kw(Flag(), default=False, doc="Count packets in our rules.")


@group(reload=Reload.LIVE, effect=Effect.NOT_YET)
class Snmp:
    """SNMP through an AgentX master."""

    snmp_socket: str = kw(
        Word("ADDRESS"), default="unix:/var/agentx/master", doc="Socket of the AgentX master."
    )
    enable_traps: bool = kw(Flag(), default=False, doc="Send SNMP traps.")
    enable_snmp_vrrp: bool = kw(
        Flag(), default=False, aliases=("enable_snmp_keepalived",), doc="Answer SNMP for VRRP.",
        deprecated={"enable_snmp_keepalived": "enable_snmp_vrrp"},
    )  # fmt: skip
    enable_snmp_rfc: bool = kw(
        Flag(),
        default=False,
        unsupported={"enable_snmp_rfc": _NO_RFC},
        doc="Answer SNMP by both MIBs of the RFCs.",
    )
    enable_snmp_rfcv2: bool = kw(
        Flag(),
        default=False,
        unsupported={"enable_snmp_rfcv2": _NO_RFC},
        doc="Answer SNMP by the MIB of RFC 2787.",
    )
    enable_snmp_rfcv3: bool = kw(
        Flag(),
        default=False,
        unsupported={"enable_snmp_rfcv3": _NO_RFC},
        doc="Answer SNMP by the MIB of RFC 6527.",
    )
    enable_snmp_checker: bool = kw(Flag(), default=False, doc="Answer SNMP for virtual servers.")
    snmp_vs_stats_update_interval: Duration = kw(
        Seconds("0.001", "30"), default=Duration(5 * SECOND), doc="Least age of virtual server statistics."
    )
    snmp_rs_stats_update_interval: Duration = kw(
        Seconds("0.001", "30"), default=Duration(5 * SECOND), doc="Least age of real server statistics."
    )


@group(reload=Reload.LIVE)
class DBus:
    """The interface on the system bus."""

    enable_dbus: bool = kw(Flag(), default=False, doc="Offer the interface on the system bus.")
    dbus_service_name: str = kw(Word("NAME"), default="org.keepalived.Vrrp1", doc="Name on the bus.")
    dbus_no_interface_name: str = kw(
        Word("NAME"),
        default="",
        default_words="none",
        doc="Part of the path for instances without an interface.",
    )


@group(reload=Reload.LIVE)
class Reloading:
    """How a new configuration is taken over."""

    reload_check_config: str = kw(
        OptionalWord("LOG_FILE", "/dev/null"), default="", default_words="off", relation=Relation.DIFFERS,
        why="a new configuration is always tested whole before a reload; the keyword only asks for the log",
        doc="Test a new configuration before it is used, and write to this file what is wrong with it.",
    )  # fmt: skip
    reload_time_file: str = kw(
        OnlyWord("PATH"),
        default="",
        default_words="none",
        doc="File that holds the time of a planned reload: HH:MM:SS, or YYYY-MM-DD HH:MM:SS; with a Z in UTC.",
    )
    reload_repeat: bool = kw(Flag(), default=False, doc="Keep that file, so that the reload repeats daily.")
    reload_file: str = kw(
        OptionalWord("PATH", "keepalived.reload"), default="", default_words="off",
        doc="File that exists while the configuration is read.",
    )  # fmt: skip
    include_check: tuple[str, ...] | None = kw(
        IncludeChecks(), default=None, default_words="none",
        doc="Which failures of an include are errors: readable, match, wildcard_match, brace_match.",
    )  # fmt: skip
    random_seed: int | None = kw(
        Whole(), default=None, default_words="none", relation=Relation.DIFFERS,
        why="its numbers for the same seed are its C library's; ours are the same on every machine",
        doc="Seed of ${_RANDOM}, from this line on: the same files say the same at each reading.",
    )  # fmt: skip


@group(reload=Reload.LIVE)
class Files:
    """Files that the daemon writes."""

    umask: int = kw(
        Umask(), default=UMASK, default_words="0177",
        doc="Mode bits that created files lack.",
    )  # fmt: skip
    config_save_dir: str = kw(
        Word("DIRECTORY"), default="", default_words="none", relation=Relation.DIFFERS,
        why="it saves what its processes hold in words of its own; here without secrets, the last hundred only",
        doc="Where each configuration is kept, with the state before and after its reload as JSON.",
    )  # fmt: skip
    tmp_config_directory: str = kw(
        Word("DIRECTORY"), default="", default_words="memory", reload=Reload.DAEMON, because=_FIXED,
        effect=Effect.NONE, relation=Relation.DIFFERS,
        why="each process is told the configuration that was read; there is no copy of the files to put anywhere",
        doc="Where the parent keeps its copy of the configuration.",
    )  # fmt: skip
    data_use_instance: bool = kw(
        Boolean(), default=False,
        doc="Put namespace and instance into the names of state dumps.",
    )  # fmt: skip
    json_version: int = kw(Whole(1, 2), default=1, doc="Form of the JSON dump.")
    iproute_usr_dir: str = kw(
        Word("DIRECTORY"), default="", default_words="found",
        doc="Directory of iproute2's names, the vendor's.",
    )  # fmt: skip
    iproute_etc_dir: str = kw(
        Word("DIRECTORY"), default="", default_words="found",
        doc="Directory of iproute2's names, the host's.",
    )  # fmt: skip
    state_dump_file: str = kw(
        Word("PATH"), default="", aliases=("state_file_location",),
        unsupported={"state_file_location": _MANUAL},
        doc="Where state dumps go; a path that ends in / is a directory.",
        default_words="keepalived.data in the temporary directory",
    )  # fmt: skip
    stats_dump_file: str = kw(
        Word("PATH"), default="", aliases=("stats_file_location",),
        relation=Relation.DIFFERS, why=_IN_VAIN,
        unsupported={"stats_file_location": _MANUAL}, doc="Where statistics go.",
        default_words="keepalived.stats in the temporary directory",
    )  # fmt: skip
    json_dump_file: str = kw(
        Word("PATH"), default="", aliases=("json_file_location",),
        relation=Relation.DIFFERS, why=_IN_VAIN,
        unsupported={"json_file_location": _MANUAL}, doc="Where the JSON dump goes.",
        default_words="keepalived.json in the temporary directory",
    )  # fmt: skip

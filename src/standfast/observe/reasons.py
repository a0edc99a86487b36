"""The reasons of transitions and of drops, for people; whoever imports this pays nearly nothing."""

from typing import Final

REASONS: Final = {
    "configured": "it was configured",
    "started": "it has started, and listens first",
    "owner": "it owns the addresses, and starts as master",
    "recovered": "what kept it from taking part is over",
    "master-down": "the master fell silent",
    "master-left": "the master gave up",
    "nobody-heard": "no master was heard",
    "preempts": "it has more right to be master than the one that was heard",
    "stronger-heard": "a router with more right to be master was heard",
    "sync-group": "another member of its sync group went there",
    "overslept": "this host was asleep for so long that another may have become master",
    "stopped": "it was stopped",
    "deleted": "a reload removed it",
    "interface-down": "an interface that it needs is down",
    "interface-missing": "an interface that it needs does not exist",
    "interface-foreign": "somebody else's interface has the name of the one made for it",
    "no-source-address": "its interface has no address to send from",
    "source-missing": "the host does not have the address that its adverts come from",
    "no-socket": "it has no socket",
    "static-lost": "something static that it needs cannot be kept",
    "no-firewall": "no_accept cannot be enforced",
    "unable": "the configuration cannot be carried out",
    "track-interface": "an interface that it tracks is not good",
    "track-script": "a script that it tracks failed",
    "track-file": "a file that it tracks says so, or cannot be used",
    "track-process": "a process that it tracks does not run as it should",
    "track-bfd": "a BFD session that it tracks is down",
    "maintenance": "an operator ordered maintenance",
    "failover": "an operator ordered a failover",
}

# Why a packet was not used.
DROPPED: Final = {
    "ttl": "its TTL or hop limit is not 255, so a router stands between",
    "hops": "its TTL or hop limit is outside min_ttl and max_ttl of this peer",
    "short": "it is shorter than an advert can be",
    "version": "it speaks another version of VRRP",
    "type": "it is no advert",
    "truncated": "it names more addresses than it carries",
    "length": "its length is not that of an advert",
    "checksum": "its checksum is wrong",
    "vrid": "no router here has its virtual router id",
    "own-address": "it carries our own source address",
    "sender": "its sender is none of the configured peers",
    "count": "it names no address",
    "interval-zero": "its interval is 0",
    "auth-unknown": "its kind of authentication is unknown",
    "auth-type": "its kind of authentication is not the one configured here",
    "auth-failed": "its password is not the one configured here",
    "ah-malformed": "its authentication header is not one for adverts",
    "ah-replay": "its sequence number was used before",
    "interval": "its interval is not the one configured here",
    "hmac-missing": "it is not signed",
    "hmac-malformed": "its signature is not of the form of auth_hmac",
    "hmac-unknown-key": "no key here has the id that it names",
    "hmac-invalid": "its signature is not made with our key, or it was changed on the way",
    "hmac-stale": "by our clock it was sent too long ago or is sent too soon; compare the clocks",
    "hmac-replay": "one that is as new or newer was heard before",
    "owner-ignores": "the owner of the addresses heeds nobody (owner_ignore_adverts)",
    "startup-delay": "we have only just started (vrrp_startup_delay, vrrp_delay_after_boot)",
}


def reason_words(reason: str, detail: str) -> str:
    """A reason with what is known of it: `the master fell silent: 10.0.0.1 silent for 3.6 s`."""
    said = REASONS.get(reason, reason)
    return f"{said}: {detail}" if detail else said

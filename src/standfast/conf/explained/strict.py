"""Problems of strict mode and of signed adverts."""

from collections.abc import Mapping
from typing import Final

from standfast.conf.explained.explanation import Explanation, instance

_VIP: Final = "virtual_ipaddress { 10.0.0.1/24 }"
_PASSWORD: Final = ("authentication {", "auth_type PASS", "auth_pass x", "}")
_KEY: Final = "key 1 0123456789abcdef0123456789abcdef"

STRICT: Final[Mapping[str, Explanation]] = {
    "strict-unicast": Explanation(
        "Strict mode holds to the letter of the RFC, which knows no unicast. The instance keeps its peers "
        "and runs "
        "without strict mode.",
        "Write `strict_mode off` in this instance, or remove unicast_peer.",
        instance("strict_mode", "unicast_peer { 10.0.0.2 }", _VIP),
    ),
    "strict-state": Explanation(
        "By the RFC the owner of the addresses (priority 255) starts as master, and nobody else does. In "
        "strict mode "
        "the state follows the priority.",
        "Write the state that goes with the priority, or leave it out.",
        instance("strict_mode", "state MASTER", "priority 100", _VIP),
    ),
    "strict-option": Explanation(
        "The option changes something that the RFC prescribes, so it does not go with strict mode. The "
        "instance does "
        "without it.",
        "Remove the option, or write `strict_mode off` in this instance.",
        instance("strict_mode", "preempt_delay 5", _VIP),
    ),
    "strict-first-address": Explanation(
        "By the RFC the first address of an IPv6 virtual router is link-local. The instance runs with the "
        "addresses as they stand.",
        "Put a link-local address (fe80::/10) first, the same one on every router of the group.",
        instance("strict_mode", "virtual_ipaddress { 2001:db8::1/64 }"),
    ),
    "hmac-key": Explanation(
        "No key is there to sign with: active_key is missing, or names a key that cannot be used. Adverts are not "
        "signed, and routers that enforce signatures do not hear this one.",
        "Write `key ID SECRET` with 32 to 64 characters, and `active_key ID`.",
        instance("auth_hmac {", _KEY, "active_key 2", "}", _VIP),
    ),
    "hmac-replaces": Explanation(
        "Signed adverts need no password. The authentication block is ignored.",
        "Remove the authentication block, on every router of the group.",
        instance("auth_hmac {", _KEY, "active_key 1", "}", *_PASSWORD, _VIP),
    ),
    "key-twice": Explanation(
        "Two keys have one number. The first one is used.",
        "Give each key a number of its own; the number travels in the adverts.",
        instance("auth_hmac {", _KEY, "key 1 fedcba9876543210fedcba9876543210", "active_key 1", "}", _VIP),
    ),
    "key-file": Explanation(
        "The file that should hold the key is not there, or holds no key of 32 to 64 bytes. The key is not used.",
        "Write the key into the file: as text, or as hex: and hexadecimal digits.",
    ),
    "key-file-open": Explanation(
        "Other accounts of this host can read the key, and whoever has it can become master.",
        "Take their permission away (`chmod 600`), and change the key on every router of the group.",
    ),
}  # fmt: skip

"""From the configuration to what the routers of a group share and nobody else knows (behaviours AU-*)."""

from typing import Final

from standfast.base.times import SECOND, Duration, times
from standfast.core.vrrp.authentic import Signature
from standfast.model.vrrp_instance import VrrpInstance
from standfast.wire.ah import AH_SIZE
from standfast.wire.vrrp_auth import password_field
from standfast.wire.vrrp_hmac import TRAILER_SIZE

_WINDOW: Final = Duration(5 * SECOND)  # the least that a time window is by itself (behaviour AU-13)


def password_of(instance: VrrpInstance, kind: str) -> bytes | None:
    """The password of this kind of authentication, PASS or AH; version 3 has none (AU-01 to AU-03)."""
    given = instance.authentication
    if instance.version != 2 or given is None or given.auth_type != kind or given.auth_pass is None:
        return None
    return password_field(given.auth_pass.value)


def signature_of(instance: VrrpInstance) -> Signature | None:
    """How adverts are signed (AU-07, AU-10, AU-13); None: they are not, or the key cannot be had.

    Keys that stand in files were read by the parent.
    """
    given = instance.auth_hmac
    if given is None or given.active_key is None:
        return None
    keys = tuple((key.id, key.value.value) for key in given.key if key.value is not None)
    if given.active_key not in dict(keys):
        return None
    return Signature(
        keys=keys,
        active=given.active_key,
        window=given.time_window or max(_WINDOW, times(3, instance.advert_int)),
        timed=given.anti_replay == "time",
        required=given.mode == "enforce",
        signs=given.mode != "receive-only",
    )


def proof_size(instance: VrrpInstance) -> int:
    """Bytes of an advert that its authentication takes, and addresses cannot have."""
    if instance.auth_hmac is not None:
        return TRAILER_SIZE
    return AH_SIZE if password_of(instance, "AH") is not None else 0

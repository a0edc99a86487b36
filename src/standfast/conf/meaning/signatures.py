"""The rules of `auth_hmac` (behaviours AU-07 to AU-09, AU-15)."""

from typing import TYPE_CHECKING, Final

from standfast.base.frozen import changed
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.conf.meaning.host import Host, KeyFile
from standfast.conf.origin import Origin
from standfast.conf.source import Line
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.vrrp_instance import VrrpInstance

if TYPE_CHECKING:
    from standfast.model.auth_hmac import AuthHmac, HmacKey

Instance = Built[VrrpInstance]

_WHY: Final = {
    KeyFile.MISSING: "cannot be read",
    KeyFile.LENGTH: "does not hold a key of 32 to 64 bytes",
}


def check_signatures(draft: Draft) -> None:
    """Keys are there, distinct and secret; the one that signs is among them."""
    for it in draft.vrrp_instances:
        hmac, origins = it.value.auth_hmac, it.origin.blocks.get("auth_hmac", [])
        if it.usable and hmac is not None and origins:
            _check(it, hmac, origins[0], draft.host)


def _check(it: Instance, hmac: "AuthHmac", origin: Origin, host: Host | None) -> None:
    keys: dict[int, HmacKey] = {}
    for key, line in zip(hmac.key, origin.entries.get("key", []), strict=True):
        if key.id in keys:
            it.complain("key-twice", f"key {key.id} stands above; this one is not used", line=line, at=1)
        elif _usable(it, key, line, host):
            keys[key.id] = key
    if hmac.active_key not in keys:
        _disable(it, hmac, origin)
        return
    it.change(auth_hmac=changed(hmac, key=tuple(keys.values())))
    if it.value.authentication is not None:
        it.complain(
            "hmac-replaces",
            f"auth_hmac replaces the authentication of {it.value.name}",
            field="authentication",
            hint="remove the authentication block",
        )
        it.change(authentication=None)


def _disable(it: Instance, hmac: "AuthHmac", origin: Origin) -> None:
    which = "names no active_key" if hmac.active_key is None else f"has no usable key {hmac.active_key}"
    it.complain(
        "hmac-key",
        f"auth_hmac of {it.value.name} {which}; adverts are not signed",
        line=origin.fields.get("active_key") or origin.line,
        severity=Severity.ERROR,
        hint="write `key ID SECRET` and `active_key ID`",
    )
    it.change(auth_hmac=None)


def _usable(it: Instance, key: "HmacKey", line: Line, host: Host | None) -> bool:
    """Whether a key can be used; one in a file that others can read is used, with a message (AU-09)."""
    if not key.file or host is None:
        return True
    state = host.key_file(key.file)
    if state is KeyFile.OPEN:
        it.complain(
            "key-file-open",
            f"{key.file} can be read by others than its owner",
            line=line,
            at=2,
            error_class=ErrorClass.SECURITY,
            hint=f"`chmod 600 {key.file}`, and change the key on every router",
        )
    elif state is not KeyFile.FINE:
        words = f"{key.file} {_WHY[state]}; key {key.id} is not used"
        it.complain("key-file", words, line=line, at=2, severity=Severity.ERROR)
    return state in (KeyFile.FINE, KeyFile.OPEN)

"""The keys of `auth_hmac` that stand in files: read by the parent, which may; a child gets the bytes.

They are put into the configuration that a child runs on, and nowhere else: what is printed or converted names the
file. A reload reads the files again, so a key that was changed in its file is another configuration.
"""

import os

from standfast.base.frozen import changed
from standfast.model.auth_hmac import KEY_BYTES, AuthHmac, HmacKey, key_bytes
from standfast.model.config import Config
from standfast.model.kinds.secrets import Secret
from standfast.model.vrrp_instance import VrrpInstance


def with_keys(config: Config) -> Config:
    """The configuration with the keys that its files hold now.

    A file that cannot be read any more leaves its key empty; an instance that signs with it takes no part.
    """
    if not any(map(_files_of, config.vrrp_instances)):
        return config
    return changed(config, vrrp_instances=tuple(map(_with_keys, config.vrrp_instances)))


def read_key(path: str) -> tuple[bytes | None, int]:
    """The key that a file holds, None if it holds none, and the permissions of the file.

    Raises:
        OSError: it cannot be read.
        ValueError: no file can have this name.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status, content = os.fstat(descriptor), os.read(descriptor, 4 * KEY_BYTES.stop)
    finally:
        os.close(descriptor)
    key = key_bytes(content)
    return (key if key is not None and len(key) in KEY_BYTES else None), status.st_mode


def _files_of(instance: VrrpInstance) -> list[str]:
    return [key.file for key in _keys(instance.auth_hmac) if key.file]


def _keys(hmac: AuthHmac | None) -> tuple[HmacKey, ...]:
    return () if hmac is None else hmac.key


def _with_keys(instance: VrrpInstance) -> VrrpInstance:
    hmac = instance.auth_hmac
    if hmac is None or not _files_of(instance):
        return instance
    return changed(instance, auth_hmac=changed(hmac, key=tuple(map(_filled, hmac.key))))


def _filled(key: HmacKey) -> HmacKey:
    if not key.file:
        return key
    try:
        found, _ = read_key(key.file)
    except (OSError, ValueError):
        found = None
    return changed(key, value=None if found is None else Secret(found))

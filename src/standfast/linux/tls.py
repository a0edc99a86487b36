"""TLS towards servers that we tell something: their certificate is always checked."""

import ssl
from functools import lru_cache

from standfast.base.errors import Refused
from standfast.base.limits import TLS_CONTEXTS_KEPT


@lru_cache(maxsize=TLS_CONTEXTS_KEPT)
def checking_context(ca_file: str) -> ssl.SSLContext:
    """A context that checks the server's certificate and name.

    Args:
        ca_file: certificates to check with; empty: those of the system.

    Raises:
        Refused: `ca-file`: they cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        words = f"{ca_file}: {error.strerror or error}"
        raise Refused("ca-file", words, remedy="correct the path, or the certificates in it") from error

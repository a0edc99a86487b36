"""TLS of health checks: one context for all that are set alike, and the handshake.

No certificate of a server is verified (behaviour HC-10): a check asks whether a server answers, not who it is.
What clients verify can be had with MISC_CHECK. The protocol versions and ciphers are those that the system's
OpenSSL allows.
"""

import socket
import ssl
import warnings
from functools import lru_cache

from standfast.base.limits import TLS_CONTEXTS_KEPT
from standfast.engine.check_ports import Tls
from standfast.linux.attempts.failure import Failed, failed
from standfast.linux.attempts.readiness import READABLE, WRITABLE
from standfast.linux.attempts.trial import Trial

_REASONS = {
    "WRONG_VERSION_NUMBER": "it does not speak TLS on this port",
    "HTTP_REQUEST": "it does not speak TLS on this port",
    "RECORD_LAYER_FAILURE": "it does not speak TLS on this port",
    "UNSUPPORTED_PROTOCOL": "its version of TLS is too old for this host's OpenSSL",
    "TLSV1_ALERT_PROTOCOL_VERSION": "it refuses our versions of TLS",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "it refuses our ciphers, or the name that we tell it (enable_sni)",
    "TLSV1_UNRECOGNIZED_NAME": "it does not know the name that we tell it (enable_sni, virtualhost)",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "it asks for our certificate; set it in the block SSL",
}


def context_of(tls: Tls) -> ssl.SSLContext:
    """The context of these settings, made when it is first asked for.

    Raises:
        Failed: `cannot-run`: a file cannot be read, or does not hold what it should.
    """
    try:
        password = tls.password.value if tls.password is not None else b""
        return _context(tls.ca, tls.certificate, tls.key, password)
    except (OSError, ValueError) as error:  # of which ssl.SSLError is one
        files = " ".join(filter(None, (tls.ca, tls.certificate, tls.key)))
        words = _says(error)
        if isinstance(error, ssl.SSLError):
            words = f"a file is no certificate or key, or the password is wrong ({words})"
        raise Failed("cannot-run", f"the block SSL ({files}): {words}") from error


def forget_contexts() -> None:
    """Read certificates and keys again when they are next asked for."""
    _context.cache_clear()


@lru_cache(TLS_CONTEXTS_KEPT)
def _context(ca: str, certificate: str, key: str, password: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():  # that old versions are deprecated is the system's policy, not ours
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT")
    if ca:
        context.load_verify_locations(ca)
    if certificate or key:
        context.load_cert_chain(certificate or key, key or None, password)
    return context


async def handshaken(trial: Trial, sock: socket.socket, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
    """The same connection with TLS; it is closed if that fails.

    Raises:
        Failed: `tls`.
    """
    trial.missing = "no end of the TLS handshake"
    wrapped: ssl.SSLSocket | None = None
    try:
        wrapped = context.wrap_socket(sock, do_handshake_on_connect=False, server_hostname=name or None)
        while True:
            try:
                wrapped.do_handshake()
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                await trial.ready(wrapped, READABLE | WRITABLE)
            else:
                return wrapped
    except (OSError, ValueError) as error:
        trial.leave(wrapped or sock)
        raise tls_failed(error, trial.place, "tls") from error
    except BaseException:
        trial.leave(wrapped or sock)
        raise


def tls_failed(error: OSError | ValueError, place: str, phase: str) -> Failed:
    """The failure that an error of TLS means."""
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Failed(phase, f"{place}: closed by the server")
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        return (
            failed(error.errno or 0, phase, place) if error.errno else Failed(phase, f"{place}: broken off")
        )
    return Failed(phase, f"{place}: {_says(error)}")


def _says(error: OSError | ValueError) -> str:
    reason = getattr(error, "reason", None)
    if isinstance(reason, str):
        return f"{_REASONS.get(reason, reason.replace('_', ' ').lower())} [{reason}]"
    return str(getattr(error, "strerror", None) or error)

"""`SSL`: the certificates that HTTPS checks show and ask for."""

from typing import Final

from standfast.model.declare import Reload, Repeat, block, kw
from standfast.model.kinds.names import Word
from standfast.model.kinds.secrets import Passphrase, Secret

_NEW: Final = Repeat.REPLACED


@block("SSL", reload=Reload.LIVE)
class Ssl:
    """Certificates of SSL_GET."""

    password: Secret | None = kw(Passphrase(), default=None, repeat=_NEW, doc="Passphrase of the key.")
    ca: str = kw(
        Word("PATH"), default="", repeat=_NEW,
        doc="File of the certification authority. It must be readable; no server is verified with it.",
    )  # fmt: skip
    certificate: str = kw(Word("PATH"), default="", repeat=_NEW, doc="Certificate that we show.")
    key: str = kw(Word("PATH"), default="", repeat=_NEW, doc="Key of the certificate.")

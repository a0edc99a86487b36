"""`authentication`: the passwords of version 2 adverts (RFC 2338; behaviours AU-01 to AU-03)."""

from typing import Final, Literal

from standfast.model.declare import Relation, Reload, block, kw
from standfast.model.kinds.names import Choice
from standfast.model.kinds.secrets import Password, Secret

PASSWORD_SIZE: Final = 8  # bytes of authentication data in a version 2 advert


@block("authentication", reload=Reload.LIVE)
class Authentication:
    """A password in each advert, readable by everybody on the link."""

    auth_type: Literal["", "PASS", "AH"] = kw(
        Choice("PASS", "AH"), default="", doc="PASS sends the password; AH signs with it (IPv4, version 2)."
    )
    auth_pass: Secret | None = kw(
        Password(PASSWORD_SIZE), default=None, doc="Secret that the routers of a group share.",
        relation=Relation.SAME,
    )  # fmt: skip

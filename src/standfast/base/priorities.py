"""The priorities of virtual routers that mean something by themselves (RFC 9568, 5.2.4; RFC 3768, 5.3.4)."""

from typing import Final

LEAVING: Final = 0  # in the advert of a master that gives up
LEAST: Final = 1  # of a router that does not own its addresses
MOST: Final = 254
OWNER: Final = 255  # of a host that owns the addresses

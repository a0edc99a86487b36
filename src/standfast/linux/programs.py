"""Programs of the distribution, looked for where the system's own stand, whatever PATH says."""

import shutil
from typing import Final

_PLACES: Final = "/usr/sbin:/usr/bin:/sbin:/bin"


def find_program(name: str) -> str | None:
    """Where it is; None: it is not installed."""
    return shutil.which(name, path=_PLACES)

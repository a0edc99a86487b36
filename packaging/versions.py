"""One version in three spellings."""

import re
from typing import Final

_BEFORE_RELEASE: Final = re.compile(r"\.?(dev|a|b|rc)(?=\d)")
_RELEASE: Final = "1"  # of the package, as long as nobody changes it without a new version of the program


def distribution_version(version: str) -> str:
    """The version as dpkg and rpm order it: what comes before a release is marked by a tilde.

    Args:
        version: as Python packages have it: `0.1.0.dev0`, `1.0rc1`, `1.2.3+local.1`.
    """
    return _BEFORE_RELEASE.sub(r"~\1", version)


def debian_version(version: str) -> str:
    """The version of the Debian package."""
    return f"{distribution_version(version)}-{_RELEASE}"


def rpm_version(version: str) -> tuple[str, str]:
    """Version and release of the RPM."""
    return distribution_version(version), _RELEASE

"""The Debian package, made by dpkg-deb from a directory that is laid out already."""

import shutil
import subprocess
import sys
from email.utils import formatdate
from pathlib import Path
from typing import Final

from bundle import ROOT, bundled, licences, project
from payload import DEFAULTS, settle, squeeze
from versions import debian_version

MAINTAINER: Final = "Standfast maintainers <maintainers@standfast.invalid>"
SCRIPTS: Final = ("postinst", "prerm", "postrm")
_DOCUMENTS: Final = "usr/share/doc/standfast"
_OF_US: Final = ROOT / "packaging" / "debian"

# The compiled modules are for one Python. One of the last two makes the accounts: systemd is the second,
# and the first is for where there is no systemd, as in a container.
_DEPENDS: Final = (
    "python3 (>= {major}.{minor}~)",
    "python3 (<< {major}.{next}~)",
    "libc6 (>= 2.28)",
    "libpcre2-8-0",
    "systemd-standalone-sysusers | systemd-sysusers",
)

_CONTROL: Final = """\
Package: standfast
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Recommends: nftables, kmod
Suggests: ipvsadm, dbus
Section: net
Priority: optional
Description: {summary}
 Two or more Linux hosts share an IP address; one of them holds it, and when
 that one dies another holds it a moment later. Behind it, virtual servers
 share visitors out among real servers whose health is checked.
 .
 Standfast does what Keepalived does, reads the same keepalived.conf, takes the
 same flags, and stands beside a Keepalived on the same network as its peer.
 Both can be installed on one host; systemd runs one of them at a time.
"""


def build_deb(tree: Path, into: Path, *, version: str, moment: int) -> Path:
    """Make the package; where it is.

    Args:
        tree: what is installed; it gets what only Debian wants, so it is of no use to others afterwards.
        into: a directory.
        version: of the program.
        moment: seconds since 1970 that all files are from.
    """
    _complete(tree, version, moment)
    settle(tree, moment)
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(_control(tree, version))
    (control / "conffiles").write_text(f"/{DEFAULTS}\n")
    for name in SCRIPTS:
        shutil.copyfile(_OF_US / name, control / name)
        (control / name).chmod(0o755)
    into.mkdir(parents=True, exist_ok=True)
    _run("dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", str(tree), str(into), moment=moment)
    return into / f"standfast_{debian_version(version)}_{_architecture()}.deb"


def depends() -> str:
    """What the package needs of the distribution."""
    major, minor = sys.version_info[:2]
    return ", ".join(each.format(major=major, minor=minor, next=minor + 1) for each in _DEPENDS)


def _complete(tree: Path, version: str, moment: int) -> None:
    """Add what only Debian has, or has elsewhere."""
    documents = tree / _DOCUMENTS
    squeeze(documents / "changelog.Debian.gz", _changelog(version, moment))
    (documents / "copyright").write_text(_copyright())
    zsh = tree / "usr/share/zsh"
    (zsh / "site-functions").rename(zsh / "vendor-completions")


def _changelog(version: str, moment: int) -> str:
    return (
        f"standfast ({debian_version(version)}) unstable; urgency=medium\n\n"
        "  * What has changed for users stands in NEWS.gz.\n\n"
        f" -- {MAINTAINER}  {formatdate(moment)}\n"
    )


def _copyright() -> str:
    """Ours, then for each package that goes along what it says of itself."""
    parts = [(_OF_US / "copyright.head").read_text()]
    for one in bundled():
        for short, text in licences(one):
            where = f"usr/lib/standfast/{one.name.replace('-', '_')}*"
            body = "\n".join(f" {line}" if line.strip() else " ." for line in text.strip().splitlines())
            parts.append(f"Files: {where}\nCopyright: see the licence\nLicense: {short}\n{body}\n")
    return "\n".join(parts)


def _control(tree: Path, version: str) -> str:
    kilobytes = sum(file.stat().st_size for file in tree.rglob("*") if file.is_file()) // 1024
    return _CONTROL.format(
        version=debian_version(version),
        architecture=_architecture(),
        maintainer=MAINTAINER,
        size=kilobytes,
        depends=depends(),
        summary=project()["description"],
    )


def _architecture() -> str:
    return _run("dpkg", "--print-architecture").strip()


def _run(*words: str, moment: int = 0) -> str:
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": str(moment)}
    return subprocess.run(words, check=True, capture_output=True, text=True, env=environment).stdout

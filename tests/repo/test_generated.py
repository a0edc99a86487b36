"""What is made of the declarations and stands in the repository is as they make it now."""

import pytest
from importing import ROOT

from standfast.cli.manual import FILES

WRITTEN_BY_HAND = {
    "share/dbus-1/system.d/org.keepalived.Vrrp1.conf",
    "share/standfast/keepalived.conf.example",
    "share/systemd/standfast.service",
    "share/systemd/standfast-unprivileged.service",
    "share/systemd/sysusers.conf",
    "share/systemd/tmpfiles.conf",
}


@pytest.mark.parametrize("name", FILES)
def test_a_generated_file_is_fresh(name: str) -> None:
    fresh = (ROOT / name).read_text() == FILES[name]()

    assert fresh, f"{name} is stale: `make generated` writes it anew"


def test_nothing_else_stands_among_the_generated_files() -> None:
    found = {str(path.relative_to(ROOT)) for path in (ROOT / "share").rglob("*") if path.is_file()}

    assert found - WRITTEN_BY_HAND <= FILES.keys()

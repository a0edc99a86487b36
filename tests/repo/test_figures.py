"""The figures of the documentation are as the code draws them now."""

import pytest
from importing import ROOT

from figures import FILES


@pytest.mark.parametrize("name", FILES)
def test_a_figure_is_fresh(name: str) -> None:
    fresh = (ROOT / name).read_text() == FILES[name]()

    assert fresh, f"{name} is stale: `make generated` draws it anew"


def test_every_figure_of_the_documentation_is_drawn() -> None:
    found = {str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.svg")}

    assert found == set(FILES)

"""What the two directors of an example are told differs only where it must."""

import pytest
from example_lab import EXAMPLES


@pytest.mark.parametrize("name", ["lvs-nat", "lvs-dr", "lvs-tun", "many-services"])
def test_the_directors_differ_in_their_priority_only(name: str) -> None:
    first, second = (
        (EXAMPLES / name / f"director-{number}" / "keepalived.conf").read_text().splitlines()[1:]
        for number in (1, 2)
    )

    differing = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]

    assert differing == [("    priority 150", "    priority 100")]

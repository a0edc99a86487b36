"""examples/lvs-nat on this kernel: by IPVS if it has that, else by nftables. tests/vm plays it by IPVS."""

import pytest
from example_lab import needs
from lvs_examples import play_nat

from standfast.lab.lab import Lab


@pytest.mark.timeout(240)
def test_visitors_are_answered_whoever_is_killed(lab: Lab) -> None:
    needs("nft")
    play_nat(lab)

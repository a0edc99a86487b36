"""examples/many-services on this kernel: by IPVS if it has that, else by nftables."""

import pytest
from example_lab import needs
from lvs_examples import play_many_services

from standfast.lab.lab import Lab


@pytest.mark.timeout(240)
def test_visitors_of_all_addresses_are_answered_whoever_is_killed(lab: Lab) -> None:
    needs("nft")
    play_many_services(lab)

"""The schedulers of one data plane that the other does not have."""

from typing import Final

NAT_SCHEDULERS: Final = ("rr", "wrr", "sh", "dh", "fo", "random")  # those that nftables can do
RANDOM: Final = "random"  # the one of them that IPVS does not know

"""How new connections are spread over the servers of a service, and which data plane knows which way."""

from typing import Final

IPVS_SCHEDULERS: Final = (
    "rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq", "twos",
)  # fmt: skip
RANDOM: Final = "random"  # of nftables, and not of IPVS
NAT_SCHEDULERS: Final = ("rr", "wrr", "sh", "dh", "fo", RANDOM)  # those that nftables can do
SCHEDULERS: Final = (*IPVS_SCHEDULERS, RANDOM)

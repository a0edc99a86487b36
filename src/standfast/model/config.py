"""`Config`: everything that the files say, all defaults filled in."""

from standfast.model.declare import Repeat, block, kw
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.blocks import Block
from standfast.model.vrrp_instance import VrrpInstance


@block("(root)")
class Config:
    """The whole configuration; immutable."""

    global_defs: GlobalDefs = kw(
        Block(GlobalDefs, merged=True), default=GlobalDefs(), doc="Settings of the daemon, and defaults."
    )
    vrrp_instances: tuple[VrrpInstance, ...] = kw(
        Block(VrrpInstance, many=True), default=(), name="vrrp_instance", repeat=Repeat.ALL,
        doc="Declares a virtual router.",
    )  # fmt: skip

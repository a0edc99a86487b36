"""The rules of `lvs_engine`: what an engine cannot do is said before anybody relies on it."""

from collections.abc import Iterator

from standfast.base.schedulers import NAT_SCHEDULERS, RANDOM
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.model.kinds.servers import Method
from standfast.model.virtual_server import VirtualServer


def engine_can_do_it(it: Built[VirtualServer], draft: Draft) -> None:
    """A virtual server that needs the other engine is left out; with `auto` that shows at the start."""
    match draft.defs.lvs_engine:
        case "nftables":
            if lacks := ", ".join(dict.fromkeys(_lacks(it.value))):
                it.reject(
                    "needs-ipvs",
                    f"virtual server {it.value.service} is left out: nftables cannot do {lacks}",
                    hint="change it, or write `lvs_engine ipvs`",
                )
        case "ipvs" if it.value.lvs_sched == RANDOM:
            it.reject(
                "needs-nftables",
                f"virtual server {it.value.service} is left out: IPVS has no scheduler {RANDOM}",
                hint="write `lvs_sched rr`, or `lvs_engine nftables`",
            )


def _lacks(value: VirtualServer) -> Iterator[str]:
    if value.lvs_sched not in NAT_SCHEDULERS:
        yield f"scheduler {value.lvs_sched}"
    if value.ops:
        yield "ops"
    if value.persistence_engine:
        yield "persistence_engine"
    inherited = value.lvs_method or Method()
    methods = [server.lvs_method or inherited for server in value.real_servers]
    if value.sorry_server is not None:
        methods.append(value.sorry_server_lvs_method or inherited)
    yield from (f"lvs_method {method.kind}" for method in methods if method.kind != "NAT")
    for field in ("uthreshold", "lthreshold"):
        if any(getattr(server, field) for server in value.real_servers):
            yield field

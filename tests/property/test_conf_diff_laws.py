"""Laws of the difference of two configurations."""

from hypothesis import given
from hypothesis import strategies as st
from written import config_of, instance_text

from standfast.conf.diff import BlockChange, Changes, Identity, What, diff, identity_of
from standfast.model.config import Config
from standfast.model.declare import Reload, declaration_of

VIP = "virtual_ipaddress { 10.0.0.1/24 }"
HEAD = "virtual_server 10.0.0.1 80 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
BODIES = st.lists(
    st.sampled_from(["priority 9", "priority 90", "nopreempt", "advert_int 2", "version 3",
                     "unicast_peer { 10.0.0.9 }"]),
    max_size=3, unique=True,
)  # fmt: skip
SERVERS = st.lists(
    st.sampled_from([f"real_server 10.0.1.{n} 80 {{\n weight {w}\n}}" for n in (1, 2, 3) for w in (1, 2)]),
    min_size=1,
)
INSTANCES = st.builds(
    lambda vrid, body: instance_text("\n".join((VIP, *body)), name=f"V{vrid}", vrid=vrid),
    st.integers(1, 4), BODIES,
)  # fmt: skip
OTHERS = st.sampled_from([
    "track_file F { file /a }\n", "track_file F { file /b }\n", "vrrp_script S { script /a }\n",
    "vrrp_script S {\nscript /a\nfall 2\n}\n", "static_ipaddress { 10.9.0.1 dev eth0 }\n", "child_wait_time 9\n",
    "global_defs { router_id a }\n", "global_defs { vrrp_no_swap }\n", "bfd_instance b { neighbor_ip 10.0.0.3 }\n",
])  # fmt: skip
SERVICES = SERVERS.map(lambda servers: HEAD + "\n".join(servers) + "\n}\n")
CONFIGS = st.lists(st.one_of(INSTANCES, OTHERS, SERVICES), max_size=6).map("".join).map(config_of)


@given(CONFIGS)
def test_a_configuration_does_not_differ_from_itself(config: Config) -> None:
    assert diff(config, config) == Changes()


@given(CONFIGS, CONFIGS)
def test_what_differs_is_told_and_nothing_else(old: Config, new: Config) -> None:
    changes = diff(old, new)

    fields = declaration_of(Config).by_field
    told = {change.field for change in changes.top}
    told |= {
        name for name, keyword in fields.items() for one in changes.blocks if one.keyword == keyword.name
    }
    moved = {name for name in fields if getattr(old, name) != getattr(new, name)}
    assert bool(changes) == bool(told)
    assert told <= moved
    assert all(
        sorted_blocks(old, name) == sorted_blocks(new, name) for name in moved - told
    )  # only the order


def sorted_blocks(config: Config, name: str) -> list[str]:
    return sorted(map(repr, getattr(config, name)))


@given(CONFIGS, CONFIGS)
def test_the_way_back_is_the_way_there_turned_round(old: Config, new: Config) -> None:
    assert turned(diff(old, new).blocks) == plain(diff(new, old).blocks)


Plain = tuple[str, What, Identity, Reload]


def plain(blocks: tuple[BlockChange, ...]) -> set[Plain]:
    return {
        (one.keyword, one.what, identity_of(one.new if one.new is not None else one.old), one.need)
        for one in blocks
    }


def turned(blocks: tuple[BlockChange, ...]) -> set[Plain]:
    other = {What.ADDED: What.REMOVED, What.REMOVED: What.ADDED, What.CHANGED: What.CHANGED}
    return {(keyword, other[what], identity, need) for keyword, what, identity, need in plain(blocks)}


@given(CONFIGS, CONFIGS)
def test_a_change_has_two_sides_of_one_identity_and_its_need_a_reason(old: Config, new: Config) -> None:
    for one in diff(old, new).blocks:
        assert (one.old is None, one.new is None) == (one.what is What.ADDED, one.what is What.REMOVED)
        if one.what is What.CHANGED:
            assert identity_of(one.old) == identity_of(one.new)
            assert one.changes
    assert all(change.because for change in diff(old, new).refused if change.need is Reload.DAEMON)

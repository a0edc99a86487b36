"""Laws of the difference of two configurations."""

from hypothesis import given
from hypothesis import strategies as st
from written import config_of, instance_text

from standfast.base.frozen import changed
from standfast.conf.compare import Changed, Difference, compare
from standfast.conf.diff import What
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
    assert compare(config, config) == ()


@given(CONFIGS, CONFIGS)
def test_what_differs_is_told_and_nothing_else(old: Config, new: Config) -> None:
    differences = compare(old, new)

    words = {one.block.partition(" ")[0] for one in differences}
    words |= {change.keyword for one in differences if not one.block for change in one.changes}
    fields = declaration_of(Config).by_field
    told = {name for name, keyword in fields.items() if keyword.name in words}
    moved = {name for name in fields if getattr(old, name) != getattr(new, name)}
    assert bool(differences) == bool(told)
    assert told <= moved
    assert all(
        sorted_blocks(old, name) == sorted_blocks(new, name) for name in moved - told
    )  # only the order


def sorted_blocks(config: Config, name: str) -> list[str]:
    return sorted(map(repr, getattr(config, name)))


@given(CONFIGS, CONFIGS)
def test_the_way_back_is_the_way_there_turned_round(old: Config, new: Config) -> None:
    there, back = compare(old, new), compare(new, old)

    assert {repr(turned(one)) for one in there} == {repr(in_order(one)) for one in back}


TURNED = {What.ADDED: What.REMOVED, What.REMOVED: What.ADDED, What.CHANGED: What.CHANGED}


def turned(one: Difference) -> Difference:
    """The same difference, seen from the other side."""
    changes = tuple(
        changed(each, before=each.after, after=each.before, came=each.went, went=each.came)
        for each in one.changes
    )
    return in_order(changed(one, what=TURNED[one.what], changes=changes))


def in_order(one: Difference) -> Difference:
    """Blocks in it that came are told after those that went: the way back has another order."""
    return changed(one, changes=tuple(sorted(one.changes, key=lambda change: change.keyword)))


@given(CONFIGS, CONFIGS)
def test_what_needs_a_restart_of_the_daemon_says_why(old: Config, new: Config) -> None:
    changes: list[Changed] = [change for one in compare(old, new) for change in one.changes]

    assert all(change.because for change in changes if change.need is Reload.DAEMON)

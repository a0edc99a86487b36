"""What differs between two configurations, and what a reload does about it."""

import pytest
from written import config_of, instance_text

from standfast.conf.compare import Changed, Difference, compare
from standfast.conf.diff import What
from standfast.model.declare import Reload

VIP = "virtual_ipaddress { 10.0.0.1 }"
SECRET = "authentication {{\nauth_type PASS\nauth_pass {}\n}}\n" + VIP.replace("{", "{{").replace("}", "}}")


def changes(old: str, new: str) -> list[Changed]:
    """The changes of one instance whose lines change so."""
    (difference,) = compare(config_of(instance_text(old)), config_of(instance_text(new)))
    assert (difference.block, difference.what) == ("vrrp_instance VI_1", What.CHANGED)
    return list(difference.changes)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            VIP, f"priority 9\n{VIP}", Changed("priority", "100", "9"), id="a value that is taken over live"
        ),
        pytest.param(
            VIP,
            f"mcast_dst_ip 224.0.0.99\n{VIP}",
            Changed(
                "mcast_dst_ip",
                "not set",
                "224.0.0.99",
                need=Reload.RESTART,
                because="the sockets belong to the group",
            ),
            id="a value that restarts the instance, and why",
        ),
        pytest.param(VIP, f"nopreempt\n{VIP}", Changed("preempt", "on", "off"), id="the word that says no"),
        pytest.param(
            VIP,
            "virtual_ipaddress {\n10.0.0.2\n10.0.0.1\n}",
            Changed("virtual_ipaddress", "1 entry", "2 entries", came=("10.0.0.2/32",), listed=True),
            id="an entry that came",
        ),
        pytest.param(
            "virtual_ipaddress {\n10.0.0.2\n10.0.0.1\n}",
            "virtual_ipaddress {\n10.0.0.1\n10.0.0.2\n}",
            Changed("virtual_ipaddress", "2 entries", "2 entries", listed=True),
            id="entries in another order",
        ),
        pytest.param(
            SECRET.format("one"),
            SECRET.format("two"),
            Changed("authentication / auth_pass", "********", "********"),
            id="a secret is not shown",
        ),
        pytest.param(
            SECRET.format("one"), VIP, Changed("authentication", "present", "absent"), id="a block that went"
        ),
        pytest.param(
            VIP, f"notify /a\n{VIP}", Changed("notify", "not set", "/a"), id="a value that was not there"
        ),
    ],
)
def test_a_change_of_an_instance(old: str, new: str, expected: Changed) -> None:
    assert changes(old, new) == [expected]


def test_an_instance_is_known_by_its_interface_and_router_id_not_by_its_name_or_place() -> None:
    old = instance_text(VIP, name="A") + instance_text("virtual_ipaddress { 10.0.1.1 }", name="B", vrid=52)
    new = instance_text("virtual_ipaddress { 10.0.1.1 }", name="B", vrid=52) + instance_text(VIP, name="C")

    (difference,) = compare(config_of(old), config_of(new))

    assert (difference.block, difference.changes[0].keyword) == ("vrrp_instance C", "name")


def test_blocks_come_and_go() -> None:
    old, new = instance_text(VIP, name="A"), instance_text(VIP, name="B", vrid=52)

    assert compare(config_of(old), config_of(new)) == (
        Difference("vrrp_instance A", What.REMOVED),
        Difference("vrrp_instance B", What.ADDED),
    )


def test_global_defs_and_the_top_level_differ_like_blocks() -> None:
    new = "use_pid_dir\nglobal_defs { vrrp_no_swap }\n"

    top, defs = compare(config_of(""), config_of(new))

    assert (top.block, top.changes[0].keyword, top.need) == ("", "use_pid_dir", Reload.DAEMON)
    assert (defs.block, defs.changes[0].keyword, defs.need) == ("global_defs", "vrrp_no_swap", Reload.DAEMON)


def test_order_comments_and_white_space_do_not_differ() -> None:
    old = instance_text(f"priority 9\n{VIP}")
    new = "# a comment\n" + instance_text(f"{VIP}\n\n   priority   9 # here")

    assert compare(config_of(old), config_of(new)) == ()


SERVER = "virtual_server 10.0.0.1 80 {{\n lvs_sched {}\n real_server 10.0.0.2 80 {{\n{}\n}}\n}}\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("track_file F { file /a }", "track_file F { file /b }",
                     ["track_file F changed: file live"], id="a tracker"),
        pytest.param("track_file F { file /a }", "track_file G { file /a }",
                     ["track_file F removed", "track_file G added"], id="another name is another tracker"),
        pytest.param("vrrp_script S { script /a }", "vrrp_script S { script /b }",
                     ["vrrp_script S changed: script restart"], id="what a script runs"),
        pytest.param("", "static_ipaddress { 10.0.0.9 dev eth0 }", [" changed: static_ipaddress live"],
                     id="a list"),
        pytest.param("", "instance a", [" changed: instance daemon"], id="what only a restart changes"),
        pytest.param(SERVER.format("rr", ""), SERVER.format("rr", "weight 5"),
                     ["virtual_server 10.0.0.1 80 changed: real_server 10.0.0.2 80 / weight live"],
                     id="a server in a service"),
        pytest.param(SERVER.format("rr", ""), SERVER.format("rr", "TCP_CHECK { }"),
                     ["virtual_server 10.0.0.1 80 changed: real_server 10.0.0.2 80 / TCP_CHECK live"],
                     id="a checker in a server in a service"),
        pytest.param(SERVER.format("rr", ""), SERVER.format("wrr", ""),
                     ["virtual_server 10.0.0.1 80 changed: lvs_sched restart"], id="a scheduler"),
    ],
)  # fmt: skip
def test_every_block_tells_what_became_of_it(old: str, new: str, told: list[str]) -> None:
    differences = compare(config_of(old), config_of(new))

    assert [in_words(one) for one in differences] == told


def in_words(one: Difference) -> str:
    changes = "".join(f": {change.keyword} {change.need.name.lower()}" for change in one.changes)
    return f"{one.block} {one.what}{changes}"


def test_what_only_a_restart_changes_says_why() -> None:
    (defs,) = compare(config_of(""), config_of("global_defs { vrrp_no_swap }"))

    (change,) = defs.changes
    assert (change.need, bool(change.because)) == (Reload.DAEMON, True)

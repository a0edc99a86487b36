"""The parent's configuration arrives at a child as it was."""

from written import config_of, instance_text

from standfast.conf.transport import decode_config, encode_config

TEXT = (
    "global_defs {\n router_id a\n vrrp_mcast_group4 224.0.0.99\n script_user nobody nogroup\n}\n"
    + instance_text(
        "authentication { auth_type PASS\n auth_pass \u00e9t\u00e9 }\n unicast_peer { 10.0.0.3 min_ttl 3 }\n"
        "virtual_ipaddress { 10.0.0.1/24 brd + dev eth1 }\n virtual_ipaddress_excluded { 2001:db8::1 }\n"
        "notify \"/bin/a 'b c'\" nobody\n advert_int 3"
    )
    + instance_text("virtual_ipaddress { fe80::1 }", name="B")
)  # fmt: skip


def test_a_configuration_survives_the_way_to_a_child() -> None:
    config = config_of(TEXT)

    arrived = decode_config(encode_config(config))

    assert arrived == config


def test_it_is_one_line() -> None:
    assert b"\n" not in encode_config(config_of(TEXT))

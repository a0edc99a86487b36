"""The rules of the multicast groups of `global_defs`."""

from standfast.conf.meaning.draft import Draft

_LINK_LOCAL = 2  # RFC 4291, section 2.7: the scope of a multicast address, four bits


def check_advert_groups(draft: Draft) -> None:
    """Adverts of IPv6 stay on the link (RFC 9568, section 5.1.2.2)."""
    group = draft.defs.vrrp_mcast_group6
    if group.packed[1] & 0x0F != _LINK_LOCAL:
        draft.global_defs.complain(
            "mcast-scope",
            f"{group} reaches beyond the link that adverts are for",
            field="vrrp_mcast_group6",
            at=1,
            hint="write a group that begins with ff02:",
        )

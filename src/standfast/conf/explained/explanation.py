"""The form of an explanation, and short ways to write the examples."""

from standfast.base.frozen import frozen


@frozen
class Explanation:
    """A problem for people who meet it."""

    meaning: str  # what is the matter, and what the program does about it
    remedy: str  # what to do
    example: str = ""  # a file that has the problem; empty if a file alone cannot have it


def instance(*lines: str, name: str = "VI_1", vrid: int = 51) -> str:
    """A virtual router with these lines."""
    body = "".join(f"    {line}\n" for line in (f"interface eth0\nvirtual_router_id {vrid}", *lines))
    return (
        f"vrrp_instance {name} {{\n" + body.replace("\nvirtual_router_id", "\n    virtual_router_id") + "}\n"
    )


def address(entry: str) -> str:
    """A virtual router with one address entry."""
    return instance(f"virtual_ipaddress {{ {entry} }}")


def lines(*text: str) -> str:
    """These lines."""
    return "\n".join(text) + "\n"

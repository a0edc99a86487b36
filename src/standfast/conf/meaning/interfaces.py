"""The interfaces that the file names are there; with dynamic_interfaces they may come later (TR-20)."""

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from standfast.base.frozen import changed
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.conf.meaning.host import Host
from standfast.conf.source import Line
from standfast.model.complaint import ErrorClass, Severity

if TYPE_CHECKING:
    from standfast.model.interfaces import GarpGroup
    from standfast.model.routes import Route
    from standfast.model.rules import Rule

_HINT: Final = "`ip link` lists them; dynamic_interfaces in global_defs lets it come later"


class Named(NamedTuple):
    """An interface that a line names, and what for."""

    name: str
    purpose: str
    line: Line | None


def interfaces_exist(draft: Draft) -> None:
    """Say which interfaces are missing."""
    host = draft.host
    if host is None or draft.defs.dynamic_interfaces:
        return
    ours = set(_made(draft))
    for it in draft.vrrp_instances:
        name = it.value.interface
        if it.usable and name and name not in ours and not host.has_interface(name):
            it.complain(
                "no-interface",
                f"there is no interface {name} on this host",
                field="interface",
                at=1,
                severity=Severity.ERROR,
                hint=_HINT,
            )
        _say(it, _of_instance(it), ours, host)
    for group in draft.vrrp_sync_groups:
        _say(group, _tracked(group), ours, host)
    _say(draft.global_defs, _static(draft), ours, host)
    for field in ("interface_up_down_delays", "linkbeat_interfaces"):
        entries = draft.rest.get(field, ())
        for entry, line in zip(entries, draft.origin.entries.get(field, []), strict=True):
            if not host.has_interface(entry.interface):
                words = f"there is no interface {entry.interface} on this host for {field}"
                bad = ErrorClass.BAD_INTERFACE
                draft.global_defs.complain("no-interface", words, line=line, error_class=bad, hint=_HINT)
    for garps in draft.garp_groups:
        _say(garps, _of_group(garps), (), host)


def own_names_are_free(draft: Draft) -> None:
    """A name for an interface of our own is not that of another one (VM-01)."""
    host = draft.host
    if host is None:
        return
    for it in draft.vrrp_instances:
        for field, kind in (("use_vmac", "macvlan"), ("use_ipvlan", "ipvlan")):
            own = getattr(it.value, field)
            if own is None or not own.name or not host.has_interface(own.name):
                continue
            if host.link_kind(own.name) not in (kind, None):
                it.complain(
                    "own-name-taken",
                    f"{own.name} is an interface of this host and no {kind}; {it.value.name} gets another name",
                    field=field,
                    severity=Severity.ERROR,
                    hint=f"choose a name that no interface has, or write {field} without one",
                )
                it.change(**{field: changed(own, name="")})


def _made(draft: Draft) -> Iterator[str]:
    """The names of interfaces that we make ourselves (VM-01)."""
    prefix = draft.defs.vmac_prefix
    for it in draft.vrrp_instances:
        own = it.value.use_vmac or it.value.use_ipvlan
        if own is None:
            continue
        if own.name:
            yield own.name
        else:
            yield f"{prefix}.{it.value.virtual_router_id}"
            yield f"{prefix}6.{it.value.virtual_router_id}"


def _of_group(it: "Built[GarpGroup]") -> Iterator[Named]:
    """The interfaces of a garp_group; the members have their own lines."""
    if it.value.interface:
        yield Named(it.value.interface, "garp_group", it.origin.fields.get("interface"))
    for name, line in zip(it.value.interfaces, it.origin.entries.get("interfaces", []), strict=False):
        yield Named(name, "garp_group", line)


def _say(it: Built[Any], named: Iterable[Named], ours: Container[str], host: Host) -> None:
    for one in named:
        if one.name in ours or host.has_interface(one.name):
            continue
        words = f"there is no interface {one.name} on this host for {one.purpose}"
        it.complain("no-interface", words, line=one.line, severity=Severity.ERROR, hint=_HINT)


def _of_instance(it: Built[Any]) -> Iterator[Named]:
    """Those of an instance's lists; its own interface is spoken of before."""
    if not it.usable:
        return
    own = it.value.interface
    for field in ("virtual_ipaddress", "virtual_ipaddress_excluded"):
        yield from (named for named in _of_addresses(it.value, field, it.origin.entries) if named.name != own)
    yield from _tracked(it)
    yield from _of_routes(it.value.virtual_routes, it.origin.entries.get("virtual_routes", []))
    yield from _of_rules(it.value.virtual_rules, it.origin.entries.get("virtual_rules", []))


def _tracked(it: Built[Any]) -> Iterator[Named]:
    lines = it.origin.entries.get("track_interface", [])
    for entry, line in zip(it.value.track_interface, lines, strict=False):
        yield Named(entry.name, "track_interface", line)


def _static(draft: Draft) -> Iterator[Named]:
    entries, rest = draft.origin.entries, draft.rest
    for address, line in zip(
        rest.get("static_ipaddress", ()), entries.get("static_ipaddress", []), strict=False
    ):
        if address.dev:
            yield Named(address.dev, str(address.address), line)
    yield from _of_routes(rest.get("static_routes", ()), entries.get("static_routes", []))
    yield from _of_rules(rest.get("static_rules", ()), entries.get("static_rules", []))


def _of_addresses(value: Any, field: str, entries: dict[str, list[Line]]) -> Iterator[Named]:
    """An address whose own interface is not there is held by nobody (CF-07)."""
    for address, line in zip(getattr(value, field), entries.get(field, []), strict=False):
        if address.dev:
            yield Named(address.dev, str(address.address), line)


def _of_routes(routes: "Iterable[Route]", lines: Iterable[Line]) -> Iterator[Named]:
    for route, line in zip(routes, lines, strict=False):
        for name in (route.dev, *(hop.dev for hop in route.nexthop)):
            if name:
                yield Named(name, f"the route to {route.destination}", line)


def _of_rules(rules: "Iterable[Rule]", lines: Iterable[Line]) -> Iterator[Named]:
    for rule, line in zip(rules, lines, strict=False):
        for name in (rule.dev, rule.oif):
            if name:
                yield Named(name, "a rule", line)

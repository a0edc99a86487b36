"""The conformance recordings of holo's VRRP, told to our core and answered in holo's own kinds of words.

Holo keeps each virtual router on a macvlan of its own. Ours holds its addresses on the interface itself, so what
is said of a macvlan is left out, and its addresses are those of the interface. Times are not recorded: adverts
follow each other within an interval, and where holo's timer fires, ours is due.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_interface
from pathlib import Path
from typing import Any, Final

import pytest
from captures import CAPTURES

from standfast.base.addresses import Family, HostAddress
from standfast.base.times import CENTISECOND, MILLISECOND, SECOND, Duration, Instant, after, times
from standfast.core.vrrp.effects import (
    AdvertDropped,
    Announce,
    Effect,
    Effects,
    HoldAddresses,
    Prepare,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import Due, LinkChanged, Received
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Link, Router
from standfast.core.vrrp.state import Master, State, name_of
from standfast.engine.adverts import advert_of
from standfast.wire.checksum import ChecksumForm
from standfast.wire.vrrp import Advert, encode_advert

FOLDER: Final = CAPTURES / "holo-vrrp-conformance" / "holo-vrrp" / "tests" / "conformance"
INTERFACE: Final = "eth-sw1"
Json = Any
Said = tuple[object, ...]

_GROUPS: Final = {4: ip_address("224.0.0.18"), 6: ip_address("ff02::12")}
_STATES: Final = {"init": "initialize", "fault": "initialize", "backup": "backup", "master": "master"}
_REASONS: Final = {"nobody-heard": "no-response", "master-down": "no-response", "preempts": "no-response"}
_ERRORS: Final = {"version": "version-error", "interval": "interval-error", "vrid": "vrid-error"}


@dataclass
class Heard:
    """What came out, in holo's streams."""

    protocol: list[Said] = field(default_factory=list)  # packets sent
    addresses: list[Said] = field(default_factory=list)  # asked of the host
    notifications: list[Said] = field(default_factory=list)
    states: list[Said] = field(default_factory=list)
    order: list[str] = field(default_factory=list)  # kinds, over all streams


STREAMS: Final = ("protocol", "addresses", "notifications", "states")


class HoloHost:
    """One router of a recording, on our core."""

    def __init__(self, folder: Path, **settings: object) -> None:
        if not folder.exists():
            pytest.skip(f"the conformance recordings are not beside the repository: no {folder}")
        self._settings = settings
        self._config = instances_in(read(folder / "config.json"))
        self._node = Node()
        self._ready: dict[str, Router] = {}  # what adverts are made of
        self._link = Link(INTERFACE, index=2, up=False)
        self._now = Instant(0)
        self.heard = Heard()
        self._node.start(self._routers(), links={}, present={}, now=self._now)
        for event in read_lines(folder / "events.jsonl"):
            self.tell(event)

    def tell(self, event: Json) -> None:
        """One event of a recording."""
        ((kind, said),) = event.items()
        match kind:
            case "Ibus" | "Protocol":
                self.tell(said)
            case "InterfaceUpd" if said["ifname"] == INTERFACE:
                self._changed(replace(self._link, up="OPERATIVE" in said["flags"]))
            case "InterfaceAddressAdd" if said["ifname"] == INTERFACE:
                self._changed(self._with_address(said["addr"]))
            case "MasterDownTimer":
                due = self._node.deadline()
                assert due is not None
                self._now = max(due, self._now)
                self._take(self._node.handle(Due(), self._now))
            case "VrrpNetRxPacket":
                self._now = after(self._now, MILLISECOND)
                self._take(self._node.handle(self._received(said), self._now))
            case _:  # a macvlan, the loopback interface, or an address that we put there
                assert kind in {"InterfaceUpd", "InterfaceAddressAdd", "InterfaceAddressDel"}

    def reconfigure(self, change: Json) -> None:
        """A change of the configuration."""
        self._config = merged(self._config, change)
        self._take(self._node.reload(self._routers(), self._now))

    def finish(self) -> Heard:
        """Everything that was answered, and the states at the end."""
        for router in self._node.snapshot(self._now).routers:
            why = _REASONS.get(router.reason, router.reason)
            self.heard.states.append((router.router.vrid, *_state(router.state, why)))
        return self.heard

    def _routers(self) -> list[Router]:
        return [replace(router, **self._settings) for router in map(router_of, self._config.values())]  # type: ignore[arg-type]

    def _changed(self, link: Link) -> None:
        self._link = link
        self._take(self._node.handle(LinkChanged(link), self._now))

    def _with_address(self, text: str) -> Link:
        address = ip_interface(text).ip
        if address.version == 4:
            return replace(self._link, ipv4=self._link.ipv4 or address)
        return replace(self._link, ipv6=address) if address.is_link_local else self._link

    def _received(self, said: Json) -> Received:
        source = ip_address(said["src"])
        group = _GROUPS[source.version]
        payload = payload_of(said["packet"], source.version, source, group)
        family = Family(source.version)
        return Received(INTERFACE, family, source, group, 255, payload, self._now)

    def _take(self, effects: Effects) -> None:
        for effect in effects:
            if isinstance(effect, Prepare):
                self._ready[effect.router.name] = effect.router
            for stream, *what in self._said(effect):
                getattr(self.heard, str(stream)).append(tuple(what))
                self.heard.order.append(str(what[0]))

    def _said(self, effect: Effect) -> Iterator[Said]:
        match effect:
            case SendAdvert(name, priority):
                yield "protocol", "advert", *fields_of(advert_of(self._ready[name], priority))
            case Announce(part):
                kind = {4: "arp", 6: "na"}
                yield from (("protocol", kind[a.address.version], str(a.address)) for a in part.addresses)
            case HoldAddresses(part):
                yield from (("addresses", "add", str(a.address)) for a in part.addresses)
            case ReleaseAddresses(addresses=addresses):
                yield from (("addresses", "del", str(a.address)) for a in addresses)
            case RouterChanged(new="master", reason=reason):
                yield "notifications", "new-master", _REASONS.get(reason, reason)
            case AdvertDropped(reason=reason):
                yield "notifications", "error", _ERRORS.get(reason, reason)
            case _:
                return


def _state(state: State, why: str) -> tuple[str, str]:
    return _STATES[name_of(state)], why if isinstance(state, Master) else "not-master"


# ---- what a recording expects


def expected(folder: Path, before: str = "") -> Heard:
    """The recorded answers of a case (`before` is its file prefix) or of a topology's router."""
    sent = read_lines(folder / f"{before}protocol.jsonl")
    asked = read_lines(folder / f"{before}ibus.jsonl")
    told = read_lines(folder / f"{before}northbound-notif.jsonl")
    states = folder / f"{before}northbound-state.json"
    return Heard(
        protocol=[_packet(line["NetTxPacket"]) for line in sent],
        addresses=[said for line in asked for said in _asked(line)],
        notifications=[_notification(line) for line in told],
        states=[(one["vrid"], one["state"], one["new-master-reason"]) for one in raw_instances(read(states))]
        if states.exists()
        else [],
    )


def _packet(packet: Json) -> Said:
    match packet:
        case {"Vrrp": {"packet": {"vrrp": advert}}}:
            return "advert", *_recorded_fields(advert)
        case {"Arp": {"arp_hdr": {"sender_proto_address": address}}}:
            return "arp", address
        case {"NAdv": {"nadv_hdr": {"target_address": address}}}:
            return "na", address
        case _:
            raise AssertionError(f"no packet that we know: {packet}")


def _asked(line: Json) -> Iterator[Said]:
    ((kind, what),) = line.items()
    verbs = {"InterfaceIpAddRequest": "add", "InterfaceIpDelRequest": "del"}
    if kind in verbs:
        yield verbs[kind], what["addr"].split("/")[0]
    else:
        assert kind in {"InterfaceSub", "MacvlanAdd", "MacvlanDel"}


def _notification(line: Json) -> Said:
    ((kind, what),) = line.items()
    if kind == "ietf-vrrp:vrrp-new-master-event":
        return "new-master", what["new-master-reason"]
    return "error", what.get("protocol-error-reason") or what["virtual-router-error-reason"]


# ---- adverts


def fields_of(advert: Advert) -> tuple[object, ...]:
    """Version, VRID, priority, interval as on the wire, addresses."""
    interval = advert.interval_cs if advert.version == 3 else advert.interval_cs // 100
    addresses = tuple(str(address) for address in advert.addresses)
    return advert.version, advert.vrid, advert.priority, interval, addresses


def _recorded_fields(said: Json) -> tuple[object, ...]:
    assert said["hdr_type"] == 1
    assert said["count_ip"] == len(said["ip_addresses"])
    return (
        2 if said["version"] == "V2" else 3,
        said["vrid"],
        said["priority"],
        said["adver_int"],
        tuple(said["ip_addresses"]),
    )


def payload_of(packet: Json, family: int, source: Any, group: Any) -> bytes:
    """The bytes of a recorded packet; their checksum is made anew: the recorded one fits one priority only."""
    if "Err" in packet:
        assert packet["Err"] == {"VersionError": {"vrid": 1}}
        return b"\x41\x01" + bytes(18)
    version, vrid, priority, interval, addresses = _recorded_fields(packet["Ok"])
    form = ChecksumForm.PSEUDO_HEADER if family == 6 else ChecksumForm.MESSAGE  # RFC 9568, 5.2.8
    said = Advert(
        version=version,  # type: ignore[arg-type]
        family=Family(family),
        vrid=vrid,  # type: ignore[arg-type]
        priority=priority,  # type: ignore[arg-type]
        interval_cs=interval * (100 if version == 2 else 1),  # type: ignore[operator]
        addresses=tuple(map(ip_address, addresses)),  # type: ignore[call-overload]
        form=form,
    )
    return encode_advert(said, source, group)


# ---- configuration


def router_of(instance: Json) -> Router:
    """The router that a configuration asks for."""
    family, version = instance["family"], instance.get("version", "")
    interval = times(instance.get("advertise-interval-sec", 1), SECOND)
    if "advertise-interval-centi-sec" in instance:
        interval = times(instance["advertise-interval-centi-sec"], CENTISECOND)
    return Router(
        name=f"VRID {instance['vrid']}",
        vrid=instance["vrid"],
        family=Family(family),
        interface=INTERFACE,
        version=3 if family == 6 or version == "vrrp-v3" else 2,
        priority=instance.get("priority", 100),
        interval=Duration(interval),
        addresses=tuple(
            HostAddress(ip_address(text), 32 if family == 4 else 128, INTERFACE)
            for text in instance["addresses"]
        ),
        group=_GROUPS[family],
        checksum_as_v2=True,
    )


def instances_in(config: Json) -> dict[int, Json]:
    """The instances of a configuration, by VRID."""
    return {one["vrid"]: one | {"addresses": list(_addresses(one))} for one in raw_instances(config)}


def merged(config: Mapping[int, Json], change: Json) -> dict[int, Json]:
    """The configuration after a change."""
    result = dict(config)
    for one in raw_instances(change):
        operation = one.get("@", {}).get("yang:operation")
        if operation == "delete":
            del result[one["vrid"]]
        elif operation == "create":
            result[one["vrid"]] = one | {"addresses": list(_addresses(one))}
        else:
            old = result[one["vrid"]]
            gone, new = set(_addresses(one, "delete")), list(_addresses(one, "create"))
            kept = [address for address in old["addresses"] if address not in gone]
            result[one["vrid"]] = old | {"addresses": kept + new}
    return result


def raw_instances(tree: Json) -> Iterator[Json]:
    """Each `vrrp-instance` of a YANG tree, with the family that it stands under."""
    for interface in tree["ietf-interfaces:interfaces"].get("interface", ()):
        for family in (4, 6):
            vrrp = interface.get(f"ietf-ip:ipv{family}", {}).get("ietf-vrrp:vrrp", {})
            yield from (one | {"family": family} for one in vrrp.get("vrrp-instance", ()))


def _addresses(instance: Json, operation: str | None = None) -> Iterable[str]:
    family = instance["family"]
    entries: Sequence[Json] = instance.get(f"virtual-ipv{family}-addresses", {}).get(
        f"virtual-ipv{family}-address", ()
    )
    for entry in entries:
        if operation is None or entry.get("@", {}).get("yang:operation") == operation:
            yield entry[f"ipv{family}-address"]


def read(file: Path) -> Json:
    """A JSON file."""
    return json.loads(file.read_text())


def read_lines(file: Path) -> list[Json]:
    """A file of JSON lines; empty if there is none."""
    return [json.loads(line) for line in file.read_text().splitlines() if line] if file.exists() else []

"""Scenarios as text: for people, and as a test to paste."""

from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any

from standfast.base.times import Duration, Instant, in_seconds
from standfast.sim.faults import Fault
from standfast.sim.plans import RouterPlan, Watch
from standfast.sim.scenario import Scenario


def as_story(scenario: Scenario) -> list[str]:
    """Who is there and what goes wrong, a line each."""
    lines = [f"network: {_plainly(scenario.conditions) or 'fair'}"]
    for host in scenario.hosts:
        lines.append(f"host {host.name}: {_plainly(host, but=('name', 'number', 'routers')) or 'ordinary'}")
        lines += [f"    {router.name}: {_plainly(router, but=('vrid',))}" for router in host.routers]
    lines += [_fault(fault) for fault in scenario.faults]
    return lines


def as_test(scenario: Scenario) -> str:
    """The source of a test that plays it."""
    return "\n".join(
        [
            f"def test_seed_{scenario.seed}() -> None:",
            "    scenario = Scenario(",
            f"        seed={scenario.seed},",
            *_listed("hosts", scenario.hosts),
            *_listed("faults", scenario.faults),
            f"        conditions={source(scenario.conditions)},",
            "    )",
            "",
            "    assert play(scenario).violation is None",
        ]
    )


def _listed(name: str, values: tuple[object, ...]) -> list[str]:
    """A field of a scenario, one value a line."""
    return [f"        {name}=(", *(f"            {source(value)}," for value in values), "        ),"]


def source(value: object) -> str:
    """The Python expression of a value; fields that have their default are left out."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, tuple):
        return f"({', '.join(map(source, value))}{',' * (len(value) == 1)})"
    if is_dataclass(value) and not isinstance(value, type):
        given = ", ".join(
            f"{field.name}={_field(field, value)}" for field in fields(value) if _said(field, value)
        )
        return f"{type(value).__name__}({given})"
    return repr(value)


def _field(field: Field[Any], owner: object) -> str:
    value = getattr(owner, field.name)
    if field.type in (Instant, Duration):
        return f"{field.type.__name__}({value:_})"
    return source(value)


def _said(field: Field[Any], owner: object) -> bool:
    """Whether a field must be said, because it differs from its default."""
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return default is MISSING or getattr(owner, field.name) != default


def _plainly(value: Any, but: tuple[str, ...] = ()) -> str:
    """The fields that differ from their defaults, for people."""
    said = [field for field in fields(value) if _said(field, value) and field.name not in but]
    return ", ".join(f"{field.name} {_people(field, value)}" for field in said)


def _people(field: Field[Any], owner: object) -> str:
    value = getattr(owner, field.name)
    if field.type in (Instant, Duration):
        return f"{in_seconds(Duration(value))} s"
    if isinstance(value, tuple):
        return " and ".join(
            f"{one.name} ({_plainly(one, but=('vrid',))})" if isinstance(one, RouterPlan) else _short(one)
            for one in value
        )
    if is_dataclass(value):
        return f"({_plainly(value)})"
    return value.name if isinstance(value, Enum) else str(value)


def _short(value: object) -> str:
    if isinstance(value, Watch):
        return f"{value.kind} {value.name} {value.weight}{' reverse' if value.reverse else ''}"
    return str(value)


def _fault(fault: Fault) -> str:
    words = _plainly(fault, but=("at",))
    return f"at {in_seconds(Duration(fault.at))} s: {type(fault).__name__} {words}"

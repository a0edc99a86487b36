"""The way from one table of services to another."""

from collections.abc import Callable, Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lvs_drawn import destinations, services, tables

from standfast.base.addresses import parse_address
from standfast.base.services import (
    Destination,
    DestinationKey,
    Endpoint,
    Forwarding,
    Service,
    ServiceKey,
    Transport,
    Tunnel,
    TunnelKind,
)
from standfast.core.lvs.delta import delta
from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    RemoveService,
    TableCommand,
)
from standfast.core.lvs.table import Table, balanced, only, table_of

WEB = Service(Endpoint(Transport.TCP, parse_address("10.0.0.100"), 80), "rr")
ONE, TWO = (Destination(parse_address(f"10.0.0.{number}"), 80) for number in (1, 2))

Kernel = dict[ServiceKey, tuple[Service, dict[DestinationKey, Destination]]]


def carried_out(have: Table, commands: Iterable[TableCommand]) -> Kernel:
    """What a kernel has after the commands; it refuses what it would refuse."""
    kernel: Kernel = {key: (entry.service, dict(entry.destinations)) for key, entry in have.items()}
    for command in commands:
        match command:
            case AddService(service):
                assert service.key not in kernel
                kernel[service.key] = service, {}
            case EditService(service):
                kernel[service.key] = service, kernel[service.key][1]
            case RemoveService(key):
                del kernel[key]
            case AddDestination(key, destination):
                assert destination.key not in kernel[key][1]
                kernel[key][1][destination.key] = destination
            case EditDestination(key, destination):
                assert destination.key in kernel[key][1]
                kernel[key][1][destination.key] = destination
            case RemoveDestination(key, name):
                del kernel[key][1][name]
    return kernel


def service_of(command: TableCommand) -> ServiceKey:
    """Which service a command is about."""
    match command:
        case AddService(service) | EditService(service):
            return service.key
        case RemoveService(key):
            return key
        case _:
            return command.service


@given(tables(), tables())
def test_it_leads_exactly_to_what_is_wanted(have: Table, want: Table) -> None:
    kernel = carried_out(have, delta(have, want))

    assert kernel == {key: (entry.service, dict(entry.destinations)) for key, entry in want.items()}


@given(tables())
def test_there_is_nothing_to_do_where_all_is_as_it_should_be(table: Table) -> None:
    again = table_of(balanced(entry.service, entry.destinations.values()) for entry in table.values())

    assert delta(table, again) == ()


@given(tables(), tables())
def test_a_service_that_is_the_same_in_both_is_not_mentioned(have: Table, want: Table) -> None:
    same = {key for key, entry in want.items() if have.get(key) == entry}

    assert same.isdisjoint(service_of(command) for command in delta(have, want))


@given(tables(), tables())
def test_additions_come_first_then_edits_then_removals(have: Table, want: Table) -> None:
    ranks: dict[type, int] = {
        AddService: 0,
        AddDestination: 0,
        EditService: 1,
        EditDestination: 1,
        RemoveDestination: 2,
        RemoveService: 2,
    }

    order = [ranks[type(command)] for command in delta(have, want)]

    assert order == sorted(order)


@given(tables(), tables())
def test_a_service_that_had_destinations_and_shall_have_some_is_never_without(
    have: Table, want: Table
) -> None:
    commands = delta(have, want)
    served = {key for key in have.keys() & want.keys() if have[key].destinations and want[key].destinations}

    for count in range(len(commands) + 1):
        kernel = carried_out(have, commands[:count])
        assert all(kernel[key][1] for key in served)


@given(tables(), st.sets(services().map(lambda service: service.key)))
def test_what_is_not_ours_is_not_touched(have: Table, ours: set[ServiceKey]) -> None:
    commands = delta(only(have, ours), {})

    assert {service_of(command) for command in commands} == have.keys() & ours


@given(services(), st.lists(destinations(), max_size=4))
def test_one_way_of_writing_is_enough(service: Service, some: Sequence[Destination]) -> None:
    once = balanced(service, some)

    assert balanced(once.service, once.destinations.values()) == once


GUE = Tunnel(TunnelKind.GUE, 6080)


@pytest.mark.parametrize(
    ("made", "meant"),
    [
        pytest.param(
            lambda: balanced(WEB, [Destination(ONE.address, 80, Forwarding.DIRECT, tunnel=GUE)]),
            balanced(WEB, [Destination(ONE.address, 80, Forwarding.DIRECT)]),
            id="where nothing is tunnelled, the kind of tunnel does not count",
        ),
        pytest.param(
            lambda: balanced(WEB, [ONE, Destination(ONE.address, 80, weight=9)]),
            balanced(WEB, [ONE]),
            id="a real server that is named twice counts once (LV-21)",
        ),
    ],
)
def test_what_means_the_same_is_equal(made: Callable[[], object], meant: object) -> None:
    assert made() == meant


def test_the_order_is_that_of_the_tables() -> None:
    have = table_of([balanced(WEB, [ONE])])
    want = table_of([balanced(WEB, [TWO])])

    assert delta(have, want) == (AddDestination(WEB.key, TWO), RemoveDestination(WEB.key, ONE.key))

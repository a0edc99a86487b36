"""Virtual servers in another network namespace than the process that looks after them (net_namespace_ipvs)."""

import asyncio
from contextlib import closing

import pytest
from ipvs_table import table_in
from linux_namespace import namespaces

from standfast.base.addresses import parse_address
from standfast.base.errors import Refused
from standfast.base.services import Endpoint, Service, Transport
from standfast.core.lvs.table import balanced, table_of
from standfast.engine.lvs_ports import AddService
from standfast.linux.ipvs import Ipvs, Outcome

SERVICE = Service(Endpoint(Transport.TCP, parse_address("10.0.0.100"), 80), "rr")


@pytest.mark.behaviour("PR-15")
def test_services_are_where_they_should_be_and_nowhere_else(loop: asyncio.AbstractEventLoop) -> None:
    with namespaces(2) as (ours, theirs), ours.here():
        with closing(Ipvs(loop, place=theirs.path)) as ipvs, closing(Ipvs(loop)) as here:
            outcome = ipvs.apply([AddService(SERVICE)])

            assert outcome == Outcome()
            assert table_in(ipvs) == table_of([balanced(SERVICE, [])])
            assert table_in(here) == {}
        with theirs.here(), closing(Ipvs(loop)) as there:
            assert table_in(there) == table_of([balanced(SERVICE, [])])


def test_a_namespace_that_is_not_there_is_said(loop: asyncio.AbstractEventLoop) -> None:
    with pytest.raises(Refused, match="in the network namespace /run/netns/nowhere"):
        Ipvs(loop, place="/run/netns/nowhere")

"""The file of orders: whole or not at all, and whatever is wrong with it stops nobody."""

from itertools import chain
from pathlib import Path
from typing import get_args

import pytest

from standfast.core.lvs import orders as of_servers
from standfast.core.vrrp import orders as of_routers
from standfast.daemon.order_file import Order, OrderFile, What

ORDER = Order(what="maintenance", name="VI_1", owner="root", reason="a test", since=1.0, until=2.0)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = OrderFile(str(tmp_path / "a.history"))

    file.write((ORDER,))

    assert file.read() == (ORDER,)
    assert [path.name for path in tmp_path.iterdir()] == ["a.orders"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="it is empty"),
        pytest.param(b'[{"what"', id="it was cut"),
        pytest.param(b'[{"what": "dance", "owner": "root", "since": 1}]', id="an order that there is not"),
        pytest.param(b"\xff\xfe", id="it is no text"),
    ],
)
def test_a_damaged_file_has_no_orders(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.orders").write_bytes(content)

    assert OrderFile(str(tmp_path / "a.history")).read() == ()


def test_a_link_in_the_place_of_the_new_file_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("safe")
    (tmp_path / "a.orders.new").symlink_to(victim)

    with pytest.raises(OSError, match="symbolic links"):
        OrderFile(str(tmp_path / "a.history")).write((ORDER,))

    assert victim.read_text() == "safe"


def test_the_file_has_the_words_of_both_cores() -> None:
    words = {str(what) for what in chain(of_routers.What, of_servers.What)}

    assert set(get_args(What)) == words


def test_a_real_server_has_one_order_and_an_instance_one_of_each_sort() -> None:
    drain, disable = (
        Order(what=what, name="VS", server="RS", owner="root", since=1.0) for what in ("drain", "disable")
    )
    failover = Order(what="failover", name="VI_1", owner="root", since=1.0)

    assert drain.about == disable.about
    assert failover.about != ORDER.about

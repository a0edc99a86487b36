"""Names as people type them: `10.0.0.2:80` is `[10.0.0.2]:tcp:80` if nothing else has that address and port."""

from typing import Final

import msgspec

from standfast.base.errors import Refused
from standfast.base.nearest import nearest
from standfast.base.server_names import find
from standfast.cli.control import CannotAsk, ask
from standfast.observe.state.status import Status

_STATUS: Final = msgspec.json.Decoder(Status)


def names_in(status: Status) -> frozenset[str]:
    """All names that can be asked for."""
    parts = (status.instances, status.groups, status.trackers, status.virtual_servers, status.sessions)
    return frozenset((*(one.name for part in parts for one in part), *_servers(status)))


def whole_names(socket: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that the daemon has for what these mean; what means nothing stays as it is.

    Args:
        socket: path of the control socket.
        names: as they were typed.

    Raises:
        CannotAsk: one of them may mean several servers.
    """
    if not names or set(names) <= names_in(_asked(socket, names)):
        return names
    status = _asked(socket, ())
    known, servers = names_in(status), _servers(status)
    return tuple(name if name in known else _server(name, servers) for name in names)


def unknown_words(socket: str, name: str) -> str:
    """That nothing is called so, and what may have been meant."""
    near = nearest(name, names_in(_asked(socket, ())))
    return f"nothing is called {name}; {near or 'standfast status names what there is'}"


def _asked(socket: str, names: tuple[str, ...]) -> Status:
    return _STATUS.decode(ask(socket, "status", names))


def _servers(status: Status) -> tuple[str, ...]:
    virtual = (one.name for one in status.virtual_servers)
    real = (server.name for one in status.virtual_servers for server in one.servers)
    return (*virtual, *real)


def _server(word: str, servers: tuple[str, ...]) -> str:
    try:
        return find(word, servers, "server")
    except Refused as refusal:
        if refusal.reason == "ambiguous":
            raise CannotAsk(f"{refusal.words}; {refusal.remedy}") from None
        return word

"""`global_defs`: how people and programs ask for the state, and who may give orders."""

from typing import Final

from standfast.model.declare import Relation, Reload, group, kw
from standfast.model.kinds.endpoints import Endpoint, EndpointKind
from standfast.model.kinds.names import Word
from standfast.model.kinds.permissions import Mode

_UNKNOWN: Final = "it reports the word as unknown, and goes on without"


@group(reload=Reload.LIVE)
class Control:
    """The control socket, the history and the metrics."""

    control_socket: str = kw(
        Word("PATH|off"), default="", default_words="beside the pid file", relation=Relation.OURS, why=_UNKNOWN,
        doc="Unix socket that `standfast status` and its siblings ask; off for none.",
    )  # fmt: skip
    control_socket_mode: int = kw(
        Mode(), default=0o660, default_words="0660", relation=Relation.OURS, why=_UNKNOWN,
        doc="Permissions of the control socket: who may write to it may ask.",
    )  # fmt: skip
    control_socket_group: str = kw(
        Word("GROUP"), default="", default_words="none", relation=Relation.OURS, why=_UNKNOWN,
        doc="Group of the control socket; its members may also give orders, as root may.",
    )  # fmt: skip
    history_file: str = kw(
        Word("PATH|off"), default="", default_words="in $STATE_DIRECTORY, else beside the pid file",
        relation=Relation.OURS, why=_UNKNOWN,
        doc="File that transitions and changes are kept in, with their causes; off for none. "
        "Orders of operators are kept where it is by default, whatever stands here.",
    )  # fmt: skip
    metrics_listen: Endpoint | None = kw(
        EndpointKind(), default=None, default_words="off", relation=Relation.OURS, why=_UNKNOWN,
        doc="Address and port where scrapers get the metrics over HTTP, under /metrics.",
    )  # fmt: skip

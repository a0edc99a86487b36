"""`global_defs`: alert mails and webhooks."""

from typing import Final

from standfast.base.times import SECOND, Duration
from standfast.model.declare import Effect, Relation, Reload, Repeat, group, kw
from standfast.model.kinds.blocks import Entries
from standfast.model.kinds.composed import Server, ServerKind
from standfast.model.kinds.names import Boolean, Choice, Flag, Word
from standfast.model.kinds.numbers import WholeSeconds
from standfast.model.kinds.secrets import Passphrase, Secret
from standfast.model.kinds.urls import Url, UrlKind

_UNKNOWN: Final = "it reports the word as unknown, and goes on without"


@group(reload=Reload.LIVE)
class Mail:
    """Who is told by mail, of what, and through which server."""

    notification_email: tuple[str, ...] = kw(
        Entries(Word("ADDRESS"), several=True),
        default=(),
        repeat=Repeat.ALL,
        doc="Recipients of alert mails.",
    )
    notification_email_from: str = kw(
        Word("ADDRESS"),
        default="",
        doc="Sender of alert mails.",
        default_words="keepalived@ and the host name",
    )
    smtp_server: Server | None = kw(ServerKind(), default=None, doc="Server that alert mails go through.")
    smtp_helo_name: str = kw(
        Word(), default="", doc="Name given to the mail server.", default_words="the host name"
    )
    smtp_connect_timeout: Duration = kw(
        WholeSeconds(0, 4294, zero_is_one=True),
        default=Duration(30 * SECOND),
        doc="Longest wait for each step of the mail server.",
    )
    smtp_alert: bool | None = kw(
        Boolean(), default=None, doc="Default of every smtp_alert.", default_words="each keyword's own"
    )
    smtp_alert_vrrp: bool | None = kw(
        Boolean(), default=None, inherits=("global_defs.smtp_alert",), default_words="smtp_alert",
        doc="Default of smtp_alert in instances and sync groups.",
    )  # fmt: skip
    smtp_alert_checker: bool | None = kw(
        Boolean(), default=None, inherits=("global_defs.smtp_alert",), default_words="smtp_alert",
        doc="Default of smtp_alert in virtual and real servers.",
    )  # fmt: skip
    no_email_faults: bool = kw(Flag(), default=False, doc="Send no mail when something enters FAULT.")
    no_checker_emails: bool = kw(
        Boolean(), default=False, effect=Effect.NONE, relation=Relation.DIFFERS,
        why="a mail for each success of one checker of a server that stays down has no news; none is sent",
        doc="Send a mail when a real server changes, not for each of its checkers.",
    )  # fmt: skip
    smtp_security: str = kw(
        Choice("none", "starttls", "tls"), default="none", relation=Relation.OURS, why=_UNKNOWN,
        doc="How the connection to the mail server is protected.",
    )  # fmt: skip
    smtp_ca_file: str = kw(
        Word("PATH"), default="", default_words="those of the system", relation=Relation.OURS, why=_UNKNOWN,
        doc="Certificates that the mail server's is checked with.",
    )  # fmt: skip
    smtp_user: str = kw(
        Word("NAME"), default="", default_words="none", relation=Relation.OURS, why=_UNKNOWN,
        doc="Name that we log in to the mail server with.",
    )  # fmt: skip
    smtp_password: Secret | None = kw(
        Passphrase(),
        default=None,
        default_words="none",
        relation=Relation.OURS,
        why=_UNKNOWN,
        doc="Password of smtp_user.",
    )


@group(reload=Reload.LIVE)
class Webhooks:
    """Where every notice is sent as JSON."""

    webhook: tuple[Url, ...] = kw(
        UrlKind(), default=(), repeat=Repeat.ALL, relation=Relation.OURS, why=_UNKNOWN,
        doc="Address that every change of state is sent to as JSON, by POST; several are all told.",
    )  # fmt: skip
    webhook_token: Secret | None = kw(
        Passphrase(),
        default=None,
        default_words="none",
        relation=Relation.OURS,
        why=_UNKNOWN,
        doc="Bearer token that goes along.",
    )
    webhook_ca_file: str = kw(
        Word("PATH"), default="", default_words="those of the system", relation=Relation.OURS, why=_UNKNOWN,
        doc="Certificates that the webhooks' servers are checked with.",
    )  # fmt: skip
    webhook_timeout: Duration = kw(
        WholeSeconds(1, 300),
        default=Duration(10 * SECOND),
        relation=Relation.OURS,
        why=_UNKNOWN,
        doc="Longest wait for an answer.",
    )

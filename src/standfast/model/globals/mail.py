"""`global_defs`: alert mails."""

from standfast.base.times import SECOND, Duration
from standfast.model.declare import Effect, Reload, Repeat, group, kw
from standfast.model.kinds.blocks import Entries
from standfast.model.kinds.composed import Server, ServerKind
from standfast.model.kinds.names import Boolean, Flag, Word
from standfast.model.kinds.numbers import WholeSeconds


@group(reload=Reload.LIVE, effect=Effect.NOT_YET)
class Mail:
    """Who is told by mail, of what, and through which server."""

    notification_email: tuple[str, ...] = kw(
        Entries(Word("ADDRESS"), several=True),
        default=(),
        repeat=Repeat.ALL,
        doc="Recipients of alert mails.",
    )
    notification_email_from: str = kw(
        Word("ADDRESS"), default="", doc="Sender of alert mails.", default_words="keepalived@ and the host name"
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
        Boolean(), default=False, doc="Send a mail when a real server changes, not for each of its checkers."
    )

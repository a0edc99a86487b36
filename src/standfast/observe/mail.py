"""Alert mails: which notices are mailed, and what stands in them (behaviours NO-03 to NO-12).

Subjects, bodies and headers are Keepalived's: filters and on-call systems know them. What differs: an envelope has
addresses only (Keepalived puts display names into it, which servers refuse), and a mail has a Message-ID.
"""

from collections.abc import Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Final

from standfast.base.frozen import frozen
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.observe.line import one_line
from standfast.observe.notice import DOWN, FAULT, MASTER, STOP, UP, Notice, Subject, Who
from standfast.observe.notify import subjects_of

_POLICY: Final = SMTP.clone(max_line_length=900)  # no folded subjects: some filters do not unfold them
_MAILER: Final = "Keepalived"  # what filters look for


@frozen
class Letter:
    """A mail with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    subject: str  # for people: which mail this is
    content: bytes


@frozen
class Stamp:
    """What a mail needs to know of the moment and the place."""

    date: str  # as RFC 5322 writes it
    message_id: str
    host: str


class Mailing:
    """Makes mails of notices, for those who asked for them."""

    def __init__(self) -> None:
        self._defs = GlobalDefs()
        self._asked: Mapping[Who, bool] = {}
        self._gone: Mapping[Who, bool] = {}  # of those that the last reload removed

    def configure(self, config: Config) -> None:
        """Go by this configuration; who is removed keeps its wish for its last word."""
        asked = {who: one.smtp_alert for who, one in subjects_of(config)}
        self._gone = {who: wish for who, wish in self._asked.items() if who not in asked}
        self._asked = asked
        self._defs = config.global_defs

    @property
    def possible(self) -> bool:
        """Whether there is a server and somebody to write to (behaviour NO-05)."""
        return bool(self._defs.smtp_server and self._defs.notification_email)

    def letter(self, notice: Notice, stamp: Stamp) -> Letter | None:
        """The mail for a notice; None: nobody asked for one."""
        if not self.possible or not notice.is_change or notice.state == STOP:
            return None
        if not self._asked.get(notice.who, self._gone.get(notice.who, False)):
            return None
        if notice.state == FAULT and self._defs.no_email_faults:
            return None
        return compose(self._defs, notice, stamp)


def compose(defs: GlobalDefs, notice: Notice, stamp: Stamp) -> Letter:
    """The mail for a notice, to all recipients."""
    sender = defs.notification_email_from or f"keepalived@{stamp.host}"
    recipients = tuple(map(parse_recipient, defs.notification_email))
    subject = one_line(f"[{defs.router_id or stamp.host}] {subject_of(notice)}")
    message = EmailMessage(policy=_POLICY)
    message["Date"] = stamp.date
    message["From"] = parse_recipient(sender)
    message["Subject"] = subject
    message["X-Mailer"] = _MAILER
    message["To"] = recipients
    message["Message-ID"] = stamp.message_id
    message.set_content(f"{body_of(notice)}\n\n")
    return Letter(_envelope(sender), tuple(map(_envelope, defs.notification_email)), subject, bytes(message))


def parse_recipient(text: str) -> Address:
    """An address with its display name, whatever was written: a mail must not fail for it."""
    name, address = parseaddr(text)
    user, _, domain = address.rpartition("@")
    try:
        return Address(one_line(name), user or domain, domain if user else "")
    except (HeaderParseError, ValueError, IndexError):
        return Address(one_line(text))


def _envelope(text: str) -> str:
    return one_line(parseaddr(text)[1] or text)


def subject_of(notice: Notice) -> str:
    """The subject behind the router's id (behaviour NO-06)."""
    match notice.subject:
        case Subject.INSTANCE:
            return f"VRRP Instance {notice.name} - Entering {notice.state} state"
        case Subject.GROUP:
            return f"VRRP Group {notice.name} - Entering {notice.state} state"
        case Subject.REAL_SERVER:
            return f"Realserver {notice.name} of virtual server {notice.of} - {notice.state}"
        case Subject.VIRTUAL_SERVER:
            return f"Virtualserver {notice.name} - {notice.state}"


def body_of(notice: Notice) -> str:
    """The one line of the body (behaviour NO-07)."""
    match notice.subject:
        case Subject.INSTANCE:
            owning = "now" if notice.state == MASTER else "no longer"
            return f"=> VRRP Instance is {owning} owning VRRP VIPs <="
        case Subject.GROUP:
            return f"=> All VRRP group instances are now in {notice.state} state <="
        case Subject.REAL_SERVER if notice.state == UP:
            return "=> CHECK succeed on service <="
        case Subject.REAL_SERVER:
            return f"=> CHECK failed on service{f' : {notice.reason}' if notice.reason else ''} <="
        case Subject.VIRTUAL_SERVER:
            return f"=> {'Lost' if notice.state == DOWN else 'Gained'} quorum: {notice.detail} <="

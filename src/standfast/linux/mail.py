"""Handing a mail to a mail server (behaviours NO-05, NO-08), with STARTTLS, TLS and authentication where asked."""

import ssl
from collections.abc import Sequence
from contextlib import suppress

import aiosmtplib

from standfast.base.errors import Refused
from standfast.base.frozen import field, frozen
from standfast.base.times import SECOND, Duration
from standfast.linux.tls import checking_context

_FOR_GOOD = range(500, 600)  # replies that say: do not try this again (RFC 5321, section 4.2.1)


@frozen
class MailServer:
    """Where mails are handed in."""

    host: str
    port: int
    helo: str  # our name
    timeout: Duration  # of each step
    security: str = "none"  # none, starttls, tls
    ca_file: str = ""
    user: str = ""
    password: bytes = field(default=b"", repr=False)

    def __str__(self) -> str:
        return f"mail server {self.host} port {self.port}"


async def hand_in(server: MailServer, sender: str, recipients: Sequence[str], content: bytes) -> None:
    """Give the server a mail.

    Raises:
        Refused: the server does not take it, and will not.
        OSError: it cannot be reached or does not answer now; another time may be better.
    """
    if server.user and server.security == "none":
        raise Refused("password-in-clear", "a password is not sent without TLS", remedy="set smtp_security")
    context = None if server.security == "none" else checking_context(server.ca_file)
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        local_hostname=server.helo,
        timeout=server.timeout / SECOND,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        tls_context=context,
        username=server.user or None,
        password=server.password.decode(errors="surrogateescape") if server.user else None,
    )
    try:
        await client.connect()
        refused, _ = await client.sendmail(sender, recipients, content)
        with suppress(aiosmtplib.SMTPException, OSError):  # it has the mail, however it says goodbye
            await client.quit()
    except aiosmtplib.SMTPRecipientsRefused as error:
        _raise(max(each.code for each in error.recipients), str(error.recipients[0].message))
    except aiosmtplib.SMTPResponseException as error:
        _raise(error.code, error.message)
    except (aiosmtplib.SMTPException, ssl.SSLError, UnicodeError, ValueError) as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
    finally:
        client.close()
    if refused:
        words = ", ".join(f"{who}: {reply.code} {reply.message}" for who, reply in refused.items())
        raise Refused("recipients", words, remedy="correct notification_email")


def _raise(code: int, message: str) -> None:
    if code in _FOR_GOOD:
        raise Refused("mail-refused", f"{code} {message}")
    raise ConnectionError(f"{code} {message}")

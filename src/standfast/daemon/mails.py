"""Alert mails on this host: made, kept until the mail server takes them, and handed in."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, make_msgid

from standfast.daemon.deliveries import Deliveries
from standfast.daemon.notice_pipe import Stamped
from standfast.linux.mail import MailServer, hand_in
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.observe.mail import Letter, Mailing, Stamp


class Mails:
    """Mails of notices for those who asked for them."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        self._mailing = Mailing()
        self._host = os.uname().nodename
        self._server: MailServer | None = None
        self.deliveries = Deliveries[Letter]("", self._hand_in, tell=tell)

    def configure(self, config: Config) -> None:
        """Go by this configuration; what waits goes to its server."""
        self._mailing.configure(config)
        self._server = _server_of(config.global_defs, self._host)
        self.deliveries.to = str(self._server)

    def put(self, stamped: Stamped) -> None:
        """Send the mails for a notice."""
        date = format_datetime(datetime.fromtimestamp(stamped.at, UTC).astimezone())
        stamp = Stamp(date, make_msgid(domain=self._host), self._host)
        letter = self._mailing.letter(stamped.told.notice, stamp)
        if letter is not None:
            self.deliveries.put(letter)

    async def _hand_in(self, letter: Letter) -> None:
        if self._server is not None:
            await hand_in(self._server, letter.sender, letter.recipients, letter.content)


def _server_of(defs: GlobalDefs, host: str) -> MailServer | None:
    if defs.smtp_server is None:
        return None
    return MailServer(
        host=defs.smtp_server.host,
        port=defs.smtp_server.port,
        helo=defs.smtp_helo_name or host,
        timeout=defs.smtp_connect_timeout,
        security=defs.smtp_security,
        ca_file=defs.smtp_ca_file,
        user=defs.smtp_user,
        password=defs.smtp_password.value if defs.smtp_password else b"",
    )

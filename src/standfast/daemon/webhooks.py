"""Webhooks on this host: each has its own queue, so that one that hangs delays no other."""

import os
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from standfast import __version__
from standfast.daemon.deliveries import Deliveries
from standfast.daemon.notice_pipe import Stamped
from standfast.linux.webhook import Hook, post
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.urls import Url
from standfast.observe.webhook import Message, message_of

_AGENT = f"Standfast/{__version__}"


class Webhooks:
    """Messages for every webhook that is configured."""

    def __init__(
        self, tell: Callable[[object], None], *, began: Callable[[Deliveries[Message]], None]
    ) -> None:
        """Make it without any.

        Args:
            tell: is told what failed and what was lost.
            began: is given each new queue, to have it worked off.
        """
        self._tell = tell
        self._began = began
        self._host = os.uname().nodename
        self._router_id = self._host
        self._hooks: dict[Url, Hook] = {}
        self.deliveries: dict[Url, Deliveries[Message]] = {}

    def configure(self, config: Config) -> None:
        """Have exactly these; what waits for one that stays goes on waiting."""
        defs = config.global_defs
        self._router_id = defs.router_id or self._host
        self._hooks = {url: _hook_of(url, defs) for url in defs.webhook}
        for url in [url for url in self.deliveries if url not in self._hooks]:
            self.deliveries.pop(url).close()
        for url, hook in self._hooks.items():
            if url not in self.deliveries:
                made = Deliveries[Message](str(hook), partial(self._post, url), tell=self._tell)
                self.deliveries[url] = made
                self._began(made)

    def put(self, stamped: Stamped) -> None:
        """Tell every webhook of a change."""
        notice = stamped.told.notice
        if not notice.is_change or not self.deliveries:
            return
        at = datetime.fromtimestamp(stamped.at, UTC).isoformat(timespec="milliseconds")
        message = message_of(
            notice, router_id=self._router_id, host=self._host, at=at, message_id=str(uuid.uuid4())
        )
        for each in self.deliveries.values():
            each.put(message)

    async def _post(self, url: Url, message: Message) -> None:
        await post(self._hooks[url], message.content, agent=_AGENT)


def _hook_of(url: Url, defs: GlobalDefs) -> Hook:
    return Hook(
        secure=url.scheme == "https",
        host=url.host,
        port=url.port,
        authority=url.authority,
        target=url.target,
        timeout=defs.webhook_timeout,
        ca_file=defs.webhook_ca_file,
        token=defs.webhook_token.value if defs.webhook_token else b"",
    )

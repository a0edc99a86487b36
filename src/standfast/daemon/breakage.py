"""What becomes of a child one of whose callbacks fails: nothing can be trusted any more, so it ends."""

import asyncio
from collections.abc import Mapping
from typing import Any

from standfast.base.errors import Broken


class Breakage:
    """Ends a loop at the first mistake of ours, and keeps that until all is tidied up."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear of failed callbacks from now on."""
        self._loop = loop
        self._error: BaseException | None = None
        loop.set_exception_handler(self._hear)

    def fail(self, error: BaseException) -> None:
        """This has gone wrong."""
        self._error = error
        self._loop.stop()

    def raise_it(self) -> None:
        """Let the mistake go on its way, if there was one."""
        if self._error is not None:
            raise self._error

    def _hear(self, _: object, context: Mapping[str, Any]) -> None:
        self.fail(context.get("exception") or Broken(str(context["message"])))

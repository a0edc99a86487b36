"""A VRRP daemon in the lab: ours or Keepalived, they are started and told alike."""

import signal
from collections.abc import Sequence

from standfast.base.times import Instant
from standfast.lab.namespaces import Namespaces
from standfast.lab.processes import Process


class Daemon(Process):
    """A VRRP daemon with the configuration that it was given; its files are its own, so a host can run several."""

    def __init__(
        self,
        namespaces: Namespaces,
        host: str,
        command: Sequence[str],
        *,
        config: str,
        flags: Sequence[str] = (),
        name: str,
        parts: Sequence[str] = ("-P",),
    ) -> None:
        """Start it in the foreground, VRRP only if not told otherwise, with its log on its standard error.

        Args:
            namespaces: where it runs.
            host: on which host.
            command: its argv without flags.
            config: the text of its `keepalived.conf`.
            flags: more flags of Keepalived's.
            name: what its files under /run are named after.
            parts: the flags that say which of its parts run (`-P` VRRP, `-C` virtual servers); none: all.
        """
        self._file = f"{name}.conf"
        namespaces.write(host, self._file, config, 0o644)
        files = ["-f", f"/run/{self._file}", "-p", f"/run/{name}.pid", "-r", f"/run/{name}-vrrp.pid"]
        files += ["-c", f"/run/{name}-checkers.pid"]
        super().__init__(namespaces, host, [*command, "-n", "-l", *parts, *files, *flags])

    def reload(self, config: str) -> Instant:
        """Give it another configuration; when it was told."""
        self._namespaces.write(self.host, self._file, config, 0o644)
        return self.signal(signal.SIGHUP)

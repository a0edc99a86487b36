"""Where files are unless somebody says otherwise: as with Keepalived, so that the two never run side by side."""

from typing import Final

CONFIG_FILE: Final = "/etc/keepalived/keepalived.conf"
RUN_DIRECTORY: Final = "/run"
PID_FILE: Final = f"{RUN_DIRECTORY}/keepalived.pid"
OWN_DIRECTORY: Final = f"{RUN_DIRECTORY}/keepalived"  # of daemons that share a host (behaviour FILE-02)

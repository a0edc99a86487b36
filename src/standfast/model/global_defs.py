"""`global_defs`: what holds for the whole daemon, and the defaults of every instance."""

from standfast.model.declare import Reload, block, kw
from standfast.model.globals.control import Control
from standfast.model.globals.lvs import Lvs
from standfast.model.globals.mail import Mail, Webhooks
from standfast.model.globals.processes import Buffers, OtherProcesses, ProcessNames, VrrpProcess
from standfast.model.globals.scripts import Fifos, Scripts
from standfast.model.globals.surroundings import DBus, Files, Firewall, Reloading, Snmp
from standfast.model.globals.vrrp import VrrpDefaults
from standfast.model.kinds.names import Word


@block("global_defs", reload=Reload.LIVE)
class GlobalDefs(
    Files, Reloading, DBus, Snmp, Firewall, Lvs, Buffers, OtherProcesses, VrrpProcess, ProcessNames, Fifos,
    Webhooks, Mail, Scripts, VrrpDefaults, Control,
):  # fmt: skip
    """Settings of the daemon, and defaults of the instances."""

    router_id: str = kw(
        Word(),
        default="",
        doc="Name of this node in messages, mails and SNMP.",
        default_words="the host name",
    )

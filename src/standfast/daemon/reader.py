"""The configuration that a command line names, read from this host's files; all that `standfastd -t` needs."""

from standfast.conf.read import Reading, read_config
from standfast.daemon.files import HostFiles, this_surroundings
from standfast.daemon.flags import Flags
from standfast.daemon.host import ThisHost


def read_configuration(flags: Flags, *, resolves: bool = False) -> Reading:
    """Read the configuration that the command line names; `resolves`: and look up the names of hosts."""
    surroundings = this_surroundings(flags.config_id, strict_includes=flags.all_config)
    return read_config(flags.config, HostFiles(), surroundings, host=ThisHost(resolves=resolves))

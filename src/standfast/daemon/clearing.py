"""What a killed process of ours left, taken away by the parent where no child is needed any more.

A vrrp child does this at its start. Without an instance in the configuration there is none, and the addresses
would stay on a host that is no longer anybody's peer.
"""

from collections.abc import Callable

from standfast.base.limits import COMMAND_LIMIT
from standfast.base.times import SECOND
from standfast.core.vrrp.firewall import RuleSet
from standfast.core.vrrp.holding import abandoned
from standfast.daemon.host_record import Former
from standfast.daemon.kernel import Kernel
from standfast.daemon.own_record import Left, OwnRecord
from standfast.engine.ports import Event
from standfast.linux.loop import new_loop
from standfast.model.config import Config


def clear_away(former: Former, own: OwnRecord, complain: Callable[[str], None]) -> bool:
    """Take away what earlier processes left; whether there was anything to do.

    Args:
        former: addresses, routes, rules, and tables of the firewall.
        own: what is recorded of interfaces and settings.
        complain: gets words about what cannot be done.
    """
    if former == Former() and own.read() == Left():
        return False
    loop = new_loop()
    kernel = Kernel(loop, _nobody, complain, record=own)
    try:
        kernel.make(Config())
        kernel.start(())
        kernel.routing.release(former.routing)
        kernel.addresses.release(abandoned(kernel.present, former.addresses, ()))
        if former.means and kernel.firewall.left_over(former.means[0], former.means[1:]):
            kernel.firewall.shield(RuleSet(means=former.means[0]))
            kernel.firewall.when_quiet(loop.stop)
            late = loop.call_later(COMMAND_LIMIT / SECOND, loop.stop)
            if kernel.firewall.busy:
                loop.run_forever()
            late.cancel()
    except OSError as error:
        complain(f"cannot take away what an earlier process left: {error.strerror}")
    finally:
        kernel.close()
        loop.close()
    return True


def _nobody(_: Event) -> None:
    """No router hears what becomes of it."""

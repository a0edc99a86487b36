"""The firewall of a simulated host: it takes all rules at once, or refuses them all."""

from standfast.engine.ports import RuleSet, Shielded, ShieldRefused, Tell


class KernelRules:
    """What the firewall does, whichever process asked for it."""

    def __init__(self) -> None:
        self.rules = RuleSet()
        self.refusing = False  # whether it takes no rules


class Firewall:
    """The engine's way to the firewall (`ports.FirewallPort`)."""

    def __init__(self, kernel: KernelRules, tell: Tell) -> None:
        """Make one.

        Args:
            kernel: of the host; what an earlier process left there goes.
            tell: told whether the rules are in force.
        """
        self._kernel = kernel
        self._kernel.rules = RuleSet()
        self._tell = tell

    def shield(self, rules: RuleSet) -> None:
        """Have exactly these rules."""
        if self._kernel.refusing:
            self._tell(ShieldRefused(rules, "no room"))
            return
        self._kernel.rules = rules
        self._tell(Shielded(rules))

    def check(self) -> None:
        """They stand: nobody else is on this host."""

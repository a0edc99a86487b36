"""The firewall of a simulated host: it takes all rules, and at once."""

from standfast.engine.ports import RuleSet, Shielded, Tell


class Firewall:
    """The engine's way to the firewall (`ports.FirewallPort`)."""

    def __init__(self, tell: Tell) -> None:
        """Make one.

        Args:
            tell: told that the rules are in force.
        """
        self.rules = RuleSet()
        self._tell = tell

    def shield(self, rules: RuleSet) -> None:
        """Have exactly these rules."""
        self.rules = rules
        self._tell(Shielded(rules))

    def check(self) -> None:
        """They stand: nobody else is on this host."""

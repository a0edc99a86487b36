"""What stands in a module that need not be imported yet, by its name: `standfast.model.rules:Rule`.

A start imports only what its file needs: most files have one or two of the blocks that there are.
"""

from importlib import import_module
from typing import Any


def imported(name: str) -> Any:
    """What is called so; its module is imported now, if nobody has before."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)

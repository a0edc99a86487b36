"""The order in which effects of several routers are carried out and told."""

from collections.abc import Iterable

from standfast.core.vrrp.effects import Command, Effect, Effects, SendAdvert


def in_order(effects: Iterable[Effect]) -> Effects:
    """Adverts of all routers, then what is to be done, then what is to be told; nobody waits for a word."""
    adverts: list[Effect] = []
    commands: list[Effect] = []
    facts: list[Effect] = []
    for effect in effects:
        if isinstance(effect, SendAdvert):
            adverts.append(effect)
        else:
            (commands if isinstance(effect, Command) else facts).append(effect)
    return (*adverts, *commands, *facts)


def told_last(effects: Iterable[Effect]) -> Effects:
    """What is to be done in its order, then what is to be told in its: an end before a new beginning."""
    every = tuple(effects)
    done = (effect for effect in every if isinstance(effect, Command))
    return (*done, *(effect for effect in every if not isinstance(effect, Command)))

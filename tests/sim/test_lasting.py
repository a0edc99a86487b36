"""Time alone fills no memory: the small form of bench/soak.py's month."""

from standfast.base.times import SECOND, Duration, seconds
from standfast.daemon.census import take_census
from standfast.sim.world import World

INTERVAL = Duration(40 * SECOND)
HALF_A_DAY = seconds(12 * 3600)


def test_after_a_day_the_machines_hold_what_they_held_at_noon() -> None:
    world = World(1)
    first = world.add("a", priority=150, interval=INTERVAL)
    world.add("b", priority=100, interval=INTERVAL).start()
    first.start()
    world.run(HALF_A_DAY)
    first.crash()
    world.run(seconds(300))
    first.start()
    world.run(seconds(300))
    noon = machines()

    world.run(HALF_A_DAY)
    first.crash()
    world.run(seconds(300))
    first.start()
    world.run(seconds(300))

    assert machines() == noon


def machines() -> dict[str, int]:
    """What the core and the engine hold; the world's own story grows, of course."""
    census = take_census()
    held = census.objects | {f"{name} (entries)": count for name, count in census.queues.items()}
    return {name: count for name, count in held.items() if name.startswith(("core.", "engine.", "base."))}

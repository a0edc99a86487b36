"""What is told of two masters at once, and of their end, by who may not have heard all of it.

Adverts come each second: those of a host of priority 200 at .219 behind the full second, of 150 at .414.
"""

import pytest

from standfast.base.times import seconds
from standfast.core.vrrp import conflict
from standfast.core.vrrp.conflict import Speaker, Voice
from standfast.sim.network import Conditions, Network, Packet, Station
from standfast.sim.oracles.oracle import Violation
from standfast.sim.world import World


def three(world: World) -> None:
    """Hosts a, b and c, of which a is master; c remembers 2 adverts while it sleeps."""
    for name, priority, room in (("a", 200, 256), ("b", 150, 256), ("c", 100, 2)):
        world.add(name, priority=priority, room=room, rate_ppm=0).start()
    world.run(seconds(10))
    assert world.masters == ["a"]


def told(world: World, host: str) -> list[str]:
    """What this host has told of two masters, and of their end."""
    words = (line.split(maxsplit=2)[1:] for line in world.panel.story())
    return [
        what.partition(" sees ")[2].partition(",")[0]
        for who, what in words
        if who == host and " sees " in what
    ]


def a_third_comes() -> World:
    """c hears the masters a and b, which do not hear each other; both die, c takes over, and yields to d."""
    world = World(1)
    for name, priority in (("a", 200), ("b", 150), ("c", 100), ("d", 254)):
        world.add(name, priority=priority, rate_ppm=0)
    world.part(["a"], ["b"])
    for name in "abc":
        world.host(name).start()
    world.run(seconds(10.3))
    assert told(world, "c") == ["two masters: 10.0.0.2 and 10.0.0.1"]

    world.host("a").crash()
    world.run(seconds(0.2))
    world.host("b").crash()
    world.run(seconds(1))
    world.host("d").start()  # it waits 3.008 s, and so it speaks at 14.508; c does at 14.023
    world.run(seconds(5))
    assert world.masters == ["d"]
    return world


def test_a_master_that_yields_to_a_third_while_it_knows_of_two_others_says_that_this_one_is_left() -> None:
    """The two have been silent for 5 s each; it is d that it hears (sim seeds 507, 519, 4627)."""
    world = a_third_comes()

    assert told(world, "c")[-1] == "one master: 10.0.0.4"


def returned_unseen(*, suspended: bool) -> World:
    """While c sleeps, a leaves and b takes over; c is awake again when a comes back.

    Of a it finds two adverts in its buffer; the goodbye had no room there.
    """
    world = World(1)
    three(world)
    leaver, sleeper = world.host("a"), world.host("c")

    sleeper.suspend() if suspended else sleeper.pause()
    world.run(seconds(2))
    leaver.stop()
    world.run(seconds(0.1))
    leaver.start()  # master again 3.219 s from here
    world.run(seconds(1.7))
    assert world.masters == ["b"]
    sleeper.carry_on() if suspended else sleeper.resume()
    world.run(seconds(3))
    assert world.masters == ["a"]
    return world


def test_who_wakes_does_not_take_a_handover_that_it_slept_through_for_two_masters() -> None:
    """What it reads of a is old; only an advert of b, and one of a behind it, are new (sim seeds 1811, 5697)."""
    world = returned_unseen(suspended=False)

    assert told(world, "c") == []


def test_who_was_suspended_may_tell_of_a_handover_that_it_cannot_have_noticed() -> None:
    """Its clock stood still: for all that it knows, a spoke just before b, and just behind it (sim seed 6351)."""
    world = returned_unseen(suspended=True)

    assert told(world, "c")[:1] == ["two masters: 10.0.0.2 and 10.0.0.1"]


def test_old_words_that_come_when_the_weather_is_fair_again_are_no_rumour() -> None:
    """b was master for 0.3 s, and its one advert is on its way for 5 s (sim seeds 2223, 4545, 5965, 7115)."""
    world = World(1)
    three(world)
    world.run(seconds(0.3))
    late = Conditions(delay=seconds(5))

    world.cut("a", "b")
    world.run(seconds(3.3))  # to 13.6
    world.begin_weather(late)
    world.run(seconds(0.3))
    assert world.masters == ["a", "b"]
    world.host("b").link_down()
    world.end_weather(late)
    world.run(seconds(6))

    assert told(world, "c")[:1] == ["two masters: 10.0.0.2 and 10.0.0.1"]


def test_a_router_in_fault_does_not_say_that_it_is_the_one_that_is_left() -> None:
    """b is master as well, for it does not hear a; then a loses its link, and hears nobody any more."""
    world = World(1)
    three(world)
    world.cut("a", "b")
    world.run(seconds(5))
    assert told(world, "a") == ["two masters: 10.0.0.1 and 10.0.0.2"]

    world.host("a").link_down()
    world.run(seconds(10))

    assert told(world, "a")[1:] == ["one master: 10.0.0.2"]


def test_who_does_not_hear_the_one_that_is_left_names_the_one_that_it_heard_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a says to c the network eats, again and again; b speaks until 12.414 (sim seeds 2103, 3019)."""
    world = World(1)
    for name, priority in (("a", 200), ("b", 150), ("c", 100)):
        world.add(name, priority=priority, rate_ppm=0).start()
    world.part(["a"], ["b"])
    world.run(seconds(10.3))
    carry = Network._carry

    def eat(self: Network, sender: Station, receiver: Station, packet: Packet) -> None:
        if (sender.host, receiver.host) == ("a", "c"):
            self.lost(sender.host, receiver.host, packet)
        else:
            carry(self, sender, receiver, packet)

    monkeypatch.setattr(Network, "_carry", eat)
    world.run(seconds(2.2))
    world.host("b").link_down()
    world.run(seconds(3))

    assert world.masters == ["a"]
    assert told(world, "c") == ["two masters: 10.0.0.2 and 10.0.0.1", "one master: 10.0.0.2"]


# ---- the oracles see it if it is otherwise


def test_a_master_for_which_the_advert_does_not_count_that_it_yields_to_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conflict.Masters, "involve", lambda self, _: self.conflict is not None)

    with pytest.raises(Violation, match=r"^Survivors at 15\.2.* s: c says that 10\.0\.0\.2 is left"):
        a_third_comes()


def test_adverts_that_count_from_when_they_are_read_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def as_read(voice: Voice) -> Speaker:
        return Speaker(voice.address, voice.priority, voice.read, voice.read, voice.interval)

    monkeypatch.setattr(conflict.Voice, "now", as_read)

    with pytest.raises(Violation, match=r"^Rumours at 15\.3.* s: c tells of two masters"):
        returned_unseen(suspended=False)

"""A simulated world: the daemon's own core and engine on simulated hosts, networks and clocks.

Read in this order: `clock` and `network` (what the world is made of), `kernel`, `sockets`, `announcer` (who
implements the engine's ports), `process` and `host` (what runs there), `truth` (what is really so, which no host
can see), `oracles` (what must always be so), `world` (all together), `plans` and `faults` (who is there, and what
goes wrong), `scenario` (a world written down, and played), `generate`, `grouped` and `extras` (scenarios by
chance), `swarm` and `shrink` (thousands of worlds, and the shortest story of one that failed). BFD has worlds of
its own: `bfd_world`.

All chance comes from a `random.Random` with the world's seed: the same seed is the same world to the microsecond.
"""

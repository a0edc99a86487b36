"""Who watches the children: restarts, delays, hellos, stop and reload, as pure functions.

Read in this order: `watch` (what the parent is told), `state` (one child), `events`, `effects`, `timing` (what
is due when), `step` (what happens to one child), `reload` (a reload as a transaction), `node` (the parent).
"""

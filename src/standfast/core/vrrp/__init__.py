"""The virtual router: who is master, which addresses the host holds, and when it says so.

Read in this order: `router` (what one is told to be), `state`, `events`, `effects`, `timing` (what is due
when), `accept` (which adverts count), `step` (what happens), `announce`, `node` (all routers of a process).
"""

"""Virtual servers: what the kernel should balance over what, and how to get there.

Nothing here knows how the kernel is told: it may be IPVS, or something else that balances.
"""

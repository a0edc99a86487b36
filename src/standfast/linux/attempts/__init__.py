"""Attempts of health checks: each asks a server once, within one deadline and one bound of bytes.

An attempt is a coroutine that a `Trial` drives. It succeeds by returning, and fails by raising `Failed`; it knows
no schedule, no retries and no weights.
"""

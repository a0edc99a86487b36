"""Listeners of facts: the log, counters, notification."""

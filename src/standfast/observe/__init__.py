"""Listeners of facts and readers of snapshots: the log, counters, scripts, dumps.

A fact is told once; what each listener makes of it stands in one place: its words in `words_*`, its counts in
`counters`, its scripts in `notify`. Nothing in here decides anything about routers, and nothing waits.
"""

"""Trackers: what is watched beside the adverts, and what each says about it.

A tracker's only word is a `Verdict`; what follows from it is decided by who asked for it (design, section 4).
"""

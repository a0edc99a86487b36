"""Decisions, as pure functions of values: no clock, socket, file, environment or die in here."""

"""Composition: gives a machine its events and its time, and carries out what it asks for through ports."""

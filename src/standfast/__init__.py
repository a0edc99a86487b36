"""Standfast keeps addresses and services standing on Linux hosts, driven by keepalived.conf."""

__version__ = "0.1.0.dev0"

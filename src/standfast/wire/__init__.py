"""Bytes to frozen values and back, one format a file; never a socket."""

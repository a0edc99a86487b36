"""Bidirectional forwarding detection: is the way to a neighbour there, both ways (RFC 5880, 5881, 5883)."""

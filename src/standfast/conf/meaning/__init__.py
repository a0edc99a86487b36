"""What follows from several keywords or blocks: small rules, each with its slug.

A rule gets one built block, says what is wrong with it, and corrects it as Keepalived would, so that the
daemon runs with what Keepalived would run with.
"""

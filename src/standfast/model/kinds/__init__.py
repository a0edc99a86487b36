"""Kinds of values: how the words behind a keyword become one, and how it is written, described, checked."""

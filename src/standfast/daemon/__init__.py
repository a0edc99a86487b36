"""The processes of the running daemon: the parent that watches, and its children."""

"""The command `standfast`: one file a verb."""

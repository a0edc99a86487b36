"""The keywords of `global_defs`, in groups of what belongs together."""

"""A simulated world in which the same core and engine run on a virtual clock."""

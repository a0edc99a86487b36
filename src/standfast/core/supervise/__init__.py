"""Who watches the children: restarts, delays, hellos, as pure functions."""

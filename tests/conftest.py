"""What all tests share: how hypothesis works here, and two watchers of the whole run."""

from hypothesis import HealthCheck, settings

pytest_plugins = ("tally_hooks", "leftovers_hooks")

# A deadline for each example would be a wall clock: a busy machine is no defect of ours.
settings.register_profile("standfast", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("standfast")

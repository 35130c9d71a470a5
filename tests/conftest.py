"""Property tests try the same examples in each run; `--hypothesis-profile=default` tries new ones."""

from hypothesis import settings

settings.register_profile("same each time", derandomize=True, deadline=None)
settings.load_profile("same each time")

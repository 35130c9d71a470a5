"""A Discord on this machine, as strict as the real one: for any bot, and knowing nothing of ours."""

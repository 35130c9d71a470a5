"""A Discord on this machine for any bot, as strict as the real one; it imports nothing of ours."""

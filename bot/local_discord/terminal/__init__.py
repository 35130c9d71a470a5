"""Playing a member of the local Discord from a terminal."""

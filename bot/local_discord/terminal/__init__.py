"""Taking part in this Discord from a terminal."""

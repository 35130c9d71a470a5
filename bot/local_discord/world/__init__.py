"""The state of this Discord, and what people do in it."""

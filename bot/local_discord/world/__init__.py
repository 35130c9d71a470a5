"""The state of the local Discord, and what people do in it."""

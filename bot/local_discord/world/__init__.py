"""The state of this Discord, and the actions of people in it."""

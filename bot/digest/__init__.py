"""The contents of digests and alerts, and when they are due.

The time is always an argument. `preview` awaits the given search; everything else is pure.
"""

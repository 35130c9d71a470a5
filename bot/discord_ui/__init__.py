"""Dateline in Discord: the only layer that knows discord.py.

It is thin: what is shown comes as blocks from `presentation`, what is found from `app`. Blocks
become components in `components.py`, foreign text passes through `escaping.py`.
"""

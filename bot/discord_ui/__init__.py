"""Dateline in Discord: the only layer that imports discord.py.

It is thin. Services find and store, and `presentation` builds blocks. `messages/components.py` turns
blocks into Discord's components, and `messages/markdown.py` escapes quoted text.
"""

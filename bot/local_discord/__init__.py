"""A Discord on this machine for any bot, as strict as the real one.

It imports nothing else of this project, and only aiohttp from outside. If jsonschema and zstandard
are installed, as they are with the tests, it uses them. Requests and events have the shape that
discord.py 2.7.1 was found to need: fields were left out one by one until it broke.
"""

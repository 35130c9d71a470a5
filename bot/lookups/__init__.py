"""Lookups in the library and their results.

The current day is passed as an argument, and the text that a person entered is already parsed.
"""

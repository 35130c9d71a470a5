"""Dateline: answers questions from dated articles with verbatim, dated excerpts."""

__version__ = "0.1.0"

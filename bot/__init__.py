"""Dateline: answers questions from dated articles with verbatim, dated excerpts."""

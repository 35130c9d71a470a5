"""Parsing of a question into a query: terms, phrases, dates and the answer type."""

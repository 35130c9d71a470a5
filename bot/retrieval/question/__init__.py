"""A question to a query: terms, phrases, dates and the answer type."""

"""Counts in words."""


def format_count(count: int, noun: str) -> str:
    """Return the count with the noun; the plural is formed with an s."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

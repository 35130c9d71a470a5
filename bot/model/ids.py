"""Identifiers that could be mistaken for other strings, and new random ones."""

import secrets
from typing import NewType

_KEY_BYTES = 12


def generate_key() -> str:
    """A key that nobody can guess: 16 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(_KEY_BYTES)


Pseudonym = NewType("Pseudonym", str)
"""What a person is called in the database."""

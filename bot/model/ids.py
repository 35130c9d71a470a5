"""Random keys, and the types of ids that could be mistaken for other strings."""

import secrets
from typing import NewType

_KEY_BYTES = 12


def generate_key() -> str:
    """Return a key that can't be guessed, of 16 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(_KEY_BYTES)


Pseudonym = NewType("Pseudonym", str)
"""The keyed hash that stands for a person in the database."""

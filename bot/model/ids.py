"""Random keys, and the types of ids that could be mistaken for other strings."""

import secrets
from typing import NewType

# 12 bytes are exactly 16 characters of base64: short enough to share a button's id, of at most 100
# characters in Discord, with the action and a rank.
_KEY_BYTES = 12


def generate_key() -> str:
    """Return a key that can't be guessed, of 16 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(_KEY_BYTES)


Pseudonym = NewType("Pseudonym", str)
"""The keyed hash that stands for a person in the database."""

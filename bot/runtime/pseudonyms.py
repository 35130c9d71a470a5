"""User ids as keyed hashes, so that no raw id is stored or logged."""

import secrets
from hashlib import blake2b
from pathlib import Path

from bot.errors import SettingsError
from bot.model.ids import Pseudonym
from bot.runtime.atomic_files import create_private_file

KEY_FILE = "secret"
KEY_BYTES = 32

_HASH_BYTES = 16


class Pseudonymizer:
    """Gives a person the same name as long as the key stays, and nobody a way back to the id."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_folder(cls, folder: Path) -> "Pseudonymizer":
        """Return the one of a data folder, whose key is made the first time.

        Raises:
            SettingsError: The file of the key can't be used.
        """
        path = folder / KEY_FILE
        key = _read_key(path)
        if len(key) != KEY_BYTES:
            remedy = (
                f"it holds {len(key)} bytes, not {KEY_BYTES}: restore it from a copy, or delete it, "
                "and nobody's earlier votes and answers will be known as theirs."
            )
            raise _make_key_error(path, remedy)
        return cls(key)

    def pseudonymize(self, user_id: int) -> Pseudonym:
        """The pseudonym of the person with this id: 32 hex digits."""
        user_hash = blake2b(str(user_id).encode(), key=self._key, digest_size=_HASH_BYTES)
        return Pseudonym(user_hash.hexdigest())


def _read_key(path: Path) -> bytes:
    try:
        if not path.exists():
            create_private_file(path, secrets.token_bytes(KEY_BYTES))
        return path.read_bytes()
    except OSError as error:
        remedy = f"it can't be used ({error.strerror}): allow this user to read and write it."
        raise _make_key_error(path, remedy) from error


def _make_key_error(path: Path, remedy: str) -> SettingsError:
    return SettingsError(str(path), "the key of pseudonyms", remedy)

"""Keyed hashes of user ids, so that no user id is stored or logged."""

import secrets
from hashlib import blake2b
from pathlib import Path

from bot.errors import SettingsError
from bot.model.ids import Pseudonym
from bot.runtime.atomic_files import create_private_file
from bot.runtime.disk_errors import DISK_REMEDY, describe_reason, is_disk_error

KEY_FILE = "secret"
KEY_BYTES = 32

_HASH_BYTES = 16


class Pseudonymizer:
    """A keyed hash function for user ids; without its key, nobody can find the id of a pseudonym."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_folder(cls, folder: Path) -> "Pseudonymizer":
        """Return the pseudonymizer of a data folder; its key is created the first time.

        Raises:
            SettingsError: The key file can't be used.
        """
        path = folder / KEY_FILE
        key = _read_key(path)
        if len(key) != KEY_BYTES:
            remedy = (
                f"It has {len(key)} bytes instead of {KEY_BYTES}. Restore it from a backup, or "
                "delete it; people then lose access to their earlier votes and answers."
            )
            raise _make_key_error(path, remedy)
        return cls(key)

    def pseudonymize(self, user_id: int) -> Pseudonym:
        """Return the pseudonym of a person: 32 hex digits."""
        user_hash = blake2b(str(user_id).encode(), key=self._key, digest_size=_HASH_BYTES)
        return Pseudonym(user_hash.hexdigest())


def _read_key(path: Path) -> bytes:
    try:
        if not path.exists():
            create_private_file(path, secrets.token_bytes(KEY_BYTES))
        return path.read_bytes()
    except OSError as error:
        remedy = (
            DISK_REMEDY
            if is_disk_error(error)
            else "Make it a file that this user can read and write."
        )
        remedy = f"It can't be used ({describe_reason(error)}). {remedy}"
        raise _make_key_error(path, remedy) from error


def _make_key_error(path: Path, remedy: str) -> SettingsError:
    return SettingsError(str(path), "the key for pseudonyms", remedy)

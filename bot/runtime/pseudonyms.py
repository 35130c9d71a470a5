"""User ids as keyed hashes, so that no raw id is stored or logged."""

import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from bot.errors import SettingsError
from bot.model.ids import Pseudonym

FILE_NAME = "secret"
KEY_BYTES = 32

_HASH_BYTES = 16


class Pseudonymizer:
    """Gives a person the same name as long as the key stays, and nobody a way back to the id."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_folder(cls, folder: Path) -> "Pseudonymizer":
        """Those of a data folder, whose key is made the first time.

        Raises:
            SettingsError: The file of the key can't be used.
        """
        path = folder / FILE_NAME
        try:
            if not path.exists():
                create_key_file(path)
            key = path.read_bytes()
        except OSError as error:
            remedy = f"it can't be used ({error.strerror}): allow this user to read and write it."
            raise SettingsError(str(path), "the key of pseudonyms", remedy) from error
        if len(key) != KEY_BYTES:
            remedy = (
                f"it holds {len(key)} bytes, not {KEY_BYTES}: restore it from a copy, or delete it, "
                "and nobody's earlier votes and answers will be known as theirs."
            )
            raise SettingsError(str(path), "the key of pseudonyms", remedy)
        return cls(key)

    def pseudonymize(self, user_id: int) -> Pseudonym:
        """The pseudonym of the person with this id: 32 hex digits."""
        user_hash = blake2b(str(user_id).encode(), key=self._key, digest_size=_HASH_BYTES)
        return Pseudonym(user_hash.hexdigest())


def create_key_file(path: Path) -> None:
    """Writes a new key whole, or leaves the one that another process was quicker to write.

    Raises:
        OSError: The file can't be written; nothing of it is left.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary_path = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        # Its own right from the start: nobody may read it between two steps.
        with os.fdopen(
            os.open(temporary_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(temporary_path)
    finally:
        temporary_path.unlink(missing_ok=True)

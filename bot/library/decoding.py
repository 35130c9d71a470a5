"""Bytes of a file as text."""

from bot.errors import ArticleError
from bot.library.draft import FileLocation


def decode_text(raw: bytes, location: FileLocation) -> str:
    """The text that the bytes are in UTF-8, without a byte order mark.

    Raises:
        ArticleError: They are no text in UTF-8.
    """
    nul = raw.find(b"\0")
    if nul >= 0:
        raise ArticleError(
            *location, f"it is binary (NUL at byte offset {nul}): give text saved as UTF-8"
        )
    try:
        return raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8 (at byte offset {error.start}): save it as UTF-8"
        raise ArticleError(*location, reason) from error

"""Decoding the bytes of a file."""

from bot.errors import ArticleError
from bot.library.draft import FileLocation


def decode_text(raw: bytes, location: FileLocation) -> str:
    """Return the bytes decoded as UTF-8, without a byte order mark.

    Raises:
        ArticleError: The bytes are not UTF-8, or contain a NUL.
    """
    # Checked first, since a NUL is valid UTF-8 and typical of binary files.
    nul = raw.find(b"\0")
    if nul >= 0:
        reason = f"the file is binary (NUL at byte offset {nul}). Save it as UTF-8 text."
        raise ArticleError(*location, reason)
    try:
        return raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        reason = f"the text is not UTF-8 (byte offset {error.start}). Save the file as UTF-8."
        raise ArticleError(*location, reason) from error

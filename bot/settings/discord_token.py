"""Loading the bot's token; it is kept out of the settings so that printing them can't leak it."""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings.variables import TOKEN_FILE_VARIABLE, TOKEN_VARIABLE, describe_variable

_TOKEN = re.compile(r"[!-~]+")


def load_discord_token(environment: Mapping[str, str], base_dir: Path = Path()) -> SecretStr:
    """Return the bot's token from DISCORD_TOKEN, or from the file that DISCORD_TOKEN_FILE names.

    Args:
        environment: The environment variables.
        base_dir: The folder that a relative path starts from.

    Raises:
        SettingsError: Neither or both are set, or the value can't be a token.
    """
    token, file = environment.get(TOKEN_VARIABLE), environment.get(TOKEN_FILE_VARIABLE)
    if token and file:
        remedy = f"{TOKEN_FILE_VARIABLE} is also set. Unset one of the two."
        raise _make_token_error(TOKEN_VARIABLE, remedy)
    if file:
        return _parse_token(_read_token_file(base_dir / file), TOKEN_FILE_VARIABLE)
    if token is None:
        remedy = (
            "It is not set. Set it to the bot's token, "
            f"or set {TOKEN_FILE_VARIABLE} to a file with the token."
        )
        raise _make_token_error(TOKEN_VARIABLE, remedy)
    return _parse_token(token, TOKEN_VARIABLE)


def _read_token_file(path: Path) -> str:
    try:
        # A UnicodeDecodeError would carry the token into logs and tracebacks.
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as exc:
        remedy = f"The file {path} can't be read ({exc.strerror}). Choose a readable file."
        raise _make_token_error(TOKEN_FILE_VARIABLE, remedy) from exc


def _parse_token(text: str, variable: str) -> SecretStr:
    token = text.strip()
    if not token:
        raise _make_token_error(variable, "It is empty. Put the bot's token there.")
    if not _TOKEN.fullmatch(token):
        remedy = "It contains spaces or characters that no token has. Put only the token there."
        raise _make_token_error(variable, remedy)
    return SecretStr(token)


def _make_token_error(variable: str, remedy: str) -> SettingsError:
    return SettingsError(describe_variable(variable), "the token", remedy)

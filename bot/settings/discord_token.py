"""The bot's token, which is kept out of the settings so that nothing prints it with them."""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings.variables import TOKEN_FILE_VARIABLE, TOKEN_VARIABLE, describe_variable

_TOKEN = re.compile(r"[!-~]+")


def load_discord_token(environment: Mapping[str, str], base_dir: Path = Path()) -> SecretStr:
    """The bot's token, from its variable or the file that the other one names.

    Args:
        environment: The environment variables.
        base_dir: Where a relative path starts.

    Raises:
        SettingsError: There is none, there are two, or what is there can't be one.
    """
    token, file = environment.get(TOKEN_VARIABLE), environment.get(TOKEN_FILE_VARIABLE)
    if token and file:
        remedy = f"{TOKEN_FILE_VARIABLE} is set, too: unset one of them."
        raise _make_token_error(TOKEN_VARIABLE, remedy)
    if file:
        return _parse_token(_read_token_file(base_dir / file), TOKEN_FILE_VARIABLE)
    if token is None:
        remedy = f"it is not set: set it to the bot's token, or {TOKEN_FILE_VARIABLE} to a file."
        raise _make_token_error(TOKEN_VARIABLE, remedy)
    return _parse_token(token, TOKEN_VARIABLE)


def _read_token_file(path: Path) -> str:
    try:
        # Errors of decoding would carry the token.
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as exc:
        remedy = f"the file {path} can't be read ({exc.strerror}): name one that can."
        raise _make_token_error(TOKEN_FILE_VARIABLE, remedy) from exc


def _parse_token(text: str, variable: str) -> SecretStr:
    token = text.strip()
    if not token:
        raise _make_token_error(variable, "it is empty: put the bot's token there.")
    if not _TOKEN.fullmatch(token):
        remedy = "it holds white space or other signs than a token has: put the token there alone."
        raise _make_token_error(variable, remedy)
    return SecretStr(token)


def _make_token_error(variable: str, remedy: str) -> SettingsError:
    return SettingsError(describe_variable(variable), "the token", remedy)

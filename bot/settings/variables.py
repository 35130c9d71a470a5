"""The environment variables that the bot reads."""

from collections.abc import Mapping

from bot.settings.sections import SETTING_DESCRIPTIONS

VARIABLE_PREFIX = "DATELINE_"
HOME_VARIABLE = f"{VARIABLE_PREFIX}HOME"
DATA_DIR_VARIABLE = f"{VARIABLE_PREFIX}DATA_DIR"
FOLDER_VARIABLES = (HOME_VARIABLE, DATA_DIR_VARIABLE)
TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - a name, not the token
TOKEN_FILE_VARIABLE = "DISCORD_TOKEN_FILE"  # noqa: S105
TOKEN_VARIABLES = (TOKEN_VARIABLE, TOKEN_FILE_VARIABLE)


def key_to_variable(key: str) -> str:
    """Return the environment variable of the setting `section.key`."""
    return VARIABLE_PREFIX + key.replace(".", "__").upper()


SETTINGS_BY_VARIABLE: Mapping[str, str] = {
    key_to_variable(key): key for key in SETTING_DESCRIPTIONS
}
"""The setting `section.key` of each environment variable."""


def describe_variable(variable: str) -> str:
    """Return the name of a variable as errors show it."""
    return f"the environment variable {variable}"

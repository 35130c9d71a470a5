"""Every setting: config/dateline.toml, over it the environment, over that the flags.

Plain pydantic rather than pydantic-settings: that reads `os.environ` by itself, passes over a
misspelt variable and does not say where a wrong value came from. Here each source is validated
on its own, so an error names it.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import SettingsError

CONFIG_FILE = Path("config", "dateline.toml")
PREFIX = "DATELINE_"
HOME_VARIABLE = f"{PREFIX}HOME"
DATA_DIR_VARIABLE = f"{PREFIX}DATA_DIR"
FOLDER_VARIABLES = (HOME_VARIABLE, DATA_DIR_VARIABLE)
TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - a name, not the token
TOKEN_FILE_VARIABLE = "DISCORD_TOKEN_FILE"  # noqa: S105
TOKEN_VARIABLES = (TOKEN_VARIABLE, TOKEN_FILE_VARIABLE)

_TOKEN = re.compile(r"[!-~]+")
_API_URL = re.compile(
    r"(?P<scheme>https?)://(?:(?P<host>[a-z\d.-]+)|\[(?P<address>[a-f\d:]+)\])"
    r"(?::\d{1,5})?(?:/[\w./-]*)?",
    re.ASCII,
)


def _integer_field(default: int, minimum: int, maximum: int) -> Any:
    description = f"a whole number from {minimum:_} to {maximum:_}"
    return Field(default=default, ge=minimum, le=maximum, description=description)


def _validate_api_url(text: str) -> str:
    """The address, without a slash at its end; the token goes there, so it has to be safe.

    Raises:
        ValueError: It is not, or is no address.
    """
    match = _API_URL.fullmatch(text)
    if not match or (
        match["scheme"].lower() == "http" and not _is_loopback(match["host"] or match["address"])
    ):
        raise ValueError
    return text.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Section(BaseModel):
    """A frozen table of settings; each field's description says what it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LibrarySettings(Section):
    """What goes into the library.

    Attributes:
        seeds: Whether a library that never held an article takes those of seeds/ once.
        max_article_bytes: The longest body of an article, in UTF-8 bytes.
    """

    seeds: bool = Field(default=True, description="true or false")
    max_article_bytes: int = _integer_field(1_000_000, minimum=1_000, maximum=100_000_000)


class AnswerSettings(Section):
    """How much an answer shows, and how sure it is.

    Attributes:
        max_excerpts: The most excerpts in one answer.
        max_excerpt_chars: The longest excerpt, in characters.
        caution: How sure an answer has to be.
    """

    max_excerpts: int = _integer_field(3, minimum=1, maximum=10)
    max_excerpt_chars: int = _integer_field(600, minimum=100, maximum=2_000)
    caution: Literal["careful", "balanced", "eager"] = Field(
        default="balanced", description="careful, balanced or eager"
    )


class DateSettings(Section):
    """How dates are read.

    Attributes:
        zone: Where it is the day that "today" means.
        steer_days: How long after the last day a question names articles are still preferred.
    """

    zone: ZoneInfo = Field(
        default=ZoneInfo("UTC"), description="the IANA name of a time zone, like Europe/Berlin"
    )
    steer_days: int = _integer_field(14, minimum=0, maximum=365)


class DiscordSettings(Section):
    """The bot in Discord.

    Attributes:
        api_url: Where Discord's REST interface is, without a slash at the end.
        questions_per_minute: How many questions one person may ask in a minute.
        answer_days: How long the buttons of an answer work.
        feedback_channel: The id of the channel that feedback goes to; 0 for nowhere.
    """

    api_url: Annotated[str, AfterValidator(_validate_api_url)] = Field(
        default="https://discord.com/api/v10",
        description="an https address, or an http address on this machine",
    )
    questions_per_minute: int = _integer_field(10, minimum=1, maximum=1_000)
    answer_days: int = _integer_field(7, minimum=1, maximum=365)
    feedback_channel: int = Field(
        default=0, ge=0, lt=1 << 63, description="the id of a channel in Discord, or 0 for none"
    )


class DigestSettings(Section):
    """What the digests of servers take in.

    Attributes:
        max_entries: How many stories a digest shows, unless its server says.
        late_days: For how many days after its publication an article may come in and still be told.
    """

    max_entries: int = _integer_field(5, minimum=1, maximum=10)
    late_days: int = _integer_field(7, minimum=0, maximum=365)


class PrivacySettings(Section):
    """What is kept about people and servers, and for how long.

    Attributes:
        left_server_days: How long after the bot has left a server all about it is still kept.
    """

    left_server_days: int = _integer_field(30, minimum=0, maximum=365)


class LogSettings(Section):
    """What the bot logs, and how.

    Attributes:
        format: For people, or a JSON object a line.
        level: The least weighty events that are logged.
    """

    format: Literal["people", "json"] = Field(default="people", description="people or json")
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )


class Sections(Section):
    """What config/dateline.toml and the environment may set."""

    library: LibrarySettings = LibrarySettings()
    answers: AnswerSettings = AnswerSettings()
    dates: DateSettings = DateSettings()
    discord: DiscordSettings = DiscordSettings()
    digest: DigestSettings = DigestSettings()
    privacy: PrivacySettings = PrivacySettings()
    logs: LogSettings = LogSettings()


class Settings(Sections):
    """All settings of a run, and its folders.

    Attributes:
        home: The project folder, or what the installed package carries of it.
        data_dir: Where the database lives, and what is derived from it.
    """

    home: Path
    data_dir: Path

    @property
    def seeds_dir(self) -> Path:
        """The folder of the articles that ship."""
        return self.home / "seeds"

    @property
    def stop_words_path(self) -> Path:
        """The file of words too common to search for."""
        return self.home / "config" / "stop_words.txt"

    @property
    def weights_path(self) -> Path:
        """The file of what was learnt from judged questions."""
        return self.home / "config" / "weights.toml"


SETTING_DESCRIPTIONS: Mapping[str, str] = {
    f"{section}.{key}": str(field.description)
    for section, table in Sections.model_fields.items()
    for key, field in type(table.default).model_fields.items()
}
"""Each setting as `section.key`, and what it takes, in words."""


def _key_to_variable(key: str) -> str:
    return PREFIX + key.replace(".", "__").upper()


SETTINGS_BY_VARIABLE: Mapping[str, str] = {
    _key_to_variable(key): key for key in SETTING_DESCRIPTIONS
}
"""The environment variable of each setting, and the setting."""


def load(
    config: Path | None,
    data_dir: Path | None,
    environment: Mapping[str, str],
    cwd: Path,
    package: Path = Path(__file__).parents[1],
) -> Settings:
    """The settings of a run that starts in `cwd`; `config` and `data_dir` are the flags.

    Relative paths start at home, or in `cwd` where home is what the installed `package` carries.

    Raises:
        SettingsError: The first thing that is wrong.
    """
    home = _find_home(environment, cwd, package)
    is_packaged = home == package / "carried"
    base_dir = cwd if is_packaged else home
    default_data_dir = (
        platformdirs.user_data_path("dateline", appauthor=False) if is_packaged else "data"
    )
    sections = _load_file(base_dir / config if config else home / CONFIG_FILE).model_dump()
    for section, values in _load_environment(environment).model_dump(exclude_unset=True).items():
        sections[section] |= values
    return Settings(
        **sections,
        home=home,
        data_dir=base_dir / (data_dir or environment.get(DATA_DIR_VARIABLE) or default_data_dir),
    )


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
    return SettingsError(_describe_variable(variable), "the token", remedy)


def _find_home(environment: Mapping[str, str], cwd: Path, package: Path) -> Path:
    if home_text := environment.get(HOME_VARIABLE):
        if not _is_home(cwd / home_text):
            remedy = f"name a folder that holds {CONFIG_FILE}, or unset the variable."
            raise SettingsError(_describe_variable(HOME_VARIABLE), home_text, remedy)
        return cwd / home_text
    packaged_home = package / "carried"
    default_home = packaged_home if _is_home(packaged_home) else package.parent
    return next(filter(_is_home, (cwd, *cwd.parents)), default_home)


def _is_home(folder: Path) -> bool:
    try:
        return (folder / CONFIG_FILE).is_file()
    except OSError:  # a name too long, or a folder that may not be entered
        return False


def _load_file(path: Path) -> Sections:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        remedy = f"it can't be read ({exc.strerror}): name one that can with --config."
        raise SettingsError(str(path), "the file", remedy) from exc
    except (ValueError, RecursionError) as exc:
        raise SettingsError(str(path), "the file", f"it is not valid TOML: {exc}.") from exc
    try:
        return Sections.model_validate(values)
    except ValidationError as exc:
        raise _make_settings_error(lambda _: str(path), exc) from exc


def _load_environment(environment: Mapping[str, str]) -> Sections:
    values: dict[str, dict[str, str]] = {section: {} for section in Sections.model_fields}
    for name in sorted(environment):
        if name in FOLDER_VARIABLES or not name.startswith(PREFIX):
            continue
        if name not in SETTINGS_BY_VARIABLE:
            key = name.removeprefix(PREFIX).replace("__", ".").lower()
            raise _make_unknown_setting_error(
                _describe_variable(name),
                key,
                _find_nearest(name, (*SETTINGS_BY_VARIABLE, *FOLDER_VARIABLES)),
            )
        section, key = SETTINGS_BY_VARIABLE[name].split(".")
        values[section][key] = environment[name]
    try:
        return Sections.model_validate_strings(values)
    except ValidationError as exc:
        raise _make_settings_error(
            lambda key: _describe_variable(_key_to_variable(key)), exc
        ) from exc


def _make_settings_error(locate: Callable[[str], str], exc: ValidationError) -> SettingsError:
    """The first fault that pydantic found, in our words; `locate` tells where a key was set."""
    fault = exc.errors(include_url=False)[0]
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return _make_unknown_setting_error(
            locate(key), key, _find_nearest(key, (*SETTING_DESCRIPTIONS, *Sections.model_fields))
        )
    description = SETTING_DESCRIPTIONS.get(key, f"a table, [{key}]")
    return SettingsError(locate(key), key, f"give {description}, not {fault['input']!r}.")


def _make_unknown_setting_error(source: str, key: str, nearest: str) -> SettingsError:
    return SettingsError(source, key, f"there is no such setting; the nearest is {nearest}.")


def _find_nearest(name: str, known: Iterable[str]) -> str:
    return get_close_matches(name, known, n=1, cutoff=0)[0]


def _describe_variable(variable: str) -> str:
    return f"the environment variable {variable}"

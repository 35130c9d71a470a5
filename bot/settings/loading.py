"""Loading the settings from config/dateline.toml, the environment and the options.

The environment overrides the file, and options override both. This uses plain pydantic rather than
pydantic-settings, which reads `os.environ` by itself, ignores misspelt variables even with
`extra="forbid"`, and does not name the source of an invalid value. Here each source is validated on
its own, so that an error can name it.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

import platformdirs
from pydantic import ValidationError

from bot.errors import ConfigUnreadable, SettingsError
from bot.settings.sections import SETTING_DESCRIPTIONS, Sections
from bot.settings.settings import Settings
from bot.settings.variables import (
    DATA_DIR_VARIABLE,
    FOLDER_VARIABLES,
    HOME_VARIABLE,
    SETTINGS_BY_VARIABLE,
    VARIABLE_PREFIX,
    describe_variable,
    key_to_variable,
)

CONFIG_FILE = Path("config", "dateline.toml")


def load_settings(
    config: Path | None,
    data_dir: Path | None,
    environment: Mapping[str, str],
    cwd: Path,
    package: Path = Path(__file__).parents[1],
) -> Settings:
    """Return the settings of a run that starts in the folder `cwd`.

    Relative paths start from the project folder, or from `cwd` if the project folder is the copy
    that an installed package carries.

    Args:
        config: The settings file; None for that of the project folder.
        data_dir: The data folder; None for that of the environment, or the default one.
        environment: The environment variables.
        cwd: The current folder.
        package: The folder of the package `bot`.

    Raises:
        SettingsError: A setting, a variable or the file is invalid; the first one found.
    """
    home = _find_home(environment, cwd, package)
    is_packaged = home == package / "carried"
    base_dir = cwd if is_packaged else home
    default_data_dir = (
        platformdirs.user_data_path("dateline", appauthor=False) if is_packaged else "data"
    )
    sections = _load_file(base_dir / config if config else home / CONFIG_FILE).model_dump()
    # Only values that are set in the environment: its defaults would override the file.
    for section, values in _load_environment(environment).model_dump(exclude_unset=True).items():
        sections[section] |= values
    return Settings(
        **sections,
        home=home,
        data_dir=base_dir / (data_dir or environment.get(DATA_DIR_VARIABLE) or default_data_dir),
    )


def _find_home(environment: Mapping[str, str], cwd: Path, package: Path) -> Path:
    if home_text := environment.get(HOME_VARIABLE):
        if not _is_home(cwd / home_text):
            remedy = f"Choose a folder that contains {CONFIG_FILE}, or unset the variable."
            raise SettingsError(describe_variable(HOME_VARIABLE), home_text, remedy)
        return cwd / home_text
    packaged_home = package / "carried"
    default_home = packaged_home if _is_home(packaged_home) else package.parent
    return next(filter(_is_home, (cwd, *cwd.parents)), default_home)


def _is_home(folder: Path) -> bool:
    try:
        return (folder / CONFIG_FILE).is_file()
    except OSError:  # such as a name that is too long, or a folder without permission to enter
        return False


def _load_file(path: Path) -> Sections:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        cause = f"It can't be read ({exc.strerror})."
        raise ConfigUnreadable(str(path), "the file", cause) from exc
    except (ValueError, RecursionError) as exc:  # tomllib fails on deeply nested arrays
        remedy = f"The file is not valid TOML ({exc}). Correct it."
        raise SettingsError(str(path), "the settings", remedy) from exc
    try:
        return Sections.model_validate(values)
    except ValidationError as exc:
        raise _make_settings_error(lambda _: str(path), exc) from exc


def _load_environment(environment: Mapping[str, str]) -> Sections:
    values: dict[str, dict[str, str]] = {section: {} for section in Sections.model_fields}
    # Sorted, so that the same variables always lead to the same error.
    for variable in sorted(environment):
        if variable in FOLDER_VARIABLES or not variable.startswith(VARIABLE_PREFIX):
            continue
        if variable not in SETTINGS_BY_VARIABLE:
            raise _make_unknown_variable_error(variable)
        section, key = SETTINGS_BY_VARIABLE[variable].split(".")
        values[section][key] = environment[variable]
    try:
        # The models are strict and would refuse strings, which is all that an environment has.
        return Sections.model_validate_strings(values)
    except ValidationError as exc:
        raise _make_settings_error(
            lambda key: describe_variable(key_to_variable(key)), exc
        ) from exc


def _make_settings_error(locate: Callable[[str], str], exc: ValidationError) -> SettingsError:
    """Return the first error that pydantic found; `locate` returns the source of a setting."""
    fault = exc.errors(include_url=False)[0]
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return _make_unknown_setting_error(
            locate(key), key, _find_nearest(key, (*SETTING_DESCRIPTIONS, *Sections.model_fields))
        )
    description = SETTING_DESCRIPTIONS.get(key, f"a table [{key}]")
    return SettingsError(locate(key), key, f"Set it to {description}, not {fault['input']!r}.")


def _make_unknown_variable_error(variable: str) -> SettingsError:
    key = variable.removeprefix(VARIABLE_PREFIX).replace("__", ".").lower()
    nearest = _find_nearest(variable, (*SETTINGS_BY_VARIABLE, *FOLDER_VARIABLES))
    return _make_unknown_setting_error(describe_variable(variable), key, nearest)


def _make_unknown_setting_error(source: str, key: str, nearest: str) -> SettingsError:
    return SettingsError(source, key, f"There is no such setting. The closest name is {nearest}.")


def _find_nearest(name: str, known: Iterable[str]) -> str:
    return get_close_matches(name, known, n=1, cutoff=0)[0]

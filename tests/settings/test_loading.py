import re
import tomllib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import get_args

import platformdirs
import pytest
from pydantic import ValidationError

from bot.errors import SettingsError
from bot.retrieval.scoring.weights import Caution
from bot.settings.loading import load_settings
from bot.settings.sections import AnswerSettings, Sections
from bot.settings.settings import Settings
from bot.settings.variables import FOLDER_VARIABLES, SETTINGS_BY_VARIABLE, TOKEN_VARIABLES

PROJECT = Path(__file__).parents[2]
NO_PACKAGE = Path("/nowhere/bot")


def home_with(folder: Path, toml: str = "") -> Path:
    config = folder / "config"
    config.mkdir(parents=True)
    (config / "dateline.toml").write_text(toml, encoding="utf-8")
    return folder


def load_from(home: Path, environment: Mapping[str, str] | None = None) -> Settings:
    return load_settings(None, None, environment or {}, home, NO_PACKAGE)


def test_the_shipped_file_holds_every_setting_with_its_default() -> None:
    text = (PROJECT / "config" / "dateline.toml").read_text(encoding="utf-8")

    shipped = tomllib.loads(text)

    assert shipped == Sections().model_dump(mode="json")


def test_every_setting_of_the_shipped_file_is_explained_by_a_comment_above_it() -> None:
    lines = (PROJECT / "config" / "dateline.toml").read_text(encoding="utf-8").splitlines()

    above = {line: before for before, line in pairwise(lines) if " = " in line}

    assert len(above) == len(SETTINGS_BY_VARIABLE)
    assert all(comment.startswith("# ") for comment in above.values())


def test_the_example_environment_names_every_variable_with_its_default() -> None:
    text = (PROJECT / "config" / "example.env").read_text(encoding="utf-8")
    examples = dict(re.findall(r"^#((?:DATELINE|DISCORD)_\w+)=(.*)$", text, re.MULTILINE))

    values = {name: value for name, value in examples.items() if "__" in name}

    assert examples.keys() == {*SETTINGS_BY_VARIABLE, *FOLDER_VARIABLES, *TOKEN_VARIABLES}
    assert examples["DATELINE_DATA_DIR"] == "data"
    assert load_settings(None, None, values, PROJECT) == load_settings(None, None, {}, PROJECT)


def test_the_reference_explains_every_variable_that_is_no_setting() -> None:
    text = (PROJECT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")

    assert all(f"`{name}`" in text for name in (*FOLDER_VARIABLES, *TOKEN_VARIABLES))


def test_an_answer_may_be_as_sure_as_there_are_cautions() -> None:
    taken = get_args(AnswerSettings.model_fields["caution"].annotation)

    assert taken == tuple(Caution)


def test_a_setting_that_the_file_leaves_out_has_its_default(tmp_path: Path) -> None:
    home = home_with(tmp_path, "[answers]\nmax_excerpts = 2")

    settings = load_from(home)

    assert settings.answers.max_excerpts == 2
    assert settings.answers.max_excerpt_chars == 600
    assert settings.library.seeds is True


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    home = home_with(tmp_path, "[answers]\nmax_excerpts = 2\nmax_excerpt_chars = 300")

    settings = load_from(home, {"DATELINE_ANSWERS__MAX_EXCERPTS": "5"})

    assert settings.answers.max_excerpts == 5
    assert settings.answers.max_excerpt_chars == 300


def test_each_type_of_setting_is_read_from_the_environment(tmp_path: Path) -> None:
    environment = {"DATELINE_LIBRARY__SEEDS": "false", "DATELINE_DATES__ZONE": "Asia/Tokyo"}

    settings = load_from(home_with(tmp_path), environment)

    assert settings.library.seeds is False
    assert settings.dates.zone.key == "Asia/Tokyo"


def test_variables_of_other_programs_are_none_of_ours(tmp_path: Path) -> None:
    settings = load_from(home_with(tmp_path), {"HOME": "/x", "MY_DATELINE_THING": "1"})

    assert settings.answers.max_excerpts == 3


def test_settings_can_not_be_changed(tmp_path: Path) -> None:
    settings = load_from(home_with(tmp_path))

    with pytest.raises(ValidationError, match="frozen"):
        settings.answers.max_excerpts = 4  # type: ignore[misc]  # the error is the subject of the test


@pytest.mark.parametrize(
    ("toml", "key", "remedy"),
    [
        pytest.param(
            "[answers]\nmax_excerpt = 3",
            "answers.max_excerpt",
            "There is no such setting. The closest name is answers.max_excerpts.",
            id="misspelt key",
        ),
        pytest.param(
            "[answer]\nmax_excerpts = 3",
            "answer",
            "There is no such setting. The closest name is answers.",
            id="misspelt section",
        ),
        pytest.param(
            "answers = 3", "answers", "Set it to a table [answers], not 3.", id="no table"
        ),
        pytest.param(
            '[answers]\nmax_excerpts = "3"',
            "answers.max_excerpts",
            "Set it to a whole number from 1 to 10, not '3'.",
            id="text for a number",
        ),
        pytest.param(
            "[answers]\nmax_excerpts = true",
            "answers.max_excerpts",
            "Set it to a whole number from 1 to 10, not True.",
            id="truth for a number",
        ),
        pytest.param(
            "[library]\nseeds = 1",
            "library.seeds",
            "Set it to true or false, not 1.",
            id="number for a truth",
        ),
        pytest.param(
            '[dates]\nzone = "Berlin"',
            "dates.zone",
            "Set it to the IANA name of a time zone, such as Europe/Berlin, not 'Berlin'.",
            id="unknown zone",
        ),
        pytest.param(
            '[dates]\nzone = "Europe"',
            "dates.zone",
            "Set it to the IANA name of a time zone, such as Europe/Berlin, not 'Europe'.",
            id="half a zone",
        ),
        pytest.param(
            '[answers]\ncaution = "bold"',
            "answers.caution",
            "Set it to careful, balanced or eager, not 'bold'.",
            id="unknown caution",
        ),
        pytest.param(
            '[logs]\nformat = "xml"',
            "logs.format",
            "Set it to people or json, not 'xml'.",
            id="unknown format",
        ),
        pytest.param(
            '[logs]\nlevel = "loud"',
            "logs.level",
            "Set it to debug, info, warning or error, not 'loud'.",
            id="unknown level",
        ),
        pytest.param(
            '[discord]\napi_url = "http://example.org/api"',
            "discord.api_url",
            "Set it to an https address, or an http address on this machine, "
            "not 'http://example.org/api'.",
            id="a token in the clear",
        ),
    ],
)
def test_a_wrong_line_of_the_file_is_named_with_its_remedy(
    tmp_path: Path, toml: str, key: str, remedy: str
) -> None:
    home = home_with(tmp_path, toml)

    with pytest.raises(SettingsError) as caught:
        load_from(home)

    assert caught.value.source == str(home / "config" / "dateline.toml")
    assert (caught.value.key, caught.value.remedy) == (key, remedy)


@pytest.mark.parametrize(
    ("key", "minimum", "maximum"),
    [
        ("library.max_article_bytes", 1_000, 100_000_000),
        ("answers.max_excerpts", 1, 10),
        ("answers.max_excerpt_chars", 100, 2_000),
        ("dates.steer_days", 0, 365),
        ("discord.questions_per_minute", 1, 1_000),
        ("discord.answer_days", 1, 365),
        ("privacy.left_server_days", 0, 365),
    ],
)
def test_a_number_is_accepted_within_its_range_and_refused_outside(
    tmp_path: Path, key: str, minimum: int, maximum: int
) -> None:
    home = home_with(tmp_path)
    variable = next(name for name, known in SETTINGS_BY_VARIABLE.items() if known == key)

    for number in (minimum, maximum):
        load_from(home, {variable: str(number)})
    for number in (minimum - 1, maximum + 1):
        with pytest.raises(SettingsError, match=f"a whole number from {minimum:_} to {maximum:_}"):
            load_from(home, {variable: str(number)})


@pytest.mark.parametrize(
    ("variable", "value", "key", "remedy"),
    [
        pytest.param(
            "DATELINE_ANSWERS__MAX_EXCERPTS",
            "many",
            "answers.max_excerpts",
            "Set it to a whole number from 1 to 10, not 'many'.",
            id="wrong type",
        ),
        pytest.param(
            "DATELINE_ANSWER__MAX_EXCERPTS",
            "2",
            "answer.max_excerpts",
            "There is no such setting. The closest name is DATELINE_ANSWERS__MAX_EXCERPTS.",
            id="misspelt section",
        ),
        pytest.param(
            "DATELINE_DATADIR",
            "x",
            "datadir",
            "There is no such setting. The closest name is DATELINE_DATA_DIR.",
            id="misspelt folder",
        ),
        pytest.param(
            "DATELINE_LIBRARY",
            "{}",
            "library",
            "There is no such setting. The closest name is DATELINE_LIBRARY__SEEDS.",
            id="a whole section",
        ),
    ],
)
def test_a_wrong_variable_is_named_with_its_remedy(
    tmp_path: Path, variable: str, value: str, key: str, remedy: str
) -> None:
    home = home_with(tmp_path)

    with pytest.raises(SettingsError) as caught:
        load_from(home, {variable: value})

    assert caught.value.source == f"the environment variable {variable}"
    assert (caught.value.key, caught.value.remedy) == (key, remedy)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"[answers\n", "The file is not valid TOML .*line 1", id="syntax"),
        pytest.param(b'zone = "\xff"', "The file is not valid TOML .*utf-8", id="not UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    home = home_with(tmp_path)
    (home / "config" / "dateline.toml").write_bytes(content)

    with pytest.raises(SettingsError, match=reason) as caught:
        load_from(home)

    assert caught.value.source == str(home / "config" / "dateline.toml")


@pytest.mark.parametrize("name", ["missing.toml", "config"], ids=["missing", "a folder"])
def test_a_config_flag_that_names_no_file_is_named(tmp_path: Path, name: str) -> None:
    home = home_with(tmp_path)

    with pytest.raises(SettingsError, match=r"It can't be read \(.+\)") as caught:
        load_settings(Path(name), None, {}, home, NO_PACKAGE)

    assert caught.value.source == str(home / name)


def test_the_config_flag_replaces_the_file_of_the_home_folder(tmp_path: Path) -> None:
    home = home_with(tmp_path, "[answers]\nmax_excerpts = 2")
    (home / "other.toml").write_text("[dates]\nsteer_days = 7", encoding="utf-8")

    settings = load_settings(Path("other.toml"), None, {}, home, NO_PACKAGE)

    assert settings.dates.steer_days == 7
    assert settings.answers.max_excerpts == 3
    assert settings.home == home


def test_home_is_the_nearest_folder_upward_that_holds_the_settings(tmp_path: Path) -> None:
    outer = home_with(tmp_path / "outer")
    inner = home_with(outer / "inner")
    deep = inner / "a" / "b"
    deep.mkdir(parents=True)

    assert load_settings(None, None, {}, deep, NO_PACKAGE).home == inner
    assert load_settings(None, None, {}, outer, NO_PACKAGE).home == outer


def test_the_home_variable_comes_before_the_current_folder(tmp_path: Path) -> None:
    home = home_with(tmp_path / "named")
    elsewhere = home_with(tmp_path / "elsewhere")

    settings = load_from(elsewhere, {"DATELINE_HOME": "../named"})

    assert settings.home.resolve() == home


@pytest.mark.parametrize("named", ["empty", "x" * 300], ids=["no settings", "name too long"])
def test_a_home_variable_without_settings_is_named(tmp_path: Path, named: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(SettingsError, match="Choose a folder that contains config") as caught:
        load_from(tmp_path, {"DATELINE_HOME": named})

    assert caught.value.source == "the environment variable DATELINE_HOME"
    assert caught.value.key == named


def test_an_installed_package_is_its_own_home_with_data_in_the_users_folder(
    tmp_path: Path,
) -> None:
    carried = home_with(tmp_path / "bot" / "carried")
    cwd = tmp_path / "anywhere"

    settings = load_settings(None, None, {}, cwd, tmp_path / "bot")

    assert settings.home == carried
    assert settings.data_dir == platformdirs.user_data_path("dateline", appauthor=False)


def test_relative_paths_start_in_the_current_folder_with_an_installed_package(
    tmp_path: Path,
) -> None:
    home_with(tmp_path / "bot" / "carried")
    cwd = tmp_path / "anywhere"

    settings = load_settings(None, Path("data"), {}, cwd, tmp_path / "bot")

    assert settings.data_dir == cwd / "data"


def test_an_editable_install_finds_the_folder_above_the_package(tmp_path: Path) -> None:
    home_with(tmp_path / "project")
    cwd = tmp_path / "anywhere"

    settings = load_settings(None, None, {}, cwd, tmp_path / "project" / "bot")

    assert settings.home == tmp_path / "project"
    assert settings.data_dir == tmp_path / "project" / "data"


@pytest.mark.parametrize(
    ("flag", "environment", "expected"),
    [
        pytest.param(None, {}, "data", id="default"),
        pytest.param(None, {"DATELINE_DATA_DIR": ""}, "data", id="empty variable"),
        pytest.param(None, {"DATELINE_DATA_DIR": "mine"}, "mine", id="variable"),
        pytest.param(Path("flag"), {"DATELINE_DATA_DIR": "mine"}, "flag", id="flag"),
        pytest.param(Path("/srv/news"), {}, "/srv/news", id="absolute"),
    ],
)
def test_the_data_folder_is_the_flag_or_the_variable_or_under_home(
    tmp_path: Path, flag: Path | None, environment: dict[str, str], expected: str
) -> None:
    home = home_with(tmp_path)
    deep = home / "deep"
    deep.mkdir()

    settings = load_settings(None, flag, environment, deep, NO_PACKAGE)

    assert settings.data_dir == home / expected


def test_seeds_and_stop_words_stand_in_the_home_folder(tmp_path: Path) -> None:
    settings = load_from(home_with(tmp_path))

    assert settings.seeds_dir == tmp_path / "seeds"
    assert settings.stop_words_path == tmp_path / "config" / "stop_words.txt"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://discord.com/api/v10", "https://discord.com/api/v10"),
        ("https://example.org", "https://example.org"),
        ("https://example.org:8443/api/v10/", "https://example.org:8443/api/v10"),
        ("http://127.0.0.1:8080/api/v10", "http://127.0.0.1:8080/api/v10"),
        ("http://127.1.2.3/api", "http://127.1.2.3/api"),
        ("http://localhost:8080/api", "http://localhost:8080/api"),
        ("http://[::1]:8080/api", "http://[::1]:8080/api"),
    ],
)
def test_the_token_may_go_to_an_address_that_is_encrypted_or_on_this_machine(
    tmp_path: Path, given: str, expected: str
) -> None:
    settings = load_from(home_with(tmp_path), {"DATELINE_DISCORD__API_URL": given})

    assert settings.discord.api_url == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        "discord.com/api",
        "ftp://discord.com",
        "https://",
        "http://192.168.0.2/api",
        "http://[2001:db8::1]/api",
        "http://127.0.0.1.example.org/api",
        "http://localhost.example.org/api",
        "http://localhost@example.org/api",
        "http://127.0.0.1\\@example.org/api",
        "https://me:word@example.org/api",
        "https://example.org/api?x=1",
        "https://example.org/api#x",
        "https://example.org/a b",
        "https://example.org/api\n",
        "https://exämple.org/api",
    ],
)
def test_the_token_goes_nowhere_else(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match="an https address") as caught:
        load_from(home_with(tmp_path), {"DATELINE_DISCORD__API_URL": given})

    assert caught.value.key == "discord.api_url"

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings.discord_token import load_discord_token


def test_the_token_is_read_from_its_variable_without_the_space_around_it() -> None:
    token = load_discord_token({"DISCORD_TOKEN": " abc.def-1_2 \n", "DISCORD_TOKEN_FILE": ""})

    assert token.get_secret_value() == "abc.def-1_2"


def test_the_token_is_read_from_the_file_that_the_variable_names(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abc.def\n", encoding="utf-8")

    absolute = load_discord_token({"DISCORD_TOKEN_FILE": str(tmp_path / "token")})
    relative = load_discord_token({"DISCORD_TOKEN_FILE": "token", "DISCORD_TOKEN": ""}, tmp_path)

    assert absolute.get_secret_value() == relative.get_secret_value() == "abc.def"


def test_printing_the_token_does_not_show_it() -> None:
    token = load_discord_token({"DISCORD_TOKEN": "abc.def"})

    assert "abc" not in f"{token} {token!r}"


@pytest.mark.parametrize(
    ("environment", "variable", "remedy"),
    [
        pytest.param({}, "DISCORD_TOKEN", "It is not set", id="none"),
        pytest.param(
            {"DISCORD_TOKEN": "hush", "DISCORD_TOKEN_FILE": "token"},
            "DISCORD_TOKEN",
            "DISCORD_TOKEN_FILE is also set. Unset one of the two.",
            id="both",
        ),
        pytest.param({"DISCORD_TOKEN": ""}, "DISCORD_TOKEN", "It is empty", id="empty"),
        pytest.param({"DISCORD_TOKEN": " \n"}, "DISCORD_TOKEN", "It is empty", id="white"),
        pytest.param(
            {"DISCORD_TOKEN": "Bot hush"}, "DISCORD_TOKEN", "contains spaces", id="two words"
        ),
        pytest.param(
            {"DISCORD_TOKEN": "hush…"},
            "DISCORD_TOKEN",
            "characters that no token has",
            id="odd sign",
        ),
        pytest.param(
            {"DISCORD_TOKEN_FILE": "void"}, "DISCORD_TOKEN_FILE", "It is empty", id="empty file"
        ),
        pytest.param(
            {"DISCORD_TOKEN_FILE": "binary"},
            "DISCORD_TOKEN_FILE",
            "characters that no token has",
            id="binary file",
        ),
        pytest.param(
            {"DISCORD_TOKEN_FILE": "gone"},
            "DISCORD_TOKEN_FILE",
            r"gone can't be read \(No such file or directory\)",
            id="no file",
        ),
    ],
)
def test_a_token_that_can_not_be_one_is_refused_without_being_shown(
    tmp_path: Path, environment: dict[str, str], variable: str, remedy: str
) -> None:
    (tmp_path / "void").touch()
    (tmp_path / "binary").write_bytes(b"hush\xff")

    with pytest.raises(SettingsError, match=remedy) as caught:
        load_discord_token(environment, tmp_path)

    assert caught.value.source == f"the environment variable {variable}"
    assert "hush" not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"

from zoneinfo import ZoneInfo

import pytest

from bot.model.guild_preferences import GuildOverrides, GuildPreferences
from bot.services.preferences import build_default_preferences, build_guild_preferences
from bot.settings.loading import load_settings
from bot.settings.settings import Settings
from tests.builders import PROJECT


@pytest.fixture
def settings() -> Settings:
    environment = {"DATELINE_DATES__ZONE": "Europe/Berlin", "DATELINE_ANSWERS__MAX_EXCERPTS": "4"}
    return load_settings(None, None, environment, PROJECT)


def test_where_there_is_no_server_all_is_as_the_operator_set(settings: Settings) -> None:
    assert build_default_preferences(settings) == GuildPreferences(
        zone=ZoneInfo("Europe/Berlin"), max_excerpts=4, is_visible=True, channels=()
    )


def test_a_server_that_set_nothing_is_answered_as_usual(settings: Settings) -> None:
    server = GuildOverrides(guild="1")

    assert build_guild_preferences(server, settings) == build_default_preferences(settings)


def test_what_a_server_set_goes_before_what_is_usual(settings: Settings) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    server = GuildOverrides(guild="1", max_excerpts=1, is_visible=False, channels=(7,), zone=zone)

    manner = build_guild_preferences(server, settings)

    assert manner == GuildPreferences(zone=zone, max_excerpts=1, is_visible=False, channels=(7,))

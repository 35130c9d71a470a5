from zoneinfo import ZoneInfo

import pytest

from bot.discord_ui.commands.zones import find_zone, find_zones, list_zone_names, suggest_zones

NAMES = (
    "America/New_York",
    "America/Sao_Paulo",
    "Canada/Eastern",
    "Canada/Newfoundland",
    "Europe/Berlin",
    "US/Eastern",
    "UTC",
)


def test_the_zones_are_those_of_places_and_utc() -> None:
    names = list_zone_names()

    assert {"Europe/Berlin", "Asia/Kolkata", "UTC"} <= set(names)
    assert not {"EST", "Etc/GMT+1", "Factory", "localtime"} & set(names)
    assert list(names) == sorted(names)
    assert all(ZoneInfo(name) for name in names)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("new york", ["America/New_York"]),
        (" SÃO ", ["America/Sao_Paulo"]),
        ("new", ["America/New_York", "Canada/Newfoundland"]),
        ("canada/", ["Canada/Eastern", "Canada/Newfoundland"]),
        ("e", ["Canada/Eastern", "US/Eastern", "America/New_York", "America/Sao_Paulo"]),
        ("atlantis", []),
    ],
)
def test_zones_are_found_by_what_stands_in_their_names_first_by_city(
    typed: str, found: list[str]
) -> None:
    assert list(find_zones(typed, NAMES))[:4] == found


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("são paulo", "America/Sao_Paulo"),
        ("us/eastern", "US/Eastern"),
        ("utc", "UTC"),
        ("eastern", None),
        ("ber", None),
        ("", None),
    ],
)
def test_a_zone_is_named_whole_or_by_a_city_that_is_only_one(typed: str, name: str | None) -> None:
    assert find_zone(typed, NAMES) == name


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("Berln", ("Europe/Berlin",)),
        ("eastern", ("Canada/Eastern", "US/Eastern")),
        ("atlantis", ()),
    ],
)
def test_the_closest_zones_contain_the_entered_text_or_have_a_similar_city(
    typed: str, nearest: tuple[str, ...]
) -> None:
    assert suggest_zones(typed, NAMES) == nearest

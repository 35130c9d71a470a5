"""Time zones by IANA name or city."""

import unicodedata
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.discord_ui.commands.flow import Refusal
from bot.presentation.settings_pages import build_unknown_zone_blocks

_ETC_PREFIX = "Etc/"


@cache
def list_zone_names() -> tuple[str, ...]:
    """Return the names of all zones in alphabetical order; the first call reads many files."""
    return tuple(sorted(filter(_is_offered, available_timezones())))


def _is_offered(name: str) -> bool:
    return name == "UTC" or ("/" in name and not name.startswith(_ETC_PREFIX))


def find_zones(text: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the zones with names that contain the text, cities that start with it first."""
    query = _normalize(text)
    matching_names = [name for name in names if query in _normalize(name)]
    yield from sorted(matching_names, key=lambda name: not _get_city(name).startswith(query))


def find_zone(text: str, names: Sequence[str]) -> str | None:
    """Return the zone with this name or city; None if there is none or more than one."""
    query = _normalize(text)
    exact_matches = [name for name in names if _normalize(name) == query]
    city_matches = [name for name in names if _get_city(name) == query]
    matches = exact_matches or city_matches
    return matches[0] if len(matches) == 1 else None


def require_zone(text: str) -> ZoneInfo:
    """Return the zone with this name or city.

    Raises:
        Refusal: There is none or more than one.
    """
    names = list_zone_names()
    name = find_zone(text, names)
    if name is None:
        raise Refusal(build_unknown_zone_blocks(text, suggest_zones(text, names)))
    return ZoneInfo(name)


def suggest_zones(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return at most three zones with a similar name or city."""
    names_by_city = {_get_city(name): name for name in names}
    close_cities = get_close_matches(_normalize(text), names_by_city, n=3)
    return tuple(
        dict.fromkeys([*find_zones(text, names), *(names_by_city[city] for city in close_cities)])
    )[:3]


def _get_city(name: str) -> str:
    return _normalize(name.rpartition("/")[2])


def _normalize(text: str) -> str:
    """Return the text in lower case, without accents, and with underscores for spaces."""
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    letters = (character for character in decomposed if not unicodedata.combining(character))
    return "".join(letters).replace(" ", "_")

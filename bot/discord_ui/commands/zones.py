"""Time zones, as people name them: by the IANA name, or by the city in it."""

import unicodedata
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from zoneinfo import available_timezones

_NO_PLACE = "Etc/"


def zone_names() -> tuple[str, ...]:
    """The names of all zones, in the order of the alphabet; this reads many files."""
    return tuple(sorted(filter(_is_offered, available_timezones())))


def _is_offered(name: str) -> bool:
    return name == "UTC" or ("/" in name and not name.startswith(_NO_PLACE))


def zones_for(typed: str, names: Sequence[str]) -> Iterator[str]:
    """The zones in whose names stands what was typed, those first whose city begins with it."""
    wanted = _plain(typed)
    holding = [name for name in names if wanted in _plain(name)]
    yield from sorted(holding, key=lambda name: not _city(name).startswith(wanted))


def zone_named(typed: str, names: Sequence[str]) -> str | None:
    """The zone of that name or city; None where there is none, or more than one."""
    wanted = _plain(typed)
    whole = [name for name in names if _plain(name) == wanted]
    cities = [name for name in names if _city(name) == wanted]
    found = whole or cities
    return found[0] if len(found) == 1 else None


def nearest_zones(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """The zones that may be meant, at most three."""
    cities = {_city(name): name for name in names}
    meant = get_close_matches(_plain(typed), cities, n=3)
    return tuple(dict.fromkeys([*zones_for(typed, names), *(cities[city] for city in meant)]))[:3]


def _city(name: str) -> str:
    return _plain(name.rpartition("/")[2])


def _plain(text: str) -> str:
    """The text without capitals and accents, with underscores for spaces."""
    whole = unicodedata.normalize("NFKD", text.strip().casefold())
    letters = (each for each in whole if not unicodedata.combining(each))
    return "".join(letters).replace(" ", "_")

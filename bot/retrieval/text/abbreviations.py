"""Abbreviations without their last full stop, sorted by what that stop may mean."""

from bot.dates.names import MONTH_ABBREVIATIONS, WEEKDAY_ABBREVIATIONS
from bot.english.word_lists import ENGLISH

PREFIXES = frozenset(ENGLISH.get_words("person_titles", "place_prefixes", "connectives"))
"""They stand before a name or a number, and never end a sentence."""

NUMBER_PREFIXES = frozenset(ENGLISH.get_words("number_prefixes"))
"""They don't end a sentence before a number."""

ABBREVIATIONS = frozenset(
    ENGLISH.get_words("states", "name_parts", "names_with_exclamation_mark")
) | frozenset((*MONTH_ABBREVIATIONS, *WEEKDAY_ABBREVIATIONS)).difference(
    ENGLISH.get_words("not_shortened")
)
"""They end a sentence only before a word that clearly begins one."""

TIME_ABBREVIATIONS = frozenset(ENGLISH.get_words("time_abbreviations"))
"""They end a sentence unless the time continues after them ("8 a.m. Eastern")."""

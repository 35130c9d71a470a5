"""The names of months and weekdays, and their short forms."""

from bot.english.word_lists import ENGLISH

MONTH_NAMES = ENGLISH.get_words("months")
WEEKDAY_NAMES = ENGLISH.get_words("weekdays")

MONTH_STEMS = tuple(name[:3] for name in MONTH_NAMES)
WEEKDAY_STEMS = tuple(name[:3] for name in WEEKDAY_NAMES)
"""The first three letters, which differ between all names of a kind."""

MONTH_ABBREVIATIONS = (*MONTH_STEMS, *ENGLISH.get_words("more_short_months"))
WEEKDAY_ABBREVIATIONS = (*WEEKDAY_STEMS, *ENGLISH.get_words("more_short_weekdays"))
"""All short forms in use, without their full stop."""

"""Numbers written as words."""

from bot.english.word_lists import ENGLISH

ONES = ("one", *ENGLISH.get_words("two_to_nine"))
TEENS = ENGLISH.get_words("teens")
TENS = ENGLISH.get_words("tens")

COUNTS_TO_TWELVE = (*ONES, *TEENS[:3])

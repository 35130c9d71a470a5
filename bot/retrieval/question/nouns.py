"""Nouns for persons and organisations, grouped by their use."""

from bot.english.word_lists import ENGLISH

TITLE_NOUNS = ENGLISH.get_words("offices", "public_bodies", "title_nouns")
"""They stand beside the name of a person or an organisation ("Judge Chutkan")."""

NAMED_NOUNS = (*TITLE_NOUNS, *ENGLISH.get_words("businesses", "named_nouns"))
"""The persons and things that they stand for have names."""

AGENT_NOUNS = ENGLISH.get_words("offices", "public_bodies", "businesses", "agent_nouns")
"""They may be the answer to a question that asks who."""

PEOPLE_NOUNS = ENGLISH.get_words("people_nouns")
"""They show that a number counts people."""

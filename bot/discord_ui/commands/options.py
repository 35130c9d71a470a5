"""The options that several commands have: what they take, and how Discord describes them."""

from discord import app_commands

from bot.retrieval.question.validation import MAX_QUESTION_CHARS

QueryText = app_commands.Range[str, 1, MAX_QUESTION_CHARS]
"""What is looked for; as long as a question may be."""

ShortText = app_commands.Range[str, 1, 100]
"""A date, a source, a title or a receipt."""

AFTER = "Only articles from this day on: 2026-03-02, 2 March, last week"
BEFORE = "Only articles up to this day"
SOURCE = "Only articles of this source"
TOPIC = "What it is about, in a few words"

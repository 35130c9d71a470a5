"""No text from outside freezes the bot: whatever reads it takes time in proportion to its length."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest

from bot.dates.grammar import find_dates, parse_day_range
from bot.digest.parsing import parse_topics
from bot.discord_ui.messages.markdown import escape_markdown, format_quote
from bot.discord_ui.messages.message_text import strip_markdown, strip_mentions
from bot.errors import BotError
from bot.lookups.quotations import find_quotations
from bot.presentation.bidi import isolate_bidi
from bot.retrieval.question.query import parse_query
from bot.retrieval.text.passages import split_paragraphs, split_passages
from bot.retrieval.text.sentences import split_sentences
from bot.retrieval.text.statements import is_question, is_statement
from bot.retrieval.text.titles import derive_title
from tests.builders import PUBLISHED_ON, an_article, the_analyser
from tests.hostile_shapes import SHORT_SIZES, SIZES, find_superlinear_shapes

ANALYSER = the_analyser()

PARSERS: dict[str, Callable[[str], object]] = {
    "Markdown of a message": strip_markdown,
    "mentions": strip_mentions,
    "Markdown to show": escape_markdown,
    "a quote to show": format_quote,
    "direction": isolate_bidi,
    "quotations": find_quotations,
    "dates": partial(find_dates, today=PUBLISHED_ON),
    "a date option": partial(parse_day_range, today=PUBLISHED_ON),
    "a question": partial(parse_query, today=PUBLISHED_ON, analyser=ANALYSER),
    "terms": ANALYSER.extract_terms,
    "sentences": split_sentences,
    "paragraphs": split_paragraphs,
    "passages": lambda text: split_passages(an_article(text)),
    "a question in an article": is_question,
    "a statement": is_statement,
    "a title": derive_title,
    "topics": parse_topics,
}


@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
def test_time_grows_with_the_length_of_a_hostile_text(parser: Callable[[str], object]) -> None:
    def parse(text: str) -> None:
        with suppress(BotError):  # what is refused is read, too
            parser(text)

    sizes = SHORT_SIZES if parser is PARSERS["a question"] else SIZES
    assert find_superlinear_shapes(parse, sizes) == {}

"""A library of made articles in which a few words are as common as in news."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from bot.model.article import Article
from tests.builders import an_article

LAST_DAY = date(2026, 3, 2)
COMMON_WORDS = [
    "government",
    "people",
    "country",
    "minister",
    "company",
    "market",
    "report",
    "public",
    "money",
    "police",
    "court",
    "health",
    "school",
    "river",
    "bridge",
    "music",
    "winter",
    "summer",
    "garden",
    "letter",
]
_RARE_WORDS = [
    f"{first}{second}{third}"
    for first in ("bal", "cor", "dim", "fel", "gor", "hin", "jut", "kel", "lom", "mur")
    for second in ("ana", "ebo", "iru", "olo", "ute", "ave", "egi", "ino")
    for third in ("ck", "rt", "mp", "nd", "sk", "lf")
]
_GLUE = ["the", "of", "and", "to", "in", "a", "was", "for"]


def make_articles(count: int) -> Iterator[Article]:
    """Yield articles of 60 sentences, published over the 900 days up to LAST_DAY."""
    generator = random.Random(7)  # noqa: S311 - not for cryptography
    for number in range(count):
        yield an_article(
            "\n\n".join(_make_paragraph(generator) for _ in range(10)),
            id=f"article-{number}",
            title=f"Report {number}",
            published_on=LAST_DAY - timedelta(days=900 * number // count),
        )


def _make_paragraph(generator: random.Random) -> str:
    return " ".join(_make_sentence(generator) for _ in range(6))


def _make_sentence(generator: random.Random) -> str:
    words = [
        word
        for _ in range(5)
        for word in (
            generator.choice(COMMON_WORDS),
            generator.choice(_GLUE),
            generator.choice(_RARE_WORDS),
        )
    ]
    return f"{' '.join(words)}.".capitalize()

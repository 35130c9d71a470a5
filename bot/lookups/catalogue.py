"""The catalogue: articles found by what a person types of a title, a date or a source.

Kept as one run of bytes, a line an article: a fifth of what as many texts take, and quick to look
through. It is looked through in short steps, between which other threads get their turn.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.lookups.completion_matching import format_day_words, make_line, make_needles, split_words
from bot.model.article import ArticleId
from bot.retrieval.index.article_table import ArticleTable

MAX_KEY_CHARS = 100
"""The longest id by which a card is chosen; a longer one has a short form."""

_CHUNK_BYTES = 1 << 18
"""The bytes that are looked through without a break: less than a millisecond's work."""

_LINES_PER_TURN = 32
"""The lines that are made without a break; Python itself takes one each 5 ms alone."""

_KEY_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    """What the catalogue tells of an article; its source is None where that is not known."""

    id: ArticleId
    title: str
    source: str | None
    published_on: date

    @property
    def key(self) -> str:
        """What finds the article again, in at most MAX_KEY_CHARS characters."""
        return make_key(self.id)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    """The articles held, the newest first, those of one day by their ids.

    Attributes:
        articles: The articles.
        places: Where each of them stands in `articles`, in this order.
        days: The days on which they were published, as `date.toordinal()`, in this order.
        lines: The words of each date, title and source, in this order; each line ends in a newline.
        line_starts: Where in `lines` each line starts, and at last its length.
    """

    articles: ArticleTable
    places: NDArray[np.int32]
    days: NDArray[np.int32]
    lines: bytes
    line_starts: NDArray[np.int64]

    @classmethod
    def from_articles(cls, articles: ArticleTable) -> Self:
        """The catalogue of these articles."""
        places = _order_newest_first(articles)
        lines = list(_iter_lines(articles, places.tolist()))
        return cls(
            articles=articles,
            places=places,
            days=articles.days[places],
            lines=b"".join(lines),
            line_starts=np.cumsum([0, *map(len, lines)], dtype=np.int64),
        )

    def find_by_words(self, text: str, *, until: date, limit: int) -> tuple[ArticleCard, ...]:
        """The articles in whose title, date and source each typed word stands, the newest first.

        Args:
            text: What a person typed, as `make_needles` reads it; all fit where it holds no word.
            until: The last day that is visible.
            limit: The articles at most.
        """
        ranks = self._find_ranks(make_needles(text), first=self._find_first_visible(until))
        return tuple(map(self._build_card, islice(ranks, limit)))

    def find_article(self, text: str, *, until: date) -> ArticleCard | None:
        """The article that a person chose or typed.

        Args:
            text: The key of a card, else words as `find_by_words` takes them, for the newest that fits.
            until: The last day that is visible.

        Returns:
            None where no visible article is meant.
        """
        ranks = np.flatnonzero(self.places == _find_place(text, self.articles.ids))
        if any(ranks >= self._find_first_visible(until)):
            return self._build_card(int(ranks[0]))
        return (
            next(iter(self.find_by_words(text, until=until, limit=1)), None)
            if make_needles(text)
            else None
        )

    def _find_first_visible(self, until: date) -> int:
        return int(np.count_nonzero(self.days > until.toordinal()))

    def _build_card(self, rank: int) -> ArticleCard:
        place = int(self.places[rank])
        articles = self.articles
        return ArticleCard(
            id=articles.ids[place],
            title=articles.get_title(place),
            source=articles.sources[articles.source_numbers[place]] or None,
            published_on=date.fromordinal(int(self.days[rank])),
        )

    def _find_ranks(self, word_needles: Sequence[bytes], first: int) -> Iterator[int]:
        """The ranks, from `first` on, of the lines that hold all needles."""
        start = int(self.line_starts[first])
        while start < len(self.lines):
            previous_start = start
            for needle in word_needles:  # each leaps over the lines that don't hold it
                at = _find(self.lines, needle, start)
                if at < 0:
                    return
                start = self.lines.rfind(b"\n", 0, at) + 1
            if start == previous_start:
                yield int(np.searchsorted(self.line_starts, start))
                start = self.lines.index(b"\n", start) + 1


def make_key(article_id: ArticleId) -> str:
    """The id, or what stands for it where it is too long for a choice."""
    if len(article_id) <= MAX_KEY_CHARS:
        return article_id
    return f"#{sha256(article_id.encode()).hexdigest()[:_KEY_DIGITS]}"


def _find_place(key: str, ids: Sequence[ArticleId]) -> int:
    """Where the id stands that the key is or stands for; -1 where there is none."""
    return next(
        (
            place
            for place, article_id in enumerate(ids)
            if key in {article_id, make_key(article_id)}
        ),
        -1,
    )


def _order_newest_first(articles: ArticleTable) -> NDArray[np.int32]:
    """The places of the articles; a day at a time, since a sort of all would hold up all threads."""
    by_day = np.argsort(-articles.days, kind="stable")
    days = articles.days[by_day]
    ends = np.flatnonzero(np.diff(days, append=-1)) + 1
    order: list[int] = []
    for end in ends.tolist():
        order += sorted(by_day[len(order) : end].tolist(), key=articles.ids.__getitem__)
    return np.array(order, dtype=np.int32)


def _iter_lines(articles: ArticleTable, places: Iterable[int]) -> Iterator[bytes]:
    """The line of each of these articles."""
    sources = [" ".join(split_words(source)) for source in articles.sources]
    for count, place in enumerate(places):
        if count % _LINES_PER_TURN == 0:
            time.sleep(0)  # other threads get their turn
        yield _build_line(articles, place, sources)


def _build_line(articles: ArticleTable, place: int, sources: Sequence[str]) -> bytes:
    day = date.fromordinal(int(articles.days[place]))
    source = sources[articles.source_numbers[place]]
    return make_line([*format_day_words(day), *split_words(articles.get_title(place)), source])


def _find(lines: bytes, needle: bytes, start: int) -> int:
    """Where the needle stands from `start` on, or -1: `bytes.find`, which alone stops all threads."""
    for step in range(start, len(lines), _CHUNK_BYTES):
        at = lines.find(needle, step, step + _CHUNK_BYTES + len(needle) - 1)
        if at >= 0:
            return at
    return -1

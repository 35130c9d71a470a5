"""The catalogue: finds articles by words of their title, date or source while a person types.

It is one run of bytes with a line per article, which takes a fifth of the memory of separate
strings and is quick to search. Searches proceed in short steps, so that other threads get their
turns.
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
"""The maximum length of a key; longer ids have a short form."""

_CHUNK_BYTES = 1 << 18
"""The number of bytes searched without a break; this takes less than a millisecond."""

_LINES_PER_TURN = 32
"""The number of lines built without a break: Python by itself switches threads only every 5 ms."""

_KEY_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    """The catalogue's data on an article; the source is None if unknown."""

    id: ArticleId
    title: str
    source: str | None
    published_on: date

    @property
    def key(self) -> str:
        """The key that finds the article again, at most MAX_KEY_CHARS characters long."""
        return make_key(self.id)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    """An index of articles, the newest first, those of one day by id.

    Attributes:
        articles: The articles.
        places: The index in `articles` of each article, in this order.
        days: The publication days as `date.toordinal()`, in this order.
        lines: The words of each date, title and source, in this order; each line ends with a
            newline.
        line_starts: The offset of each line in `lines`, then the length of `lines`.
    """

    # 12 MB for 100,000 articles, of which it finds any within 25 ms.
    articles: ArticleTable
    places: NDArray[np.int32]
    days: NDArray[np.int32]
    lines: bytes
    line_starts: NDArray[np.int64]

    @classmethod
    def from_articles(cls, articles: ArticleTable) -> Self:
        """Build the catalogue of these articles."""
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
        """Find articles with all words in their title, date or source, the newest first.

        Args:
            text: The text entered, parsed by `make_needles`; without a word it matches all
                articles.
            until: The last visible day.
            limit: The maximum number of articles.
        """
        ranks = self._find_ranks(make_needles(text), first=self._find_first_visible(until))
        return tuple(map(self._build_card, islice(ranks, limit)))

    def find_article(self, text: str, *, until: date) -> ArticleCard | None:
        """Find the article that a person chose or entered.

        Args:
            text: The key of a card, or words as for `find_by_words`; the newest match counts.
            until: The last visible day.

        Returns:
            None if no visible article matches.
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
        """Yield the ranks, from `first` on, of the lines that contain all needles."""
        start = int(self.line_starts[first])
        while start < len(self.lines):
            previous_start = start
            # Each needle skips all lines up to the next one that contains it. A line that no
            # needle skips contains them all.
            for needle in word_needles:
                at = _find(self.lines, needle, start)
                if at < 0:
                    return
                start = self.lines.rfind(b"\n", 0, at) + 1
            if start == previous_start:
                yield int(np.searchsorted(self.line_starts, start))
                start = self.lines.index(b"\n", start) + 1


def make_key(article_id: ArticleId) -> str:
    """Return the id, or a short form if the id is too long for a Discord choice."""
    if len(article_id) <= MAX_KEY_CHARS:
        return article_id
    return f"#{sha256(article_id.encode()).hexdigest()[:_KEY_DIGITS]}"


def _find_place(key: str, ids: Sequence[ArticleId]) -> int:
    """Return the index of the id that has this key; -1 if there is none."""
    return next(
        (
            place
            for place, article_id in enumerate(ids)
            if key in {article_id, make_key(article_id)}
        ),
        -1,
    )


def _order_newest_first(articles: ArticleTable) -> NDArray[np.int32]:
    """Return the indices of the articles, the newest first.

    They are sorted day by day, because one sort of all would block all threads.
    """
    by_day = np.argsort(-articles.days, kind="stable")
    days = articles.days[by_day]
    ends = np.flatnonzero(np.diff(days, append=-1)) + 1
    order: list[int] = []
    for end in ends.tolist():
        order += sorted(by_day[len(order) : end].tolist(), key=articles.ids.__getitem__)
    return np.array(order, dtype=np.int32)


def _iter_lines(articles: ArticleTable, places: Iterable[int]) -> Iterator[bytes]:
    """Yield the line of each of these articles."""
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
    """Return the first position of the needle from `start` on, or -1.

    A single `bytes.find` over all lines would block all threads, so it runs in chunks.
    """
    for step in range(start, len(lines), _CHUNK_BYTES):
        at = lines.find(needle, step, step + _CHUNK_BYTES + len(needle) - 1)
        if at >= 0:
            return at
    return -1

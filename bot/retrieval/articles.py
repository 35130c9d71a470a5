"""The articles of a corpus in columns: quick to load, each decoded when it is asked for."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.article import Article, ArticleId

UNDATED = 0
"""Stands in the column of days for an article without a date; 1 is 1 January of the year 1."""


class Articles(Sequence[Article]):
    """Immutable; `days`, `revisions` and `source_numbers` have a value an article.

    Attributes:
        ids: The articles' ids.
        revisions: Their revisions, int32.
        days: Their days of publication as `date.toordinal()`, int32; UNDATED without one.
        sources: The distinct sources, in order of first appearance; "" where none is given.
        source_numbers: Each article's place in `sources`, int32.
    """

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        listed = list(articles)
        self.ids = [article.id for article in listed]
        self.revisions = np.array([article.revision for article in listed], dtype=np.int32)
        self.days = np.array([_ordinal(article.published_on) for article in listed], dtype=np.int32)
        self._set_sources([article.source or "" for article in listed])
        records = [_record(article) for article in listed]
        self._records = np.frombuffer(b"".join(records), dtype=np.uint8)
        self._starts = _starts([len(record) for record in records])

    def _set_sources(self, sources: Sequence[str]) -> None:
        numbers = {source: number for number, source in enumerate(dict.fromkeys(sources))}
        self.sources = list(numbers)
        self.source_numbers = np.array([numbers[source] for source in sources], dtype=np.int32)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Article: ...
    @overload
    def __getitem__(self, place: slice) -> list[Article]: ...
    def __getitem__(self, place: int | slice) -> Article | list[Article]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        record = self._records[self._starts[place] : self._starts[place + 1]].tobytes()
        head, body = record.split(b"\n", maxsplit=1)
        title, title_derived, source, url = json.loads(head)
        return Article(
            id=self.ids[place],
            title=title,
            title_derived=title_derived,
            source=source,
            url=url,
            published_on=_date(int(self.days[place])),
            body=body.decode(),
            revision=int(self.revisions[place]),
        )

    def changed(self, keep: NDArray[np.bool_], added: "Articles") -> "Articles":
        """The articles that `keep` marks, in their order, then the added ones."""
        new = Articles()
        kept = np.flatnonzero(keep)
        new.ids = [self.ids[place] for place in kept] + added.ids
        new.revisions = np.concatenate([self.revisions[keep], added.revisions])
        new.days = np.concatenate([self.days[keep], added.days])
        new._set_sources(
            [self.sources[number] for number in self.source_numbers[keep]]
            + [added.sources[number] for number in added.source_numbers]
        )
        lengths = np.concatenate([np.diff(self._starts)[keep], np.diff(added._starts)])  # noqa: SLF001
        new._starts = _starts(lengths)
        new._records = np.concatenate([self._kept_records(keep), added._records])  # noqa: SLF001
        return new

    def _kept_records(self, keep: NDArray[np.bool_]) -> NDArray[np.uint8]:
        if keep.all():
            return self._records
        return self._records[np.repeat(keep, np.diff(self._starts))]

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The columns as plain arrays, to be saved; `from_arrays` takes them back."""
        return {
            "ids": _text_array("\n".join(self.ids)),
            "sources": _text_array("\n".join(self.sources)),
            "revisions": self.revisions,
            "days": self.days,
            "source_numbers": self.source_numbers,
            "records": self._records,
            "record_starts": self._starts,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Articles":
        """The articles whose `arrays` these are."""
        articles = cls()
        articles.revisions = arrays["revisions"]
        count = len(articles.revisions)
        articles.ids = [ArticleId(line) for line in _lines(arrays["ids"])] if count else []
        articles.sources = _lines(arrays["sources"]) if count else []
        articles.days = arrays["days"]
        articles.source_numbers = arrays["source_numbers"]
        articles._records = arrays["records"]
        articles._starts = arrays["record_starts"]
        return articles


def _record(article: Article) -> bytes:
    head = [article.title, article.title_derived, article.source, article.url]
    return f"{json.dumps(head)}\n{article.body}".encode()


def _ordinal(day: date | None) -> int:
    return UNDATED if day is None else day.toordinal()


def _date(ordinal: int) -> date | None:
    return None if ordinal == UNDATED else date.fromordinal(ordinal)


def _starts(lengths: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def _text_array(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _lines(array: NDArray[np.uint8]) -> list[str]:
    return array.tobytes().decode().split("\n")

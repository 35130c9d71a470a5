"""The articles of an index, stored in columns.

The table loads quickly because an article's text is decoded only when the article is read.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import compress
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.model.article import Article, ArticleId
from bot.model.spans import Spans
from bot.retrieval.index.offsets import compute_starts
from bot.retrieval.text.controls import show_controls
from bot.retrieval.text.passages import get_sentences

_NO_SENTENCES = np.empty((2, 0), np.int32)

UNDATED = 0
"""Marks an article without a date in the column of days. Day 1 is 1 January of year 1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArticleTable:
    """An immutable table of articles, numbered from 0.

    Every column has one value per article.

    Attributes:
        ids: The article ids.
        sources: The distinct sources in order of first appearance; "" stands for no source.
        source_numbers: The position in `sources` of each article's source, int32.
        revisions: The revision numbers, int32.
        days: The publication days as `date.toordinal()`, int32; UNDATED if an article has none.
        records: The other fields of all articles, joined, as UTF-8 bytes.
        record_starts: The offset of each record in `records`, then the length of `records`.
        sentence_bounds: The first character of each sentence in its body, and the one behind it,
            int32; the sentences of one article after those of another.
        sentence_starts: The offset of each article's sentences, then the number of sentences.
    """

    ids: Sequence[ArticleId]
    sources: Sequence[str]
    source_numbers: NDArray[np.int32]
    revisions: NDArray[np.int32]
    days: NDArray[np.int32]
    records: NDArray[np.uint8]
    record_starts: NDArray[np.int64]
    sentence_bounds: NDArray[np.int32]
    sentence_starts: NDArray[np.int64]

    @classmethod
    def from_articles(cls, articles: Iterable[Article]) -> Self:
        """Build a table from articles."""
        article_list = list(articles)
        sources, source_numbers = _number_sources(
            [article.source or "" for article in article_list]
        )
        records = [_encode_record(article) for article in article_list]
        sentences = [get_sentences(article) for article in article_list]
        return cls(
            ids=[article.id for article in article_list],
            sources=sources,
            source_numbers=source_numbers,
            revisions=np.array([article.revision for article in article_list], dtype=np.int32),
            days=np.array(
                [_date_to_ordinal(article.published_on) for article in article_list], dtype=np.int32
            ),
            records=np.frombuffer(b"".join(records), dtype=np.uint8),
            record_starts=compute_starts(
                np.array([len(record) for record in records], dtype=np.int64)
            ),
            sentence_bounds=np.concatenate([_NO_SENTENCES, *map(_list_bounds, sentences)], axis=1),
            sentence_starts=compute_starts(
                np.array([len(article_sentences) for article_sentences in sentences], np.int64)
            ),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Article]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, position: int) -> Article:
        record = self.records[slice(*self.record_starts[position : position + 2])].tobytes()
        # JSON escapes newlines, so the first one always ends the head.
        head, body = record.split(b"\n", maxsplit=1)
        title, title_derived, source, url = json.loads(head)
        return Article(
            id=self.ids[position],
            title=title,
            has_derived_title=title_derived,
            source=source,
            url=url,
            published_on=_ordinal_to_date(int(self.days[position])),
            body=body.decode(),
            revision=int(self.revisions[position]),
            sentences=self.get_sentences(position),
        )

    def get_sentences(self, position: int) -> Spans:
        """Return the sentences of one article without decoding its body."""
        first, stop = self.sentence_starts[position : position + 2]
        return Spans(*self.sentence_bounds[:, first:stop])

    def add_sentences(self, article: Article) -> Article:
        """Return the article with its sentences if this revision of it is in the table."""
        position = next((n for n, known in enumerate(self.ids) if known == article.id), None)
        if position is None or self.revisions[position] != article.revision:
            return article
        return replace(article, sentences=self.get_sentences(position))

    def get_title(self, position: int) -> str:
        """Return the title of one article without decoding its body."""
        record = self.records[slice(*self.record_starts[position : position + 2])].tobytes()
        title: str = json.loads(record[: record.index(b"\n")])[0]
        return title

    def get_revisions(self) -> dict[ArticleId, int]:
        """Return the revision of each article."""
        return dict(zip(self.ids, self.revisions.tolist(), strict=True))

    def find_source_names(self, source: str) -> list[str]:
        """Return the sources with this name, as stored or as shown, ignoring case."""
        key = show_controls(source.strip()).casefold()
        return [name for name in self.sources if show_controls(name).casefold() == key]

    def mask_sources(self, names: Collection[str]) -> NDArray[np.bool_]:
        """Return a boolean per article: whether its source is one of `names`."""
        is_named = np.array([name in names for name in self.sources], dtype=np.bool_)
        return is_named[self.source_numbers]

    def with_changes(self, keep: NDArray[np.bool_], added: Self) -> Self:
        """Return a new table with the articles that `keep` marks, followed by those of `added`."""
        sizes = np.diff(self.record_starts)
        kept_records = self.records if keep.all() else self.records[np.repeat(keep, sizes)]
        sentence_counts = np.diff(self.sentence_starts)
        kept_bounds = self.sentence_bounds
        if not keep.all():
            kept_bounds = kept_bounds[:, np.repeat(keep, sentence_counts)]
        sources, source_numbers = _number_sources(
            [*compress(_list_sources(self), keep), *_list_sources(added)]
        )
        return type(self)(
            ids=[*compress(self.ids, keep), *added.ids],
            sources=sources,
            source_numbers=source_numbers,
            revisions=np.append(self.revisions[keep], added.revisions),
            days=np.append(self.days[keep], added.days),
            records=np.append(kept_records, added.records),
            record_starts=compute_starts(np.append(sizes[keep], np.diff(added.record_starts))),
            sentence_bounds=np.append(kept_bounds, added.sentence_bounds, axis=1),
            sentence_starts=compute_starts(
                np.append(sentence_counts[keep], np.diff(added.sentence_starts))
            ),
        )

    def to_arrays(self) -> Mapping[str, NDArray[Any]]:
        """Return the columns as plain arrays that can be saved and given to `from_arrays`."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        return columns | {"ids": _encode_texts(self.ids), "sources": _encode_texts(self.sources)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Build a table from the arrays of `to_arrays`."""
        columns = {field.name: arrays[field.name] for field in fields(cls)}
        texts = {name: json.loads(arrays[name].tobytes()) for name in ("ids", "sources")}
        return cls(**columns | texts)


def _number_sources(sources: Sequence[str]) -> tuple[list[str], NDArray[np.int32]]:
    """Return the distinct sources, and the position of each given source among them."""
    numbers = {source: number for number, source in enumerate(dict.fromkeys(sources))}
    return list(numbers), np.array([numbers[source] for source in sources], dtype=np.int32)


def _list_sources(articles: ArticleTable) -> list[str]:
    """Return the source of each article."""
    return [articles.sources[number] for number in articles.source_numbers]


def _list_bounds(sentences: Spans) -> NDArray[np.int32]:
    return np.stack((sentences.starts, sentences.ends))


def _encode_record(article: Article) -> bytes:
    head = [article.title, article.has_derived_title, article.source, article.url]
    return f"{json.dumps(head)}\n{article.body}".encode()


def _date_to_ordinal(day: date | None) -> int:
    return UNDATED if day is None else day.toordinal()


def _ordinal_to_date(ordinal: int) -> date | None:
    return None if ordinal == UNDATED else date.fromordinal(ordinal)


def _encode_texts(texts: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8)

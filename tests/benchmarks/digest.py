"""Comparison of digests with digests and notes written by people.

Usage: `python -m tests.benchmarks.digest FOLDER …`.

Each folder contains judged questions. If its queries have an editor's note on the news, the
digest's quotes of the articles that answer them are compared with the note and with leads, the
first one or two sentences. Grouping into stories is compared with judged days of realtimeqa_tune.
If its articles have a section, they form a human digest of their day, and the digests of all days
with enough articles are compared with it.
"""

import gzip
import json
import random
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.digest.compose import DigestLimits, compose_digest
from bot.digest.entries import MAX_QUOTE_CHARS, choose_story_quote
from bot.digest.news import ArticleBrief, News
from bot.digest.stories import group_into_stories
from bot.digest.window import DigestWindow
from bot.lookups.leading import find_lead_sentence
from bot.model.arrival import Arrival
from bot.model.article import Article, ArticleId
from bot.model.span import Span
from bot.retrieval.search_index import SearchIndex
from bot.retrieval.text.passages import get_sentences
from tests.builders import the_analyser
from tests.digest.builders import a_subscription

MIN_ARTICLES_PER_DAY = 12
ENTRIES = (5, 10)
SIMILARITIES = (0.2, 0.25, 0.3, 0.35, 0.4)
_SEED = 1935

STORIES: Mapping[str, Sequence[Sequence[int]]] = {
    "2022-06-15": ((1, 2, 3, 9), (4, 10), (11, 12)),
    "2022-06-22": ((0, 1, 2), (6, 7, 8, 9, 10, 19), (12, 13), (28, 29, 30)),
    "2022-08-09": ((0, 1, 2, 3, 4, 18, 25, 27), (5, 6, 7), (8, 9, 19, 20), (10, 11), (13, 14)),
    "2022-11-09": ((3, 4), (5, 6, 7), (8, 9), (10, 11), (20, 21), (14, 30)),
    "2022-11-16": ((2, 3), (8, 9, 30), (10, 11, 12)),
    "2022-12-13": ((5, 6, 8, 9), (10, 11, 12, 13, 14), (16, 21), (17, 18)),
}
"""The stories of some days, as indices, from 0, of articles of that day."""

UNJUDGED: Mapping[str, Sequence[int]] = {
    "2022-06-15": (8, 20, 24, 26, 27, 28),
    "2022-06-22": (3, 26),
    "2022-08-09": (16,),
    "2022-11-09": (2, 13, 16, 18, 19),
    "2022-11-16": (6, 7, 17, 19),
    "2022-12-13": (7, 20, 22, 27, 28, 29, 30),
}
"""Articles that contain several stories, or could belong to more than one."""

Row = Mapping[str, Any]


def read_rows(folder: Path, name: str) -> list[Row]:
    """Read the objects of a JSON Lines file, plain or gzipped."""
    path, packed = folder / name, folder / f"{name}.gz"
    if packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def make_article(row: Row) -> Article:
    """Build the article of a row."""
    return Article(
        id=ArticleId(row["id"]),
        title=row["title"],
        has_derived_title=False,
        source=row["source"],
        url=None,
        published_on=date.fromisoformat(row["date"]),
        body=row["text"],
    )


def compute_overlap(text: str, reference: str) -> tuple[float, float]:
    """Return the share of the reference's terms in the text, and the F1 of both."""
    own, expected = (
        Counter(the_analyser().extract_term_texts(words)) for words in (text, reference)
    )
    shared = (own & expected).total()
    recall = shared / (expected.total() or 1)
    return recall, 2 * shared / ((own.total() + expected.total()) or 1)


def simplify(text: str) -> str:
    """Return the text for a comparison word by word."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def get_first_sentences(article: Article, max_sentences: int) -> str:
    """Return the lead sentence and what follows it, as far as there is room."""
    lead = find_lead_sentence(article, max_chars=MAX_QUOTE_CHARS).span
    spans = list(get_sentences(article))
    place = spans.index(lead)
    chosen = [
        span
        for span in spans[place : place + max_sentences]
        if span.end - lead.start <= MAX_QUOTE_CHARS or span == lead
    ]
    return Span(lead.start, chosen[-1].end).extract(article.body)


def build_quotes_table(folder: Path, corpus: SearchIndex, articles: Mapping[str, Article]) -> Table:
    """Build the table that compares quotes with the editors' notes."""
    queries = {
        row["id"]: row for row in read_rows(folder, "queries.jsonl") if row.get("note_evidence")
    }
    lines = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [
        (queries.get(line.split("\t")[0]), articles.get(line.split("\t")[1])) for line in lines
    ]
    judged = [(query, article) for query, article in pairs if query and article]
    news = News((), the_analyser(), corpus.idfs)

    def quote(article: Article) -> str:
        return choose_story_quote(
            (news.get_brief(article),), news, None, max_chars=MAX_QUOTE_CHARS
        ).text

    methods: dict[str, Callable[[Article], str]] = {
        "one sentence, the first": lambda article: get_first_sentences(article, 1),
        "two sentences, the first": lambda article: get_first_sentences(article, 2),
        "as a digest quotes": quote,
    }
    table = Table("quoted", "answers", "recall", "F1", "characters", title=f"{len(judged)} notes")
    for name, method in methods.items():
        texts = [(method(article), query) for query, article in judged]
        overlaps = [compute_overlap(text, query["note_evidence"]) for text, query in texts]
        table.add_row(
            name,
            f"{statistics.mean(simplify(q['answer']) in simplify(text) for text, q in texts):.3f}",
            f"{statistics.mean(recall for recall, _ in overlaps):.3f}",
            f"{statistics.mean(f1 for _, f1 in overlaps):.3f}",
            f"{statistics.mean(len(text) for text, _ in texts):.0f}",
        )
    return table


def build_stories_table(articles: Iterable[Article], corpus: SearchIndex) -> Table:
    """Build the table of pairs of articles that are grouped rightly or wrongly into one story."""
    news = News((), the_analyser(), corpus.idfs)
    by_day: dict[str, list[ArticleBrief]] = defaultdict(list)
    for article in articles:
        if str(article.published_on) in STORIES:
            by_day[str(article.published_on)].append(news.get_brief(article))
    judged = {
        pair for day, own in by_day.items() for pair in list_pairs(list_judged_stories(day, own))
    }
    table = Table("minimum similarity", "right", "wrong", "of", "F1", title="pairs of one story")
    for min_similarity in SIMILARITIES:
        grouped: set[frozenset[str]] = set()
        for day, own in by_day.items():
            clear = [story for place, story in enumerate(own) if place not in UNJUDGED[day]]
            grouped |= list_pairs(
                group_into_stories(clear, news.story_similarity, min_similarity=min_similarity)
            )
        right, wrong = len(grouped & judged), len(grouped - judged)
        f1 = 2 * right / (len(grouped) + len(judged))
        table.add_row(
            f"{min_similarity:.2f}", str(right), str(wrong), str(len(judged)), f"{f1:.3f}"
        )
    return table


def list_judged_stories(day: str, own: Sequence[ArticleBrief]) -> Iterator[Sequence[ArticleBrief]]:
    """Yield the stories of a judged day."""
    for places in STORIES[day]:
        yield [own[place] for place in places]


def list_pairs(stories: Iterable[Sequence[ArticleBrief]]) -> set[frozenset[str]]:
    """Return the pairs of articles in the same story, by their ids."""
    ids = ([article.article.id for article in story] for story in stories)
    return {frozenset(pair) for story in ids for pair in combinations(story, 2)}


def list_days(listed: Iterable[Row]) -> Iterator[tuple[date, list[Row]]]:
    """Yield the days with enough articles, with their rows."""
    by_day: dict[date, list[Row]] = defaultdict(list)
    for row in listed:
        by_day[date.fromisoformat(row["date"])].append(row)
    yield from ((day, own) for day, own in by_day.items() if len(own) >= MIN_ARTICLES_PER_DAY)


def find_digest_ids(
    day: date, articles: Sequence[Article], corpus: SearchIndex, entries: int
) -> list[str]:
    """Return the articles in the digest of a day, including near-duplicates under an entry."""
    last = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    arrivals = [
        Arrival(article=article, arrived_at=last - timedelta(hours=1), revised_at=last)
        for article in articles
    ]
    digest = compose_digest(
        a_subscription(max_entries=entries),
        DigestWindow(day=day, starts_at=last - timedelta(days=1), ends_at=last),
        News(arrivals, the_analyser(), corpus.idfs),
        already_reported=frozenset(),
        limits=DigestLimits(),
    )
    shown = [
        article for entry in digest.entries for article in (entry.citation.article, *entry.others)
    ]
    return [article.id for article in shown]


def get_topic(row: Row) -> str:
    """Return the story under which people filed an item: the first part of its path."""
    return str(row["title"]).split(" / ")[0]


def build_days_table(
    listed: Sequence[Row], corpus: SearchIndex, articles: Mapping[str, Article]
) -> Table:
    """Build the table of how much of a day's human digest a digest covers, chosen in three ways."""
    chance = random.Random(_SEED)  # noqa: S311 - a draw to compare with
    days = list(list_days(listed))
    table = Table("chosen", "entries", "items", "stories", "sections", title=f"{len(days)} days")
    for entries in ENTRIES:

        def take_first(_: date, own: Sequence[Row], max_entries: int = entries) -> Sequence[Row]:
            return own[:max_entries]

        def draw(_: date, own: Sequence[Row], max_entries: int = entries) -> Sequence[Row]:
            return chance.sample(list(own), min(max_entries, len(own)))

        def choose(day: date, own: Sequence[Row], max_entries: int = entries) -> Sequence[Row]:
            shown = find_digest_ids(day, [articles[row["id"]] for row in own], corpus, max_entries)
            return [row for row in own if row["id"] in shown]

        methods = {"the first": take_first, "drawn": draw, "as a digest chooses": choose}
        for name, method in methods.items():
            shares = [compute_shown_shares(own, method(day, own)) for day, own in days]
            table.add_row(
                name,
                str(entries),
                *(f"{statistics.mean(column):.3f}" for column in zip(*shares, strict=True)),
            )
    return table


def compute_shown_shares(own: Sequence[Row], shown: Sequence[Row]) -> tuple[float, float, float]:
    """Return the shares of a day's items, stories and sections that are shown."""
    stories = [{get_topic(row) for row in rows} for rows in (shown, own)]
    sections = [{row["section"] for row in rows} for rows in (shown, own)]
    return (
        len(shown) / len(own),
        len(stories[0]) / len(stories[1]),
        len(sections[0]) / len(sections[1]),
    )


def main(folders: Sequence[str]) -> None:
    """Print a table for each folder."""
    console = Console(width=100)
    for folder in map(Path, folders):
        listed = [row for row in read_rows(folder, "corpus.jsonl") if row["date"]]
        articles = {row["id"]: make_article(row) for row in listed}
        corpus = SearchIndex.from_articles(articles.values(), the_analyser())
        has_sections = any("section" in row for row in islice(listed, 1))
        console.print(f"{folder.name}: {len(articles):,} articles")
        if has_sections:
            console.print(build_days_table(listed, corpus, articles))
        else:
            console.print(build_quotes_table(folder, corpus, articles))
            console.print(build_stories_table(articles.values(), corpus))


if __name__ == "__main__":
    main(sys.argv[1:])

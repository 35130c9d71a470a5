"""Articles, indexes, answers and applications for tests, each built in one line."""

import json
import shutil
import tomllib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.errors import ArticleError
from bot.library import dated_text
from bot.lookups.search import Searcher
from bot.model.article import Article, ArticleId
from bot.model.day_range import DayRange
from bot.retrieval.answering.answer import Answer, build_answer
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.search_index import SearchIndex
from bot.retrieval.text.terms import Analyser
from bot.services.limits import build_answer_limits
from bot.settings.data_files import load_stop_words
from bot.settings.loading import load_settings
from bot.wiring import Application, open_application

PROJECT = Path(__file__).parents[1]
SEED = next((PROJECT / "seeds").glob("*.txt"))
SEED_QUESTION = "Why did OpenAI reach an agreement where Anthropic could not?"
PUBLISHED_ON = date(2026, 3, 2)
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def an_article(  # noqa: PLR0913 - an article's attributes
    body: str = "The river rose by two metres.",
    *,
    id: str = "flood",  # noqa: A002 - the attribute's name
    title: str = "The flood",
    has_derived_title: bool = False,
    source: str | None = "The Courier",
    url: str | None = None,
    published_on: date | None = PUBLISHED_ON,
    revision: int = 1,
) -> Article:
    """Return an article; a test names only the attributes that matter to it."""
    return Article(
        id=ArticleId(id),
        title=title,
        has_derived_title=has_derived_title,
        source=source,
        url=url,
        published_on=published_on,
        body=body,
        revision=revision,
    )


@cache
def the_analyser() -> Analyser:
    """Return the analyser with the stop words of config/."""
    return Analyser(load_stop_words(PROJECT / "config" / "stop_words.txt"))


@cache
def the_weights() -> Weights:
    """Return the weights of config/."""
    return Weights.from_tables(
        tomllib.loads((PROJECT / "config" / "weights.toml").read_text("utf-8"))
    )


def an_index(*articles: Article) -> SearchIndex:
    """Return an index of the articles, built with `the_analyser`."""
    return SearchIndex.from_articles(articles, the_analyser())


def an_answer(
    question: str,
    *articles: Article,
    today: date = PUBLISHED_ON,
    weights: Weights | None = None,
) -> Answer:
    """Return the answer that the articles give on the day `today`; None uses `the_weights`."""
    weights = weights or the_weights()
    query = parse_query(question, today=today, analyser=the_analyser())
    found = what_is_found(query, an_index(*articles), until=today, weights=weights)
    return build_answer(query, found, limits=AnswerLimits(), weights=weights)


def what_is_found(  # noqa: PLR0913 - a search's arguments
    query: Query,
    corpus: SearchIndex,
    *,
    bounds: Bounds | None = None,
    until: date | None = None,
    limits: AnswerLimits | None = None,
    weights: Weights | None = None,
) -> SearchResult:
    """Return the result of a search; by default of the whole index, with `the_weights`."""
    return corpus.search(
        query,
        bounds=bounds or Bounds(),
        until=until,
        limits=limits or AnswerLimits(),
        weights=weights or the_weights(),
    )


@cache
def seed_articles() -> tuple[Article, ...]:
    """Return the articles of seeds/."""
    files = sorted((PROJECT / "seeds").glob("*.txt"))
    found = [finding for path in files for finding in dated_text.read_articles(path, 1_000_000)]
    return tuple(placed.article for placed in found if not isinstance(placed, ArticleError))


@asynccontextmanager
async def an_app(
    folder: Path,
    *,
    home: Path = PROJECT,
    now: datetime = NOON,
    notify: Callable[[str], None] = lambda _: None,
    weights: Weights | None = None,
    **environment: str,
) -> AsyncIterator[Application]:
    """Open an application on the data folder `folder`; its clock stands still at `now`.

    Args:
        folder: The data folder.
        home: The project folder.
        now: The time on its clock.
        notify: Takes the notices for the operator.
        weights: Weights to use instead of those of `home`.
        environment: Settings to override, such as `DATELINE_LIBRARY__SEEDS="false"`.
    """
    settings = load_settings(None, folder, environment, home)
    async with open_application(settings, time_source=lambda: now, notify=notify) as app:
        yield replace(app, weights=weights) if weights else app


async def ask(
    app: Application, text: str, *, dates: Sequence[DayRange] = (), **options: Any
) -> Answer:
    """Ask a question as a person in Discord does; `options` are the bounds as text."""
    services = app.services
    return await services.ask.ask(services.ask.parse(text, **options), dates=dates)


async def answer_within(app: Application, text: str, bounds: Bounds) -> Answer:
    """Answer a question within some bounds."""
    question = replace(app.services.ask.parse(text), bounds=bounds)
    return await app.services.ask.ask_in_any_script(question)


def build_searcher(app: Application, today: date | None = None) -> Searcher:
    """Return the searcher of the application for a day, by default that of its clock."""
    return Searcher(
        index=app.index,
        today=today or app.clock.today(),
        limits=build_answer_limits(app.settings),
        weights=app.weights,
    )


def a_home(folder: Path) -> Path:
    """Make a project folder with a copy of config/ and without seeds."""
    shutil.copytree(PROJECT / "config", folder / "config")
    return folder


def a_text_file(path: Path, body: str, published_on: date = PUBLISHED_ON) -> Path:
    """Write an article as a dated text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"date {published_on} {body}", encoding="utf-8")
    return path


def a_json_lines_file(path: Path, articles: Iterable[Article]) -> Path:
    """Write the articles as JSON Lines."""
    lines = (
        {
            "id": article.id,
            "title": article.title,
            "date": str(article.published_on),
            "source": article.source,
            "url": article.url,
            "text": article.body,
        }
        for article in articles
    )
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path

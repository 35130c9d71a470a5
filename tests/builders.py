"""What many tests need to start from, made in one line each."""

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
    """An article in which only what a test cares for need be named."""
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
    """The analyser with the stop words that ship."""
    return Analyser(load_stop_words(PROJECT / "config" / "stop_words.txt"))


@cache
def the_weights() -> Weights:
    """The weights that ship."""
    return Weights.from_tables(
        tomllib.loads((PROJECT / "config" / "weights.toml").read_text("utf-8"))
    )


def an_index(*articles: Article) -> SearchIndex:
    """The corpus of the articles, made by `the_analyser`."""
    return SearchIndex.from_articles(articles, the_analyser())


def an_answer(
    question: str,
    *articles: Article,
    today: date = PUBLISHED_ON,
    weights: Weights | None = None,
) -> Answer:
    """The answer that the articles give on the day `today`, by the weights that ship or by others."""
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
    """What a search of the whole corpus finds, by the weights that ship, unless a test says more."""
    return corpus.search(
        query,
        bounds=bounds or Bounds(),
        until=until,
        limits=limits or AnswerLimits(),
        weights=weights or the_weights(),
    )


@cache
def seed_articles() -> tuple[Article, ...]:
    """The articles that ship."""
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
    """The app of the project folder `home`, its data in `folder`, with a clock that stands still.

    `weights` stand in for those of `home`; `environment` overrides settings:
    `DATELINE_LIBRARY__SEEDS="false"`.
    """
    settings = load_settings(None, folder, environment, home)
    async with open_application(settings, time_source=lambda: now, notify=notify) as app:
        yield replace(app, weights=weights) if weights else app


async def ask(
    app: Application, text: str, *, dates: Sequence[DayRange] = (), **options: Any
) -> Answer:
    """Ask a question as a person in Discord does; `options` are the bounds, as typed."""
    services = app.services
    return await services.ask.ask(services.ask.parse(text, **options), dates=dates)


async def answer_within(app: Application, text: str, bounds: Bounds) -> Answer:
    """Answer a question within some bounds."""
    question = replace(app.services.ask.parse(text), bounds=bounds)
    return await app.services.ask.ask_in_any_script(question)


def build_searcher(app: Application, today: date | None = None) -> Searcher:
    """Return what a search of the application runs on; by default on its clock's day."""
    return Searcher(
        index=app.index,
        today=today or app.clock.today(),
        limits=build_answer_limits(app.settings),
        weights=app.weights,
    )


def a_home(folder: Path) -> Path:
    """A project folder with the settings that ship and no seeds."""
    shutil.copytree(PROJECT / "config", folder / "config")
    return folder


def a_text_file(path: Path, body: str, published_on: date = PUBLISHED_ON) -> Path:
    """An article as a dated text file at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"date {published_on} {body}", encoding="utf-8")
    return path


def a_json_lines_file(path: Path, articles: Iterable[Article]) -> Path:
    """The articles as JSON Lines at `path`."""
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

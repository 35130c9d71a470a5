"""Settings, store, corpus and clock, opened together and closed together; the only clock reader."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.digest.compose import DigestLimits
from bot.errors import SettingsError
from bot.library.ingest import IngestOutcome, ingest
from bot.lookups.search import Searcher
from bot.model.article import ArticleId
from bot.model.progress import ProgressCallback
from bot.model.receipt import ShownReceipt
from bot.presentation.wording import format_count
from bot.retrieval.answering.answer import Answer, build_answer
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.weights import Caution, Weights
from bot.runtime.clock import Clock, parse_clock, system_clock
from bot.search.embedded import EmbeddedSearch
from bot.settings.loading import load_settings
from bot.settings.model_files import build_analyser, load_weights
from bot.settings.settings import Settings
from bot.store.alerts import AlertStore
from bot.store.answers import AnswerStore
from bot.store.articles import ArticleStore
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from bot.store.receipts import ReceiptStore
from bot.store.servers import GuildStore
from bot.store.subscriptions import SubscriptionStore
from bot.store.votes import VoteStore

Notify = Callable[[str], None]
"""Tells the operator one sentence."""

DATABASE_NAME = "dateline.sqlite3"


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything that a command needs; made by `open_app`.

    Attributes:
        settings: The settings.
        clock: The time.
        articles: The library.
        receipts: The receipts of what was shown.
        answers: The answers whose buttons still work.
        votes: What people think of excerpts.
        guilds: What servers set, and which were left.
        subscriptions: The digests of servers.
        deliveries: What became of each day's digest.
        alerts: What servers and people want to be told of.
        index: What searches run on.
        weights: How much each feature and each piece of evidence counts.
        notify: Tells the operator.
    """

    settings: Settings
    clock: Clock
    articles: ArticleStore
    receipts: ReceiptStore
    answers: AnswerStore
    votes: VoteStore
    guilds: GuildStore
    subscriptions: SubscriptionStore
    deliveries: DeliveryStore
    alerts: AlertStore
    index: EmbeddedSearch
    weights: Weights
    notify: Notify

    @property
    def today(self) -> date:
        """The day that it is in the zone of the settings."""
        return self.get_today(self.settings.dates.zone)

    def get_today(self, zone: ZoneInfo) -> date:
        """The day that it is in a zone."""
        return self.clock().astimezone(zone).date()


@asynccontextmanager
async def open_app(settings: Settings, *, clock: Clock, notify: Notify) -> AsyncIterator[App]:
    """The app, closed at the end whatever happens.

    Raises:
        SettingsError: The stop words or the weights can't be read.
        StoreError: The database can't be used.
    """
    analyser, weights = build_analyser(settings), load_weights(settings)
    async with Database.open(settings.data_dir / DATABASE_NAME) as database:
        yield App(
            settings=settings,
            clock=clock,
            articles=ArticleStore(database),
            receipts=ReceiptStore(database),
            answers=AnswerStore(database),
            votes=VoteStore(database),
            guilds=GuildStore(database),
            subscriptions=SubscriptionStore(database),
            deliveries=DeliveryStore(database),
            alerts=AlertStore(database),
            index=EmbeddedSearch(database, analyser, settings.data_dir),
            weights=weights,
            notify=notify,
        )


def load_cli_settings(config: Path | None, data_dir: Path | None) -> Settings:
    """The settings as the command line's global options, the environment and the folder give them.

    Raises:
        SettingsError: A setting is wrong.
    """
    return load_settings(config, data_dir, os.environ, Path.cwd())


@asynccontextmanager
async def open_cli_app(
    config: Path | None, data_dir: Path | None, as_of: str | None, *, notify: Notify
) -> AsyncIterator[App]:
    """The app as the command line's global options, the environment and the folder ask for it.

    Raises:
        SettingsError: A setting is wrong.
        UnknownDate: `as_of` is no date or instant.
        StoreError: The database can't be used.
    """
    settings = load_cli_settings(config, data_dir)
    clock = system_clock if as_of is None else parse_clock(as_of, settings)
    async with open_app(settings, clock=clock, notify=notify) as app:
        yield app


async def answer_query(
    app: App,
    query: Query,
    bounds: Bounds,
    *,
    max_excerpts: int | None = None,
    today: date | None = None,
) -> Answer:
    """The answer to a query; what it shows can be verified from now on.

    Args:
        app: The app.
        query: What is asked.
        bounds: Which articles are searched.
        max_excerpts: Excerpts at most; None for what the settings say.
        today: The last day that is visible; None for the day in the zone of the settings.

    Raises:
        StoreError: The database can't be used.
    """
    answer = await find_answer(app, query, bounds, max_excerpts=max_excerpts, today=today)
    await record_receipts(app, (*answer.excerpts, *answer.closest_excerpts))
    return answer


async def find_answer(
    app: App,
    query: Query,
    bounds: Bounds,
    *,
    max_excerpts: int | None = None,
    today: date | None = None,
) -> Answer:
    """The answer to a query as `ask` gives it, not yet shown to anybody.

    Raises:
        StoreError: The database can't be used.
    """
    limits = build_limits(app, max_excerpts)
    result = await app.index.search(
        query, bounds=bounds, until=today or app.today, limits=limits, weights=app.weights
    )
    return await asyncio.to_thread(build_answer, query, result, limits=limits, weights=app.weights)


def build_limits(app: App, max_excerpts: int | None = None) -> AnswerLimits:
    """How much is shown, and how sure an answer has to be.

    Args:
        app: The app.
        max_excerpts: Excerpts at most; None for what the settings say.
    """
    settings = app.settings
    return AnswerLimits(
        max_excerpts=max_excerpts or settings.answers.max_excerpts,
        max_excerpt_chars=settings.answers.max_excerpt_chars,
        steer_days=settings.dates.steer_days,
        caution=Caution(settings.answers.caution),
    )


def build_digest_limits(app: App) -> DigestLimits:
    """How much a digest takes in."""
    return DigestLimits(
        late_days=app.settings.digest.late_days,
        max_excerpt_chars=app.settings.answers.max_excerpt_chars,
    )


def build_searcher(app: App, today: date | None = None) -> Searcher:
    """What searches run on, on the day that it is for who typed; None for the settings' zone."""
    return Searcher(
        index=app.index, today=today or app.today, limits=build_limits(app), weights=app.weights
    )


async def record_receipts(app: App, citations: Iterable[Citation]) -> None:
    """Makes sure that what a person is about to be shown can be verified from now on.

    Raises:
        StoreError: The database can't be used.
    """
    await app.receipts.record([_build_receipt(citation) for citation in citations], app.clock())


def _build_receipt(citation: Citation) -> ShownReceipt:
    return ShownReceipt(
        receipt=citation.receipt,
        article_id=citation.article.id,
        revision=citation.article.revision,
        start=citation.span.start,
        end=citation.span.end,
    )


async def ingest_seeds(app: App) -> None:
    """Fills a library that never held an article from the seeds, where the settings say so.

    Raises:
        SettingsError: There is no folder of seeds.
        StoreError: The database can't be used.
    """
    seeds = app.settings.seeds_dir
    if not app.settings.library.seeds or await app.articles.has_ever_held_articles():
        return
    if not seeds.is_dir():
        remedy = "this folder, which fills an empty library, is missing: restore it, or set false."
        raise SettingsError(str(seeds), "library.seeds", remedy)
    outcomes = await add_articles(app, [seeds])
    refused = [outcome for outcome in outcomes if outcome.reason]
    articles = format_count(len(outcomes) - len(refused), "article")
    app.notify(f"The library was empty: it took in {articles} from {seeds}.")
    for outcome in refused:
        app.notify(f"Refused: {outcome.path}: {outcome.reason}")


async def add_articles(
    app: App, paths: Sequence[Path], progress: ProgressCallback | None = None
) -> tuple[IngestOutcome, ...]:
    """What became of each file and line of `paths`, as `library.ingest` says.

    Raises:
        StoreError: The database can't be used.
    """
    return await ingest(
        paths,
        app.articles,
        at=app.clock,
        max_article_bytes=app.settings.library.max_article_bytes,
        progress=progress,
    )


async def refresh_index(app: App, progress: ProgressCallback | None = None) -> None:
    """Brings the corpus in step with the library, so that the next question is quick.

    Raises:
        StoreError: The database can't be used.
    """
    await app.index.refresh(progress)
    try:
        await app.index.save()
    except OSError as error:
        app.notify(
            f"What searches need could not be saved in {app.settings.data_dir} "
            f"({error.strerror}): questions are answered, but each start makes it anew."
        )


async def withdraw(app: App, article_id: str, reason: str) -> None:
    """Takes an article back: all its revisions are deleted, its receipts say so.

    The saved corpus holds it until `refresh_with_progress`.

    Raises:
        UnknownArticle: The library does not hold it.
        StoreError: The database can't be used.
    """
    await app.articles.remove(ArticleId(article_id), reason, app.clock())

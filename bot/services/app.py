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
from bot.library.ingest import Outcome, ingest
from bot.lookups.search import Searcher
from bot.model.article import ArticleId
from bot.model.receipt import ShownReceipt
from bot.presentation.wording import count_text
from bot.retrieval.answering.answer import Answer, compose
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import Bounds, Limits
from bot.retrieval.scoring.weights import Caution, Weights
from bot.runtime.clock import Clock, clock_from, system_clock
from bot.search.embedded import LiveCorpus, Progress
from bot.settings.model_files import analyser_of, weights_of
from bot.settings.settings import Settings, load
from bot.store.alerts import AlertStore
from bot.store.answers import AnswerStore
from bot.store.articles import ArticleStore
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from bot.store.receipts import ReceiptStore
from bot.store.servers import ServerStore
from bot.store.subscriptions import SubscriptionStore
from bot.store.votes import VoteStore

Notify = Callable[[str], None]
"""Tells the operator one sentence."""

DATABASE_NAME = "dateline.sqlite3"


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything that a command needs; made by `opened`.

    Attributes:
        settings: The settings.
        clock: The time.
        articles: The library.
        receipts: The receipts of what was shown.
        answers: The answers whose buttons still work.
        votes: What people think of excerpts.
        servers: What servers set, and which were left.
        subscriptions: The digests of servers.
        deliveries: What became of each day's digest.
        alerts: What servers and people want to be told of.
        corpus: What searches run on.
        weights: How much each feature and each piece of evidence counts.
        notify: Tells the operator.
    """

    settings: Settings
    clock: Clock
    articles: ArticleStore
    receipts: ReceiptStore
    answers: AnswerStore
    votes: VoteStore
    servers: ServerStore
    subscriptions: SubscriptionStore
    deliveries: DeliveryStore
    alerts: AlertStore
    corpus: LiveCorpus
    weights: Weights
    notify: Notify

    @property
    def today(self) -> date:
        """The day that it is in the zone of the settings."""
        return self.today_in(self.settings.dates.zone)

    def today_in(self, zone: ZoneInfo) -> date:
        """The day that it is in a zone."""
        return self.clock().astimezone(zone).date()


@asynccontextmanager
async def opened(settings: Settings, *, clock: Clock, notify: Notify) -> AsyncIterator[App]:
    """The app, closed at the end whatever happens.

    Raises:
        SettingsError: The stop words or the weights can't be read.
        StoreError: The database can't be used.
    """
    analyser, weights = analyser_of(settings), weights_of(settings)
    async with Database.open(settings.data_dir / DATABASE_NAME) as database:
        yield App(
            settings=settings,
            clock=clock,
            articles=ArticleStore(database),
            receipts=ReceiptStore(database),
            answers=AnswerStore(database),
            votes=VoteStore(database),
            servers=ServerStore(database),
            subscriptions=SubscriptionStore(database),
            deliveries=DeliveryStore(database),
            alerts=AlertStore(database),
            corpus=LiveCorpus(database, analyser, settings.data_dir),
            weights=weights,
            notify=notify,
        )


def settings_of(config: Path | None, data_dir: Path | None) -> Settings:
    """The settings as the command line's global options, the environment and the folder give them.

    Raises:
        SettingsError: A setting is wrong.
    """
    return load(config, data_dir, os.environ, Path.cwd())


@asynccontextmanager
async def configured(
    config: Path | None, data_dir: Path | None, as_of: str | None, *, notify: Notify
) -> AsyncIterator[App]:
    """The app as the command line's global options, the environment and the folder ask for it.

    Raises:
        SettingsError: A setting is wrong.
        UnknownDate: `as_of` is no date or instant.
        StoreError: The database can't be used.
    """
    settings = settings_of(config, data_dir)
    clock = system_clock if as_of is None else clock_from(as_of, settings)
    async with opened(settings, clock=clock, notify=notify) as app:
        yield app


async def ask(
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
    answer = await composed(app, query, bounds, max_excerpts=max_excerpts, today=today)
    await record_shown(app, (*answer.excerpts, *answer.closest))
    return answer


async def composed(
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
    limits = limits_of(app, max_excerpts)
    found = await app.corpus.search(
        query, bounds=bounds, until=today or app.today, limits=limits, weights=app.weights
    )
    return await asyncio.to_thread(compose, query, found, limits=limits, weights=app.weights)


def limits_of(app: App, max_excerpts: int | None = None) -> Limits:
    """How much is shown, and how sure an answer has to be.

    Args:
        app: The app.
        max_excerpts: Excerpts at most; None for what the settings say.
    """
    settings = app.settings
    return Limits(
        max_excerpts=max_excerpts or settings.answers.max_excerpts,
        max_excerpt_chars=settings.answers.max_excerpt_chars,
        steer_days=settings.dates.steer_days,
        caution=Caution(settings.answers.caution),
    )


def digest_limits(app: App) -> DigestLimits:
    """How much a digest takes in."""
    return DigestLimits(
        late_days=app.settings.digest.late_days,
        max_excerpt_chars=app.settings.answers.max_excerpt_chars,
    )


def searcher(app: App, today: date | None = None) -> Searcher:
    """What searches run on, on the day that it is for who typed; None for the settings' zone."""
    return Searcher(
        corpus=app.corpus, today=today or app.today, limits=limits_of(app), weights=app.weights
    )


async def record_shown(app: App, citations: Iterable[Citation]) -> None:
    """Makes sure that what a person is about to be shown can be verified from now on.

    Raises:
        StoreError: The database can't be used.
    """
    await app.receipts.record([_receipt(each) for each in citations], app.clock())


def _receipt(excerpt: Citation) -> ShownReceipt:
    return ShownReceipt(
        receipt=excerpt.receipt,
        article_id=excerpt.article.id,
        revision=excerpt.article.revision,
        start=excerpt.span.start,
        end=excerpt.span.end,
    )


async def take_seeds(app: App) -> None:
    """Fills a library that never held an article from the seeds, where the settings say so.

    Raises:
        SettingsError: There is no folder of seeds.
        StoreError: The database can't be used.
    """
    seeds = app.settings.seeds_dir
    if not app.settings.library.seeds or await app.articles.ever_held_any():
        return
    if not seeds.is_dir():
        remedy = "this folder, which fills an empty library, is missing: restore it, or set false."
        raise SettingsError(str(seeds), "library.seeds", remedy)
    outcomes = await add(app, [seeds])
    refused = [outcome for outcome in outcomes if outcome.reason]
    taken = count_text(len(outcomes) - len(refused), "article")
    app.notify(f"The library was empty: it took in {taken} from {seeds}.")
    for outcome in refused:
        app.notify(f"Refused: {outcome.path}: {outcome.reason}")


async def add(
    app: App, paths: Sequence[Path], progress: Progress | None = None
) -> tuple[Outcome, ...]:
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


async def in_step(app: App, progress: Progress | None = None) -> None:
    """Brings the corpus in step with the library, so that the next question is quick.

    Raises:
        StoreError: The database can't be used.
    """
    await app.corpus.refresh(progress)
    try:
        await app.corpus.save()
    except OSError as error:
        app.notify(
            f"What searches need could not be saved in {app.settings.data_dir} "
            f"({error.strerror}): questions are answered, but each start makes it anew."
        )


async def withdraw(app: App, article_id: str, reason: str) -> None:
    """Takes an article back: all its revisions are deleted, its receipts say so.

    The saved corpus holds it until `in_step`.

    Raises:
        UnknownArticle: The library does not hold it.
        StoreError: The database can't be used.
    """
    await app.articles.remove(ArticleId(article_id), reason, app.clock())

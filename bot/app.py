"""Settings, store, corpus and clock, opened together and closed together; the only clock reader."""

import asyncio
import os
import time
import tomllib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.digest.compose import DigestLimits
from bot.errors import ReversedBounds, SettingsError, UnknownDate
from bot.library.ingest import Outcome, ingest
from bot.live_corpus import LiveCorpus, Progress
from bot.lookups.search import Searcher
from bot.presentation.wording import count_text
from bot.retrieval.answer import Answer, compose
from bot.retrieval.article import Article, ArticleId
from bot.retrieval.case import EVIDENCE
from bot.retrieval.dates import day_range
from bot.retrieval.days import DayRange, day_text
from bot.retrieval.excerpt import Citation
from bot.retrieval.features import AFAR, NAMES
from bot.retrieval.limits import Bounds, Limits
from bot.retrieval.query import Query, parse
from bot.retrieval.question import checked_question
from bot.retrieval.receipt import Standing, Verification, compared, fits, parsed_receipt
from bot.retrieval.span import Span
from bot.retrieval.terms import Analyser
from bot.retrieval.weights import INTERCEPT, Caution, Weights
from bot.settings import Settings, load
from bot.store.alerts import AlertStore
from bot.store.answers import AnswerStore
from bot.store.articles import ArticleStore
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from bot.store.receipts import ReceiptStore, ShownReceipt
from bot.store.servers import ServerStore
from bot.store.subscriptions import SubscriptionStore
from bot.store.votes import VoteStore

Clock = Callable[[], datetime]
"""The time now, aware and in UTC."""

Notify = Callable[[str], None]
"""Tells the operator one sentence."""

DATABASE_NAME = "dateline.sqlite3"

_YEARS = range(1000, 9000)
"""Where a clock may start: dates around it are reckoned, so it keeps clear of the calendar's ends."""


def system_clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


def clock_from(text: str, settings: Settings) -> Clock:
    """A clock that starts at a date (its first moment) or an ISO instant and ticks on from there.

    Raises:
        UnknownDate: The text is neither, or lies near an end of the calendar.
    """
    zone = settings.dates.zone
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        day = _given(day_range(text, system_clock().astimezone(zone).date()).first, text)
        start = datetime.combine(day, datetime.min.time())
    if start.year not in _YEARS:
        raise UnknownDate(text)
    aware = start if start.tzinfo else start.replace(tzinfo=zone)
    origin = time.monotonic()
    return lambda: aware.astimezone(UTC) + timedelta(seconds=time.monotonic() - origin)


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


def analyser_of(settings: Settings) -> Analyser:
    """What makes terms, for passages and queries.

    Raises:
        SettingsError: The stop words can't be read.
    """
    return Analyser(stop_words(settings.stop_words_path))


def stop_words(path: Path) -> frozenset[str]:
    """The words of a file, one a line; lines that begin with `#` are comments.

    Raises:
        SettingsError: The file can't be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        remedy = "the file can't be read: restore it from the project."
        raise SettingsError(str(path), "stop words", remedy) from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def weights_of(settings: Settings) -> Weights:
    """What was learnt from judged questions.

    Raises:
        SettingsError: The file can't be read, or a number is missing or of nothing known.
    """
    path = settings.weights_path
    try:
        return _fitting(Weights.of(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError) as error:
        remedy = "the file can't be used: restore it from the project."
        raise SettingsError(str(path), "weights", remedy) from error


def _fitting(weights: Weights) -> Weights:
    """The weights, where they are of what is weighed; none but whole evidence makes a confidence.

    Raises:
        ValueError: A name is missing among them, or unknown.
    """
    evidence = {INTERCEPT, *EVIDENCE} if weights.evidence else set()
    fits = (
        weights.candidates.keys() <= set(AFAR)
        and weights.features.keys() | weights.statement.keys() <= set(NAMES)
        and weights.evidence.keys() == evidence
    )
    if not fits:
        raise ValueError
    return weights


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


def bounds_of(
    app: App,
    after: str | None,
    before: str | None,
    source: str | None,
    *,
    today: date | None = None,
) -> Bounds:
    """The bounds that a person typed: `after` from its first day on, `before` to its last.

    Args:
        app: The app.
        after: The first day of publication, as typed.
        before: The last day of publication, as typed.
        source: The source, as typed.
        today: The day that it is for who typed; None for the day in the zone of the settings.

    Raises:
        UnknownDate: One of them is no date, or has more than one reading.
        ReversedBounds: They leave no day between them.
    """
    today = today or app.today
    first = None if after is None else first_day(after, today)
    last = None if before is None else _given(day_range(before, today).last, before)
    if first and last and first > last:
        raise ReversedBounds(day_text(first), day_text(last))
    return Bounds(after=first, before=last, source=source)


def first_day(text: str, today: date) -> date:
    """The first of the days that a person typed.

    Raises:
        UnknownDate: They are none, have no first day, or more than one reading.
    """
    return _given(day_range(text, today).first, text)


def days_of(text: str, today: date) -> DayRange:
    """The days that a person typed.

    Raises:
        UnknownDate: They are none, or have more than one reading.
    """
    return day_range(text, today)


def _given(day: date | None, text: str) -> date:
    if day is None:  # "until March" has no first day
        raise UnknownDate(text)
    return day


def query_of(app: App, question: str, *, today: date | None = None) -> Query:
    """The query that a person's question makes today.

    Args:
        app: The app.
        question: What was typed.
        today: The day that it is for who typed; None for the day in the zone of the settings.

    Raises:
        QueryError: It is empty, too short or too long, or has nothing to search for.
    """
    checked = checked_question(question)
    return parse(checked, today=today or app.today, analyser=app.corpus.analyser)


def query_of_terms(app: App, terms: str, *, today: date | None = None) -> Query:
    """The query that a person's terms make, whether or not they are a question.

    Args:
        app: The app.
        terms: What was typed.
        today: The day that it is for who typed; None for the day in the zone of the settings.

    Raises:
        EmptyQuery: There is nothing to search for among them.
    """
    return parse(terms, today=today or app.today, analyser=app.corpus.analyser)


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


async def verify(app: App, text: str, zone: ZoneInfo | None = None) -> Verification:
    """Whether the quote of a receipt still stands.

    Args:
        app: The app.
        text: The receipt, as typed.
        zone: Where it is the day that instants are told by; None for the zone of the settings.

    Raises:
        MalformedReceipt: The text is no receipt.
        StoreError: The database can't be used.
    """
    receipt = parsed_receipt(text)
    shown = await app.receipts.find(receipt)
    if shown is None:
        return Verification(receipt=receipt, standing=Standing.UNKNOWN)
    span = Span(shown.start, shown.end)
    current = await app.articles.current_one(shown.article_id)
    then = await app.articles.revision(shown.article_id, shown.revision)
    quoted = next((each for each in (then, current) if each and fits(receipt, each, span)), None)
    zone = zone or app.settings.dates.zone
    if current and (current.published_on or date.min) > app.today_in(zone):
        current = quoted  # a revision that is dated later is hidden, as all else is
    if current and quoted:
        revised_at = await _revised_at(app, quoted, current, zone)
        return replace(compared(receipt, quoted, span, current), revised_at=revised_at)
    withdrawal = await app.articles.withdrawal(shown.article_id)
    return Verification(
        receipt=receipt,
        standing=Standing.WITHDRAWN,
        article_id=shown.article_id,
        current=current,
        withdrawn_at=withdrawal.at.astimezone(zone) if withdrawal else None,
        reason=withdrawal.reason if withdrawal else None,
    )


async def _revised_at(
    app: App, quoted: Article, current: Article, zone: ZoneInfo
) -> datetime | None:
    """When the article became what it is; None where it is as it was quoted."""
    if quoted == current:
        return None
    at = await app.articles.ingested_at(current.id, current.revision)
    return at.astimezone(zone) if at else None  # it may have been taken back this moment

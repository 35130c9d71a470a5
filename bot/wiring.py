"""Building all parts of the program from the settings, and closing them in order."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.delivery.alert_composer import AlertComposer, AlertNotice
from bot.delivery.alert_matcher import AlertMatcher
from bot.delivery.alerts import AlertDelivery, ReportAlert
from bot.delivery.deliveries import Deliveries
from bot.delivery.digests import DigestDelivery, DigestMessenger
from bot.delivery.outbox import Messenger
from bot.presentation.errors import describe_error
from bot.retrieval.scoring.weights import Weights
from bot.runtime.clock import Clock, TimeSource, read_system_clock
from bot.runtime.heartbeats import start_heartbeats
from bot.runtime.pseudonyms import Pseudonymizer
from bot.search.embedded import EmbeddedSearch
from bot.services.alerts import AlertService
from bot.services.ask import AskService
from bot.services.browse import BrowseService
from bot.services.digest_composer import DigestComposer, DueDigestComposer
from bot.services.digest_history import DigestHistoryService
from bot.services.digests import DigestService
from bot.services.finding import Finding
from bot.services.library import LibraryService, Notify
from bot.services.limits import build_answer_limits, build_digest_limits
from bot.services.listings import ListingService
from bot.services.preferences import PreferenceService
from bot.services.privacy import PrivacyService
from bot.services.services import Services
from bot.services.shown_answers import ShownAnswerService
from bot.services.verify import VerifyService
from bot.services.votes import VoteService
from bot.settings.data_files import build_analyser, load_weights
from bot.settings.settings import Settings
from bot.store.alerts import AlertStore
from bot.store.answers import AnswerStore
from bot.store.articles import ArticleStore
from bot.store.database import DATABASE_FILE, Database
from bot.store.deliveries import DeliveryStore
from bot.store.guilds import GuildStore
from bot.store.receipts import ReceiptStore
from bot.store.subscriptions import SubscriptionStore
from bot.store.votes import VoteStore

if TYPE_CHECKING:  # discord.py is slow to import, and `dateline ask` does not need it
    from bot.discord_ui.client import Client


# No slots: `cached_property` stores the services beside the fields.
@dataclass(frozen=True, kw_only=True)
class Application:
    """The parts of the program on one data folder.

    Attributes:
        settings: The settings.
        clock: The clock.
        notify: Shows a sentence to the operator.
        weights: The weights of features and evidence.
        articles: The articles of the library.
        receipts: The receipts of shown excerpts.
        answers: The shown answers and listings, for their buttons.
        votes: The votes on excerpts.
        guilds: The preferences of servers, and the servers that the bot has left.
        subscriptions: The digest settings of servers.
        deliveries: The deliveries of digests.
        alerts: The alerts of servers and people.
        index: The search index.
    """

    settings: Settings
    clock: Clock
    notify: Notify
    weights: Weights
    articles: ArticleStore
    receipts: ReceiptStore
    answers: AnswerStore
    votes: VoteStore
    guilds: GuildStore
    subscriptions: SubscriptionStore
    deliveries: DeliveryStore
    alerts: AlertStore
    index: EmbeddedSearch

    @cached_property
    def services(self) -> Services:
        """The services, each with only the parts that it uses."""
        return _build_services(self)

    def build_digest_composer(self) -> DigestComposer:
        """Return a composer for digests that are due together; they share what it has read."""
        limits = build_digest_limits(self.settings)
        return DigestComposer(self.articles, self.deliveries, self.index, limits)


@asynccontextmanager
async def open_application(
    settings: Settings, *, time_source: TimeSource, notify: Notify
) -> AsyncIterator[Application]:
    """Open the stores and the index of the data folder, and close them at the end.

    Raises:
        SettingsError: The stop words or the weights can't be read.
        StoreError: The database can't be used.
    """
    analyser, weights = build_analyser(settings), load_weights(settings)
    async with Database.open(settings.data_dir / DATABASE_FILE) as database:
        index = EmbeddedSearch(database, analyser, settings.data_dir)
        await index.require_articles()
        yield Application(
            settings=settings,
            clock=Clock(time_source, settings.dates.zone),
            notify=notify,
            weights=weights,
            articles=ArticleStore(database),
            receipts=ReceiptStore(database),
            answers=AnswerStore(database),
            votes=VoteStore(database),
            guilds=GuildStore(database),
            subscriptions=SubscriptionStore(database),
            deliveries=DeliveryStore(database),
            alerts=AlertStore(database),
            index=index,
        )


def _build_services(application: Application) -> Services:
    """Return the services of an application."""
    settings, clock, index = application.settings, application.clock, application.index
    weights, articles = application.weights, application.articles
    retention = timedelta(days=settings.discord.answer_days)
    shown_answers = ShownAnswerService(
        answers=application.answers,
        articles=articles,
        receipts=application.receipts,
        index=index,
        clock=clock,
        retention=retention,
    )
    return Services(
        settings=settings,
        clock=clock,
        ask=AskService(
            index=index,
            weights=weights,
            shown_answers=shown_answers,
            settings=settings,
            clock=clock,
        ),
        browse=BrowseService(
            index=index, articles=articles, weights=weights, settings=settings, clock=clock
        ),
        shown_answers=shown_answers,
        listings=ListingService(shown_answers=shown_answers, clock=clock, retention=retention),
        verify=VerifyService(receipts=application.receipts, articles=articles, clock=clock),
        votes=VoteService(votes=application.votes),
        preferences=PreferenceService(guilds=application.guilds, settings=settings),
        privacy=PrivacyService(
            answers=application.answers,
            votes=application.votes,
            alerts=application.alerts,
            guilds=application.guilds,
            clock=clock,
            left_guild_retention=timedelta(days=settings.privacy.left_server_days),
        ),
        library=LibraryService(
            articles=articles,
            index=index,
            settings=settings,
            clock=clock,
            notify=application.notify,
        ),
        digests=DigestService(
            subscriptions=application.subscriptions,
            analyser=index.analyser,
            clock=clock,
            default_max_entries=settings.digest.max_entries,
        ),
        digest_history=DigestHistoryService(
            articles=articles,
            deliveries=application.deliveries,
            index=index,
            build_composer=application.build_digest_composer,
            limits=build_digest_limits(settings),
            clock=clock,
        ),
        alerts=AlertService(alerts=application.alerts, index=index, clock=clock),
    )


def run_bot(settings: Settings, *, time_source: TimeSource, token: SecretStr) -> None:
    """Run the bot until SIGTERM or Ctrl-C; everything is closed within 5 s after that.

    Raises:
        AlreadyRunning: Another process runs the bot on this data folder.
        SettingsError: Discord rejects the token or the intents, or a setting is invalid.
        OSError: The data folder can't be used.
    """
    # discord.py is slow to import, so it is loaded before the event loop starts. In a loop, a
    # Ctrl-C during the import would only cancel the first task, at whatever point it has reached.
    import bot.discord_ui.client  # noqa: F401, PLC0415

    asyncio.run(serve_bot(settings, time_source=time_source, token=token))


async def serve_bot(settings: Settings, *, time_source: TimeSource, token: SecretStr) -> None:
    """Run the bot until a signal arrives; see `run_bot`."""
    from bot.discord_ui.runner import run  # noqa: PLC0415

    await run(settings, token, partial(_open_client, settings, time_source))


@asynccontextmanager
async def _open_client(settings: Settings, time_source: TimeSource) -> "AsyncIterator[Client]":
    from bot.discord_ui.client import HEARTBEAT_PARTS, Client  # noqa: PLC0415
    from bot.discord_ui.context import BotContext  # noqa: PLC0415
    from bot.runtime import logs  # noqa: PLC0415 - structlog is slow to import, too

    async with open_application(settings, time_source=time_source, notify=logs.info) as application:
        await application.services.library.ingest_seeds()
        await application.services.library.refresh_and_save_index()
        now = read_system_clock()
        async with start_heartbeats(settings.data_dir, HEARTBEAT_PARTS, now) as heartbeats:
            pseudonyms = Pseudonymizer.from_folder(settings.data_dir)
            context = BotContext(application.services, pseudonyms)
            deliveries = partial(build_deliveries, application)
            yield Client(context, heartbeats, deliveries)


def build_deliveries(
    application: Application,
    digest_messenger: DigestMessenger,
    alert_messenger: Messenger[AlertNotice],
) -> Deliveries:
    """Return the deliveries of digests and alerts through the given messengers."""
    from bot.discord_ui.posting.alert_messenger import log_alert_failure  # noqa: PLC0415
    from bot.discord_ui.posting.digest_poster import log_digest_failure  # noqa: PLC0415

    digests = DigestDelivery(
        subscriptions=application.subscriptions,
        deliveries=application.deliveries,
        compose=DueDigestComposer(
            composer=application.build_digest_composer(), notify=application.notify
        ).compose,
        messenger=digest_messenger,
        clock=application.clock,
        describe=describe_error,
        report=log_digest_failure,
    )
    alerts = build_alert_delivery(application, alert_messenger, report=log_alert_failure)
    return Deliveries(digests=digests, alerts=alerts)


def build_alert_delivery(
    application: Application, messenger: Messenger[AlertNotice], *, report: ReportAlert
) -> AlertDelivery:
    """Return the delivery of alerts through a messenger."""
    alerts, articles, index = application.alerts, application.articles, application.index
    settings, clock = application.settings, application.clock
    late_days, limits = settings.digest.late_days, build_answer_limits(settings)
    return AlertDelivery(
        alerts=alerts,
        matcher=AlertMatcher(
            alerts=alerts, articles=articles, index=index, clock=clock, late_days=late_days
        ),
        composer=AlertComposer(
            alerts=alerts,
            articles=articles,
            index=index,
            limits=limits,
            weights=application.weights,
            clock=clock,
        ),
        shown_answers=application.services.shown_answers,
        messenger=messenger,
        clock=clock,
        describe=describe_error,
        report=report,
    )


async def examine_setup(
    settings: Settings, environment: Mapping[str, str], time_source: TimeSource
) -> tuple[Finding, ...]:
    """Return the findings about the setup, on this machine and in Discord."""
    from bot.discord_ui.doctor import examine  # noqa: PLC0415

    @asynccontextmanager
    async def open_services(settings: Settings) -> AsyncIterator[Services]:
        async with open_application(
            settings, time_source=read_system_clock, notify=lambda _: None
        ) as application:
            yield application.services

    return await examine(settings, environment, time_source, open_services)

"""The use cases of one library, each as a small service."""

from dataclasses import dataclass

from bot.runtime.clock import Clock
from bot.services.alerts import AlertService
from bot.services.ask import AskService
from bot.services.browse import BrowseService
from bot.services.digest_history import DigestHistoryService
from bot.services.digests import DigestService
from bot.services.library import LibraryService
from bot.services.listings import ListingService
from bot.services.preferences import PreferenceService
from bot.services.privacy import PrivacyService
from bot.services.shown_answers import ShownAnswerService
from bot.services.verify import VerifyService
from bot.services.votes import VoteService
from bot.settings.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the command line and the Discord bot can ask for.

    Attributes:
        settings: The settings.
        clock: The time.
        ask: Answers questions.
        browse: Looks things up.
        shown_answers: Keeps answers for their buttons.
        listings: Keeps what lookups found for their buttons.
        verify: Verifies receipts.
        votes: Casts votes on excerpts.
        preferences: How the bot answers in each server.
        privacy: Shows and deletes what is kept about people and servers.
        library: Adds and withdraws articles.
        digests: Changes the digests of servers.
        digest_history: Tells what digests showed, and why.
        alerts: Adds and removes alerts.
    """

    settings: Settings
    clock: Clock
    ask: AskService
    browse: BrowseService
    shown_answers: ShownAnswerService
    listings: ListingService
    verify: VerifyService
    votes: VoteService
    preferences: PreferenceService
    privacy: PrivacyService
    library: LibraryService
    digests: DigestService
    digest_history: DigestHistoryService
    alerts: AlertService

"""All use cases of one library."""

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
    """The services behind the command line and the Discord bot.

    Attributes:
        settings: The settings.
        clock: The current time.
        ask: Answers questions.
        browse: Runs lookups.
        shown_answers: Stores answers for their buttons.
        listings: Stores lookup results for their buttons.
        verify: Verifies receipts.
        votes: Stores votes on excerpts.
        preferences: Loads and changes the preferences of servers.
        privacy: Shows and deletes data about people and servers.
        library: Adds and withdraws articles.
        digests: Manages the digests of servers.
        digest_history: Previews and explains digests.
        alerts: Manages alerts.
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

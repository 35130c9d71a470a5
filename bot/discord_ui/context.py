"""What every way to ask needs, and how much is being answered just now."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date

from bot.discord_ui.messages.replies import Reply
from bot.errors import TooManyQuestions
from bot.lookups.catalogue import Catalogue
from bot.model.guild_preferences import GuildPreferences
from bot.model.ids import Pseudonym
from bot.retrieval.index.article_table import ArticleTable
from bot.runtime.pseudonyms import Pseudonymizer
from bot.runtime.rate_limit import RateLimiter
from bot.services.alerts import AlertDrafts
from bot.services.services import Services

MAX_REMEMBERED_FACTS = 10_000
"""What was told once is told again after so many other things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSettings:
    """How the bot answers in a server or in direct messages.

    Attributes:
        preferences: The preferences of the place.
        today: The current day in its time zone.
    """

    preferences: GuildPreferences
    today: date


class BotContext:
    """Where all that people do in Discord arrives."""

    def __init__(self, services: Services, pseudonyms: Pseudonymizer) -> None:
        self.services = services
        self.started_at = services.clock.now()
        self.rate_limiter = RateLimiter(services.settings.discord.questions_per_minute)
        self.catalogue = Catalogue.from_articles(ArticleTable.from_articles(()))
        self.typing_channel_ids: set[int] = set()
        self.drafts = AlertDrafts()
        self._warning_limiter = RateLimiter(1)
        self._pseudonyms = pseudonyms
        self._known_facts: dict[object, None] = {}
        self._active_count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def get_pseudonym(self, user_id: int) -> Pseudonym:
        """What the person with this id is called below Discord."""
        return self._pseudonyms.pseudonymize(user_id)

    async def load_preferences(self, guild: str | None) -> GuildPreferences:
        """How the bot answers in a server; None for all places that are no server's.

        Raises:
            StoreError: The database can't be used.
        """
        return await self.services.preferences.load(guild)

    async def prepare_reply(self, reply: Reply) -> PlaceSettings:
        """Count the request, and apply the preferences of the place to the reply.

        Raises:
            TooManyQuestions: They may not ask now.
            StoreError: The database can't be used.
        """
        self.admit(reply.user_id)
        preferences = await self.load_preferences(reply.guild)
        reply.apply_preferences(preferences)
        return PlaceSettings(
            preferences=preferences, today=self.services.clock.today(preferences.zone)
        )

    def admit(self, user_id: int) -> None:
        """Counts a question of this person.

        Raises:
            TooManyQuestions: They may not ask one now.
        """
        self.rate_limiter.admit(self.get_pseudonym(user_id), self.services.clock.now())

    def may_warn(self, user_id: int, channel_id: int) -> bool:
        """Whether to tell this person in this channel that they ask too much: once a minute."""
        try:
            self._warning_limiter.admit(
                (self.get_pseudonym(user_id), channel_id), self.services.clock.now()
            )
        except TooManyQuestions:
            return False
        return True

    def is_new(self, fact: object) -> bool:
        """Whether this is the first time that the fact is named here."""
        if fact in self._known_facts:
            return False
        if len(self._known_facts) >= MAX_REMEMBERED_FACTS:
            self._known_facts.clear()
        self._known_facts[fact] = None
        return True

    @contextmanager
    def track_request(self) -> Iterator[None]:
        """Until the end of the block, something is being answered."""
        self._active_count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._active_count -= 1
            if not self._active_count:
                self._idle.set()

    async def wait_until_idle(self, seconds: float) -> None:
        """Waits until all is answered, for so long at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)

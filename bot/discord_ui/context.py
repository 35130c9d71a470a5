"""The services and state that all commands, buttons and messages share."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import date

from bot.discord_ui.messages.replies import Reply
from bot.discord_ui.messages.reply_tracker import ReplyTracker
from bot.errors import TooManyPresses, TooManyQuestions
from bot.lookups.catalogue import Catalogue
from bot.model.guild_preferences import GuildPreferences
from bot.model.ids import Pseudonym
from bot.retrieval.index.article_table import ArticleTable
from bot.runtime.pseudonyms import Pseudonymizer
from bot.runtime.rate_limit import RateLimiter
from bot.runtime.turns import TurnQueue
from bot.services.alerts import AlertDrafts
from bot.services.services import Services

PRESSES_PER_MINUTE = 20
"""The maximum number of buttons, menus and forms that a person can use in a minute."""

MAX_REMEMBERED_FACTS = 10_000
"""The number of facts after which the memory of `is_new` starts over."""

MAX_REMEMBERED_INTERACTIONS = 10_000
"""More than arrive within the 15 minutes for which Discord accepts answers to one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSettings:
    """The preferences and the date of a server or of direct messages.

    Attributes:
        preferences: The preferences of the place.
        today: The current day in its time zone.
    """

    preferences: GuildPreferences
    today: date


class BotContext:
    """The services, limits and caches that all handlers of Discord's events share."""

    def __init__(self, services: Services, pseudonyms: Pseudonymizer) -> None:
        self.services = services
        self.started_at = services.clock.now()
        self.rate_limiter = RateLimiter(services.settings.discord.questions_per_minute)
        self.press_limiter = RateLimiter(PRESSES_PER_MINUTE, refusal=TooManyPresses)
        self.turns = TurnQueue()
        self.catalogue = Catalogue.from_articles(ArticleTable.from_articles(()))
        self.typing_channel_ids: set[int] = set()
        self.drafts = AlertDrafts()
        self.replies = ReplyTracker()
        self._warning_limiter = RateLimiter(1)
        self._pseudonyms = pseudonyms
        self._known_facts: dict[object, None] = {}
        self._interaction_ids: OrderedDict[int, None] = OrderedDict()
        self._active_count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def get_pseudonym(self, user_id: int) -> Pseudonym:
        """Return the pseudonym that stands for the person in all layers below."""
        return self._pseudonyms.pseudonymize(user_id)

    async def load_preferences(self, guild: str | None) -> GuildPreferences:
        """Return the preferences of a server; the defaults if `guild` is None."""
        return await self.services.preferences.load(guild)

    async def prepare_reply(self, reply: Reply) -> PlaceSettings:
        """Count the request, and apply the preferences of the place to the reply.

        Raises:
            TooManyRequests: The person has reached their rate limit.
        """
        self.admit(reply.user_id, is_press=reply.is_press)
        return await self.load_place(reply)

    async def load_place(self, reply: Reply) -> PlaceSettings:
        """Apply the preferences of the place to the reply, and return them with the date there."""
        preferences = await self.load_preferences(reply.guild)
        reply.apply_preferences(preferences)
        return PlaceSettings(
            preferences=preferences, today=self.services.clock.today(preferences.zone)
        )

    def admit(self, user_id: int, *, is_press: bool = False) -> None:
        """Count a request of this person against their rate limit.

        Args:
            user_id: The id of the person.
            is_press: Whether it is a button, a menu or a form, instead of a question or command.

        Raises:
            TooManyRequests: The person has reached the limit.
        """
        limiter = self.press_limiter if is_press else self.rate_limiter
        limiter.admit(self.get_pseudonym(user_id), self.services.clock.now())

    def take_turn(self, reply: Reply) -> AbstractAsyncContextManager[None]:
        """Show that a reply is on its way, then wait for the turn to search during the block.

        Raises:
            TooBusy: Too many requests wait already. Mostly nothing is shown before that.
        """
        return self.turns.take(self.get_pseudonym(reply.user_id), reply.begin)

    def may_warn(self, user_id: int, channel_id: int) -> bool:
        """Return whether to mention the rate limit: once a minute per person and channel."""
        try:
            self._warning_limiter.admit(
                (self.get_pseudonym(user_id), channel_id), self.services.clock.now()
            )
        except TooManyQuestions:
            return False
        return True

    def is_new(self, fact: object) -> bool:
        """Return whether the fact has not been seen before, so that it is logged only once."""
        if fact in self._known_facts:
            return False
        # Bounded, because every place in which replies fail adds a fact.
        if len(self._known_facts) >= MAX_REMEMBERED_FACTS:
            self._known_facts.clear()
        self._known_facts[fact] = None
        return True

    def is_first_delivery(self, interaction_id: int) -> bool:
        """Return whether the interaction has not been handled yet.

        Discord can deliver an interaction twice. A vote, for example, would then be taken back.
        """
        if interaction_id in self._interaction_ids:
            return False
        self._interaction_ids[interaction_id] = None
        if len(self._interaction_ids) > MAX_REMEMBERED_INTERACTIONS:
            self._interaction_ids.popitem(last=False)
        return True

    @contextmanager
    def track_request(self) -> Iterator[None]:
        """Count a request as active until the end of the block."""
        self._active_count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._active_count -= 1
            if not self._active_count:
                self._idle.set()

    async def wait_until_idle(self, seconds: float) -> None:
        """Wait until no request is active, at most this long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)

"""What every way to ask needs, and how much is being answered just now."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bot.discord_ui.messages.replies import Reply
from bot.errors import TooManyQuestions
from bot.lookups.catalogue import Catalogue
from bot.model.ids import Pseudonym
from bot.retrieval.index.article_table import Articles
from bot.runtime.pseudonyms import Pseudonyms
from bot.runtime.rate_limit import Pace
from bot.services.alerts import Drafts
from bot.services.app import App
from bot.services.preferences import Manner

MOST_REMEMBERED = 10_000
"""What was told once is told again after so many other things."""


class Desk:
    """Where all that people do in Discord arrives."""

    def __init__(self, app: App, pseudonyms: Pseudonyms) -> None:
        self.app = app
        self.opened_at = app.clock()
        self.pace = Pace(app.settings.discord.questions_per_minute)
        self.catalogue = Catalogue.of(Articles.of(()))
        self.typing_in: set[int] = set()
        self.drafts = Drafts()
        self._warned = Pace(1)
        self._pseudonyms = pseudonyms
        self._told: dict[object, None] = {}
        self._at_work = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def person(self, user_id: int) -> Pseudonym:
        """What the person with this id is called below Discord."""
        return self._pseudonyms.of(user_id)

    async def manner(self, guild: str | None) -> Manner:
        """How the bot answers in a server; None for all places that are no server's.

        Raises:
            StoreError: The database can't be used.
        """
        if guild is None:
            return Manner.usual(self.app.settings)
        return Manner.of_server(await self.app.servers.settings(guild), self.app.settings)

    async def receive(self, reply: Reply, user_id: int) -> Manner:
        """How a person is answered there: what they ask is counted, and the reply suits it.

        Raises:
            TooManyQuestions: They may not ask now.
            StoreError: The database can't be used.
        """
        self.admit(user_id)
        manner = await self.manner(reply.guild)
        reply.suit(manner)
        return manner

    def admit(self, user_id: int) -> None:
        """Counts a question of this person.

        Raises:
            TooManyQuestions: They may not ask one now.
        """
        self.pace.admit(self.person(user_id), self.app.clock())

    def may_warn(self, user_id: int, channel_id: int) -> bool:
        """Whether to tell this person in this channel that they ask too much: once a minute."""
        try:
            self._warned.admit((self.person(user_id), channel_id), self.app.clock())
        except TooManyQuestions:
            return False
        return True

    def is_new(self, fact: object) -> bool:
        """Whether this is the first time that the fact is named here."""
        if fact in self._told:
            return False
        if len(self._told) >= MOST_REMEMBERED:
            self._told.clear()
        self._told[fact] = None
        return True

    @contextmanager
    def working(self) -> Iterator[None]:
        """Until the end of the block, something is being answered."""
        self._at_work += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._idle.set()

    async def finish(self, seconds: float) -> None:
        """Waits until all is answered, for so long at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)

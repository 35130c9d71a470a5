"""The use cases of showing and deleting the data stored about people and servers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.model.alert import Alert
from bot.model.ids import Pseudonym
from bot.model.shown_answer import AnswerRetention
from bot.runtime.clock import Clock
from bot.store.alerts import AlertStore
from bot.store.answers import AnswerStore
from bot.store.guilds import GuildStore
from bot.store.votes import VoteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """The data stored about a person: counts, and their own alerts in full."""

    answers: AnswerRetention
    vote_count: int
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionCounts:
    """How much of a person's data was deleted."""

    answers: int
    votes: int
    alerts: int = 0


class PrivacyService:
    """Shows and deletes the data stored about people and servers."""

    def __init__(  # noqa: PLR0913 - every store with data about people
        self,
        *,
        answers: AnswerStore,
        votes: VoteStore,
        alerts: AlertStore,
        guilds: GuildStore,
        clock: Clock,
        left_guild_retention: timedelta,
    ) -> None:
        """Delete the data of a server `left_guild_retention` after the bot has left it."""
        self._answers = answers
        self._votes = votes
        self._alerts = alerts
        self._guilds = guilds
        self._clock = clock
        self._left_guild_retention = left_guild_retention

    async def load_personal_data(self, person: Pseudonym) -> PersonalData:
        """Return the data stored about a person."""
        return PersonalData(
            answers=await self._answers.get_retention(person),
            vote_count=await self._votes.count_by_person(person),
            alerts=await self._alerts.find_by_person(person),
        )

    async def delete_personal_data(self, person: Pseudonym) -> DeletionCounts:
        """Delete all data stored about a person."""
        # Alerts first: a message that one sends meanwhile would be stored as an answer.
        alerts = await self._alerts.delete_by_person(person)
        return DeletionCounts(
            answers=await self._answers.delete_by_person(person),
            votes=await self._votes.delete_by_person(person),
            alerts=alerts,
        )

    async def purge_expired(self) -> int:
        """Delete expired answers, and return how many there were."""
        return await self._answers.purge(self._clock.now())

    async def purge_left_guilds(self, is_present: Callable[[str], bool]) -> int:
        """Delete the data of servers left long enough ago, and return how many there were.

        Args:
            is_present: Returns whether the bot is in a server. A server without the bot counts as
                left from the first call that notices it; one with the bot again counts as never
                left.
        """
        now = self._clock.now()
        await self._guilds.update_presence(is_present, now)
        return await self._guilds.purge(now - self._left_guild_retention)

    async def forget_guild(self, guild: str) -> int:
        """Delete all data about a server, and return the number of deleted rows."""
        return await self._guilds.forget(guild)

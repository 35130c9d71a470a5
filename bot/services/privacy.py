"""What is kept about people and servers, and deleting it."""

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
    """What is kept of a person: how much, and of their own alerts all."""

    answers: AnswerRetention
    vote_count: int
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionCounts:
    """How much of a person was deleted."""

    answers: int
    votes: int
    alerts: int = 0


class PrivacyService:
    """Shows people what is kept of them, and deletes it."""

    def __init__(  # noqa: PLR0913 - all that holds something about people
        self,
        *,
        answers: AnswerStore,
        votes: VoteStore,
        alerts: AlertStore,
        guilds: GuildStore,
        clock: Clock,
        left_guild_retention: timedelta,
    ) -> None:
        """Forget a server that was left after `left_guild_retention`."""
        self._answers = answers
        self._votes = votes
        self._alerts = alerts
        self._guilds = guilds
        self._clock = clock
        self._left_guild_retention = left_guild_retention

    async def load_personal_data(self, person: Pseudonym) -> PersonalData:
        """Return what is kept of a person."""
        return PersonalData(
            answers=await self._answers.get_retention(person),
            vote_count=await self._votes.count_by_person(person),
            alerts=await self._alerts.find_by_person(person),
        )

    async def delete_personal_data(self, person: Pseudonym) -> DeletionCounts:
        """Delete all that is kept of a person."""
        # The alerts first: what they tell meanwhile would be kept as an answer.
        alerts = await self._alerts.delete_by_person(person)
        return DeletionCounts(
            answers=await self._answers.delete_by_person(person),
            votes=await self._votes.delete_by_person(person),
            alerts=alerts,
        )

    async def purge_expired(self) -> int:
        """Delete the answers that have expired, and return how many these were."""
        return await self._answers.purge(self._clock.now())

    async def purge_left_guilds(self, is_present: Callable[[str], bool]) -> int:
        """Forget the servers that were left long enough ago, and return how many these were.

        Args:
            is_present: Whether the bot is in a server. One in which it is not counts as left from
                now on, unless it did before; one in which it is again counts as never left.
        """
        now = self._clock.now()
        await self._guilds.update_presence(is_present, now)
        return await self._guilds.purge(now - self._left_guild_retention)

    async def forget_guild(self, guild: str) -> int:
        """Delete all that is kept about a server, and return how many rows these were."""
        return await self._guilds.forget(guild)

"""A limit on the number of questions per person and minute."""

from collections import OrderedDict, deque
from collections.abc import Hashable
from datetime import datetime, timedelta

from bot.errors import TooManyQuestions

MINUTE = timedelta(minutes=1)

MAX_PEOPLE = 10_000
"""The number of people to remember; each takes about 1 KB at 10 questions a minute."""


class RateLimiter:
    """Counts the questions of each person in the last minute, in memory only."""

    def __init__(self, per_minute: int, max_people: int = MAX_PEOPLE) -> None:
        self._per_minute = per_minute
        self._max_people = max_people
        self._question_times: OrderedDict[Hashable, deque[datetime]] = OrderedDict()

    def admit(self, person: Hashable, now: datetime) -> None:
        """Count a question of a person, unless it exceeds the limit.

        Raises:
            TooManyQuestions: The person has reached the limit; the question is not counted.
        """
        self._forget_idle_people(now)
        question_times = self._question_times.setdefault(person, deque(maxlen=self._per_minute))
        if len(question_times) == self._per_minute and (
            wait := question_times[0] + MINUTE - now
        ) > timedelta(0):
            raise TooManyQuestions(self._per_minute, wait)
        question_times.append(now)
        self._question_times.move_to_end(person)

    def _forget_idle_people(self, now: datetime) -> None:
        """Forget the people who have not asked for a minute, and the oldest ones above the maximum."""
        # `admit` moves people to the end, so that those who asked longest ago come first.
        while self._question_times:
            oldest_times = next(iter(self._question_times.values()))
            if len(self._question_times) < self._max_people and oldest_times[-1] + MINUTE > now:
                return
            self._question_times.popitem(last=False)

    @property
    def person_count(self) -> int:
        """The number of people who are remembered."""
        return len(self._question_times)

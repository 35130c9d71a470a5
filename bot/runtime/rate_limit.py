"""How often in a minute a person may do a thing, like asking."""

from collections import OrderedDict, deque
from collections.abc import Hashable
from datetime import datetime, timedelta

from bot.errors import TooManyQuestions

MINUTE = timedelta(minutes=1)

MAX_PEOPLE = 10_000
"""Who asked longest ago is forgotten beyond so many; each takes about 1 KB at 10 a minute."""


class RateLimiter:
    """Remembers the questions of the last minute, in memory alone."""

    def __init__(self, per_minute: int, max_people: int = MAX_PEOPLE) -> None:
        self._per_minute = per_minute
        self._max_people = max_people
        self._question_times: OrderedDict[Hashable, deque[datetime]] = OrderedDict()

    def admit(self, person: Hashable, now: datetime) -> None:
        """Counts a question, where the person may ask one now; one refused does not count.

        Raises:
            TooManyQuestions: They have asked as many as they may within the last minute.
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
        """Drops those who have not asked for a minute; those who asked last stand at the end."""
        while self._question_times:
            oldest_times = next(iter(self._question_times.values()))
            if len(self._question_times) < self._max_people and oldest_times[-1] + MINUTE > now:
                return
            self._question_times.popitem(last=False)

    @property
    def person_count(self) -> int:
        """How many people are remembered."""
        return len(self._question_times)

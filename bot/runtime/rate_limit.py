"""How often in a minute a person may do a thing, like asking."""

from collections import OrderedDict, deque
from collections.abc import Hashable
from datetime import datetime, timedelta

from bot.errors import TooManyQuestions

MINUTE = timedelta(minutes=1)

MOST_PEOPLE = 10_000
"""Who asked longest ago is forgotten beyond so many; each takes about 1 KB at 10 a minute."""


class Pace:
    """Remembers the questions of the last minute, in memory alone."""

    def __init__(self, per_minute: int, most_people: int = MOST_PEOPLE) -> None:
        self._per_minute = per_minute
        self._most_people = most_people
        self._asked: OrderedDict[Hashable, deque[datetime]] = OrderedDict()

    def admit(self, person: Hashable, now: datetime) -> None:
        """Counts a question, where the person may ask one now; one refused does not count.

        Raises:
            TooManyQuestions: They have asked as many as they may within the last minute.
        """
        self._forget(now)
        asked = self._asked.setdefault(person, deque(maxlen=self._per_minute))
        if len(asked) == self._per_minute and (wait := asked[0] + MINUTE - now) > timedelta(0):
            raise TooManyQuestions(self._per_minute, wait)
        asked.append(now)
        self._asked.move_to_end(person)

    def _forget(self, now: datetime) -> None:
        """Drops those who have not asked for a minute; those who asked last stand at the end."""
        while self._asked:
            longest_ago = next(iter(self._asked.values()))
            if len(self._asked) < self._most_people and longest_ago[-1] + MINUTE > now:
                return
            self._asked.popitem(last=False)

    @property
    def remembered(self) -> int:
        """How many people are remembered."""
        return len(self._asked)

"""A limit on the number of requests per person and minute."""

from collections import OrderedDict, deque
from collections.abc import Hashable
from datetime import datetime, timedelta

from bot.errors import TooManyQuestions, TooManyRequests

MINUTE = timedelta(minutes=1)

MAX_PEOPLE = 10_000
"""The number of people to remember; each takes about 1 KB at 10 requests a minute."""


class RateLimiter:
    """Counts the requests of each person in the last minute, in memory only."""

    def __init__(
        self,
        per_minute: int,
        max_people: int = MAX_PEOPLE,
        *,
        refusal: type[TooManyRequests] = TooManyQuestions,
    ) -> None:
        """Admit `per_minute` requests per person; raise a `refusal` for each further one."""
        self._per_minute = per_minute
        self._max_people = max_people
        self._refusal = refusal
        self._request_times: OrderedDict[Hashable, deque[datetime]] = OrderedDict()

    def admit(self, person: Hashable, now: datetime) -> None:
        """Count a request of a person, unless it exceeds the limit.

        Raises:
            TooManyRequests: The person has reached the limit; the request is not counted.
        """
        self._forget_idle_people(now)
        request_times = self._request_times.setdefault(person, deque(maxlen=self._per_minute))
        if len(request_times) == self._per_minute and (
            wait := request_times[0] + MINUTE - now
        ) > timedelta(0):
            raise self._refusal(self._per_minute, wait)
        request_times.append(now)
        self._request_times.move_to_end(person)

    def _forget_idle_people(self, now: datetime) -> None:
        """Forget the people who have sent nothing for a minute, and the oldest ones above the maximum."""
        # `admit` moves people to the end, so that those whose last request is oldest come first.
        while self._request_times:
            oldest_times = next(iter(self._request_times.values()))
            if len(self._request_times) < self._max_people and oldest_times[-1] + MINUTE > now:
                return
            self._request_times.popitem(last=False)

    @property
    def person_count(self) -> int:
        """The number of people who are remembered."""
        return len(self._request_times)

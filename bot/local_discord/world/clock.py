"""The time in this Discord, and the ids that are made from it."""

import time

DISCORD_EPOCH_MS = 1_420_070_400_000


class Clock:
    """Seconds since 1970: the machine's, and what a test let pass at once."""

    def __init__(self) -> None:
        self._offset_seconds = 0.0

    def now(self) -> float:
        """The present, in seconds since 1970."""
        return time.time() + self._offset_seconds

    def advance(self, seconds: float) -> None:
        """Let time pass in no time."""
        self._offset_seconds += seconds


class SnowflakeGenerator:
    """Ids as Discord makes them: the milliseconds since 2015 above 22 other bits, ever rising."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_id = 0

    def next(self) -> int:
        """An id above all that came before."""
        self._last_id = max(self._last_id + 1, make_snowflake(self._clock.now()))
        return self._last_id


def make_snowflake(seconds: float) -> int:
    """The first id of an instant."""
    return (int(seconds * 1000) - DISCORD_EPOCH_MS) << 22

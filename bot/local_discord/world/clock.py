"""The time in this Discord, and the ids made from it."""

import time

DISCORD_EPOCH_MS = 1_420_070_400_000


class AdjustableClock:
    """The machine's clock, which a test can set forward."""

    def __init__(self) -> None:
        self._offset_seconds = 0.0

    def now(self) -> float:
        """Return the present in seconds since 1970."""
        return time.time() + self._offset_seconds

    def advance(self, seconds: float) -> None:
        """Set the clock forward."""
        self._offset_seconds += seconds


class SnowflakeGenerator:
    """Makes ids as Discord does: milliseconds since 2015 above 22 other bits, always rising."""

    def __init__(self, clock: AdjustableClock) -> None:
        self._clock = clock
        self._last_id = 0

    def next(self) -> int:
        """Return an id greater than all before."""
        self._last_id = max(self._last_id + 1, make_snowflake(self._clock.now()))
        return self._last_id


def make_snowflake(seconds: float) -> int:
    """Return the first id of an instant."""
    return (int(seconds * 1000) - DISCORD_EPOCH_MS) << 22

"""Rate limits: a window of time for each bucket, and one for all requests together."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from bot.local_discord.world.clock import AdjustableClock


class RateLimitWindow(NamedTuple):
    """The number of requests that are accepted within a number of seconds."""

    limit: int
    seconds: float


GLOBAL_WINDOW = RateLimitWindow(50, 1.0)
GLOBAL_EXEMPT_ROUTES = ("/interactions/", "/webhooks/{application}/{token}")
"""The routes of interactions, which do not count towards the bot's 50 requests a second."""

MAJOR_PARAMETERS = ("channel", "guild", "application", "interaction", "token")
"""The route parameters that have a bucket of their own for each value."""

WINDOWS: Mapping[str, RateLimitWindow] = {
    "POST /channels/{channel}/messages": RateLimitWindow(5, 5.0),
    "PATCH /channels/{channel}/messages/{message}": RateLimitWindow(5, 5.0),
    "DELETE /channels/{channel}/messages/{message}": RateLimitWindow(5, 1.0),
    "GET /channels/{channel}/messages": RateLimitWindow(5, 5.0),
    "POST /channels/{channel}/messages/{message}/crosspost": RateLimitWindow(10, 3600.0),
    "POST /channels/{channel}/typing": RateLimitWindow(5, 5.0),
    "POST /users/@me/channels": RateLimitWindow(10, 10.0),
    "POST /webhooks/{application}/{token}": RateLimitWindow(5, 2.0),
    "PATCH /webhooks/{application}/{token}/messages/{message}": RateLimitWindow(5, 2.0),
}
"""Limits that clients have seen in Discord's headers; Discord documents none of them."""

DEFAULT_WINDOW = RateLimitWindow(50, 1.0)
"""The window of all other routes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitVerdict:
    """Whether a request is accepted, and the headers of its answer.

    Attributes:
        retry_after: Seconds to wait; None if the request is accepted.
        is_global: Whether all requests together are too many.
    """

    headers: Mapping[str, str]
    retry_after: float | None = None
    is_global: bool = False

    @property
    def body(self) -> dict[str, object]:
        """The body of a 429."""
        return {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.is_global,
        }


class RateLimitBuckets:
    """Counts requests by bucket and all together."""

    def __init__(
        self,
        clock: AdjustableClock,
        windows: Mapping[str, RateLimitWindow] = WINDOWS,
        *,
        default_window: RateLimitWindow = DEFAULT_WINDOW,
        global_window: RateLimitWindow = GLOBAL_WINDOW,
    ) -> None:
        self._clock = clock
        self._windows = windows
        self._default_window = default_window
        self._global_window = global_window
        self._counters: dict[str, tuple[float, int]] = {}

    def check(self, method: str, route: str, path_params: Mapping[str, str]) -> RateLimitVerdict:
        """Count a request to a route, and return whether it is accepted."""
        if not route.startswith(GLOBAL_EXEMPT_ROUTES):
            remaining, reset_after = self._count_request("", self._global_window)
            if remaining < 0:
                return build_rejection(reset_after, {"X-RateLimit-Global": "true"}, is_global=True)
        window = self._windows.get(f"{method} {route}", self._default_window)
        bucket = sha256(f"{method} {route}".encode()).hexdigest()[:16]
        major_values = ":".join(
            path_params[name] for name in MAJOR_PARAMETERS if name in path_params
        )
        remaining, reset_after = self._count_request(f"{bucket}:{major_values}", window)
        headers = self._build_headers(window, bucket, remaining, reset_after)
        return (
            build_rejection(reset_after, headers)
            if remaining < 0
            else RateLimitVerdict(headers=headers)
        )

    def _count_request(self, key: str, window: RateLimitWindow) -> tuple[int, float]:
        """Count a request, and return how many more the window allows and the seconds until it ends."""
        now = self._clock.now()
        window_start, used = self._counters.get(key, (now, 0))
        if now - window_start >= window.seconds:
            window_start, used = now, 0
        remaining = window.limit - used - 1
        self._counters[key] = (window_start, used + 1 if remaining >= 0 else used)
        return remaining, window_start + window.seconds - now

    def _build_headers(
        self, window: RateLimitWindow, bucket: str, remaining: int, reset_after: float
    ) -> dict[str, str]:
        # Once `Remaining` is 0, discord.py waits for `Reset-After` by itself.
        return {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(max(remaining, 0)),
            "X-RateLimit-Reset": f"{self._clock.now() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": bucket,
        }


def build_rejection(
    retry_after: float, headers: Mapping[str, str], *, is_global: bool = False
) -> RateLimitVerdict:
    """Build the verdict for a 429.

    With a `Via` header discord.py sleeps for `retry_after` seconds and tries again. Without one it
    takes the 429 for a ban of the address, and raises at once.
    """
    scope = {"X-RateLimit-Scope": "global" if is_global else "user"}
    wait = {"Retry-After": str(int(retry_after) + 1), "Via": "1.1 google"}
    return RateLimitVerdict(
        headers={**headers, **scope, **wait},
        retry_after=round(retry_after, 3),
        is_global=is_global,
    )

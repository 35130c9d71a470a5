"""How many requests Discord takes: a window for each bucket, and one for all together."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from bot.local_discord.world.clock import Clock


class Window(NamedTuple):
    """So many requests in so many seconds."""

    limit: int
    seconds: float


GLOBAL = Window(50, 1.0)
EXEMPT = ("/interactions/", "/webhooks/{application}/{token}")
"""Routes of interactions do not count towards the bot's 50 a second."""

MAJOR = ("channel", "guild", "application", "interaction", "token")
"""The variable parts of a route that have buckets of their own."""

WINDOWS: Mapping[str, Window] = {
    "POST /channels/{channel}/messages": Window(5, 5.0),
    "PATCH /channels/{channel}/messages/{message}": Window(5, 5.0),
    "DELETE /channels/{channel}/messages/{message}": Window(5, 1.0),
    "GET /channels/{channel}/messages": Window(5, 5.0),
    "POST /channels/{channel}/messages/{message}/crosspost": Window(10, 3600.0),
    "POST /channels/{channel}/typing": Window(5, 5.0),
    "POST /users/@me/channels": Window(10, 10.0),
    "POST /webhooks/{application}/{token}": Window(5, 2.0),
    "PATCH /webhooks/{application}/{token}/messages/{message}": Window(5, 2.0),
}
"""What clients have seen in Discord's headers; Discord documents none of them."""

ANY = Window(50, 1.0)
"""The window of the routes not named above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a request is taken, and what the headers say.

    Attributes:
        retry_after: Seconds to wait; None where the request is taken.
        is_global: Whether it is all requests together that are too many.
    """

    headers: Mapping[str, str]
    retry_after: float | None = None
    is_global: bool = False

    @property
    def body(self) -> dict[str, object]:
        """What a 429 carries."""
        return {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.is_global,
        }


class RateLimits:
    """Counts requests, by bucket and all together."""

    def __init__(
        self,
        clock: Clock,
        windows: Mapping[str, Window] = WINDOWS,
        *,
        any_route: Window = ANY,
        together: Window = GLOBAL,
    ) -> None:
        self._clock = clock
        self._windows = windows
        self._any_route = any_route
        self._together = together
        self._begun: dict[str, tuple[float, int]] = {}

    def verdict(self, method: str, route: str, path: Mapping[str, str]) -> Verdict:
        """Whether the next request to a route is taken."""
        if not route.startswith(EXEMPT):
            left, reset_after = self._count("", self._together)
            if left < 0:
                return refused(reset_after, {"X-RateLimit-Global": "true"}, is_global=True)
        window = self._windows.get(f"{method} {route}", self._any_route)
        bucket = sha256(f"{method} {route}".encode()).hexdigest()[:16]
        majors = ":".join(path[name] for name in MAJOR if name in path)
        left, reset_after = self._count(f"{bucket}:{majors}", window)
        headers = self._headers(window, bucket, left, reset_after)
        return refused(reset_after, headers) if left < 0 else Verdict(headers=headers)

    def _count(self, key: str, window: Window) -> tuple[int, float]:
        """How many more the window takes after this one, and the seconds until it begins anew."""
        now = self._clock.now()
        begun, used = self._begun.get(key, (now, 0))
        if now - begun >= window.seconds:
            begun, used = now, 0
        left = window.limit - used - 1
        self._begun[key] = (begun, used + 1 if left >= 0 else used)
        return left, begun + window.seconds - now

    def _headers(
        self, window: Window, bucket: str, left: int, reset_after: float
    ) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(max(left, 0)),
            "X-RateLimit-Reset": f"{self._clock.now() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": bucket,
        }


def refused(retry_after: float, headers: Mapping[str, str], *, is_global: bool = False) -> Verdict:
    """A 429 that comes from Discord itself, which its `Via` header shows."""
    scope = {"X-RateLimit-Scope": "global" if is_global else "user"}
    wait = {"Retry-After": str(int(retry_after) + 1), "Via": "1.1 google"}
    return Verdict(
        headers={**headers, **scope, **wait},
        retry_after=round(retry_after, 3),
        is_global=is_global,
    )

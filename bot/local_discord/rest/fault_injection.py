"""Faults that a test injects into the REST API.

discord.py tries again after 500, 502, 504 and 524, waiting for 1, 3, 5, 7 and 9 seconds. It raises at
once after 503, except that calls of webhooks and interactions are tried again after every 5xx.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(slots=True, kw_only=True)
class Fault:
    """Something that goes wrong with the next requests that match.

    Attributes:
        route: A pattern of method and path below the API's root, such as
            `POST /channels/*/messages`.
        remaining_requests: The number of requests that it still affects.
        delay_seconds: Seconds to wait before the request is handled.
        status: The status to answer; None answers as usual.
        is_executed: Whether the request is carried out before it is answered with `status`.
        code: The JSON error code of the answer, unless it is a 429.
        retry_after_seconds: Seconds to wait, as a 429 says.
        drops_connection: Whether the connection is closed after the request is carried out.
    """

    route: str
    remaining_requests: int
    delay_seconds: float = 0.0
    status: int | None = None
    is_executed: bool = False
    code: int = 0
    retry_after_seconds: float = 0.0
    drops_connection: bool = False


@dataclass(slots=True)
class FaultInjector:
    """Holds the faults that are still to come."""

    pending: list[Fault] = field(default_factory=list)

    def fail_with(
        self,
        status: int,
        route: str = "*",
        *,
        times: int = 1,
        code: int = 0,
        retry_after: float = 0.1,
    ) -> None:
        """Answer with a status of 400 or more without carrying out the request."""
        fault = Fault(
            route=route,
            remaining_requests=times,
            status=status,
            code=code,
            retry_after_seconds=retry_after,
        )
        self.pending.append(fault)

    def fail_after_executing(self, status: int, route: str = "*", *, times: int = 1) -> None:
        """Carry out the request, and answer with a status of 500 or more."""
        self.pending.append(
            Fault(route=route, remaining_requests=times, status=status, is_executed=True)
        )

    def delay(self, seconds: float, route: str = "*", *, times: int = 1) -> None:
        """Wait before carrying out the request."""
        self.pending.append(Fault(route=route, remaining_requests=times, delay_seconds=seconds))

    def drop_response(self, route: str = "*", *, times: int = 1) -> None:
        """Carry out the request, and close the connection instead of answering."""
        self.pending.append(Fault(route=route, remaining_requests=times, drops_connection=True))

    def clear(self) -> None:
        """Remove all faults."""
        self.pending.clear()

    def take_matching(self, method: str, path: str) -> Iterator[Fault]:
        """Yield the faults that affect a request, and count each as used once."""
        for fault in tuple(self.pending):
            if fnmatchcase(f"{method} {path}", fault.route) or fault.route == "*":
                fault.remaining_requests -= 1
                if fault.remaining_requests <= 0:
                    self.pending.remove(fault)
                yield fault

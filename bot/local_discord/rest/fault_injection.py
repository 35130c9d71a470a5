"""Failing on purpose: what a test tells this Discord to do wrong, and how often."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(slots=True, kw_only=True)
class Fault:
    """Something that goes wrong with the next requests that fit.

    Attributes:
        route: A pattern of method and path below the API's root, such as
            `POST /channels/*/messages`.
        remaining_requests: How many requests it still meets.
        delay: Seconds that pass before the request is looked at.
        status: What is answered instead of doing anything; None does what was asked.
        is_executed: Whether what was asked is done all the same, and only then answered with `status`.
        code: What an answer with another status says that Discord calls it; 0 for nothing.
        retry_after: What a 429 says.
        drops_connection: Whether everything is done, and the connection closed without a word.
    """

    route: str
    remaining_requests: int
    delay: float = 0.0
    status: int | None = None
    is_executed: bool = False
    code: int = 0
    retry_after: float = 0.0
    drops_connection: bool = False


@dataclass(slots=True)
class FaultInjector:
    """The faults that are still to come."""

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
        """Answer with a status of 400 or more, and do nothing."""
        fault = Fault(
            route=route, remaining_requests=times, status=status, code=code, retry_after=retry_after
        )
        self.pending.append(fault)

    def fail_after_executing(self, status: int, route: str = "*", *, times: int = 1) -> None:
        """Do what is asked, and answer with a status of 500 or more as if that had failed."""
        self.pending.append(
            Fault(route=route, remaining_requests=times, status=status, is_executed=True)
        )

    def delay(self, seconds: float, route: str = "*", *, times: int = 1) -> None:
        """Wait before doing what is asked."""
        self.pending.append(Fault(route=route, remaining_requests=times, delay=seconds))

    def drop_response(self, route: str = "*", *, times: int = 1) -> None:
        """Do what is asked, and close the connection instead of answering."""
        self.pending.append(Fault(route=route, remaining_requests=times, drops_connection=True))

    def clear(self) -> None:
        """Let everything go well again."""
        self.pending.clear()

    def take_matching(self, method: str, path: str) -> Iterator[Fault]:
        """The faults that this request meets, each of which is used up once by it."""
        for fault in tuple(self.pending):
            if fnmatchcase(f"{method} {path}", fault.route) or fault.route == "*":
                fault.remaining_requests -= 1
                if fault.remaining_requests <= 0:
                    self.pending.remove(fault)
                yield fault

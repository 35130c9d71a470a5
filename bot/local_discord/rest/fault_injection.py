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
        times: How many requests it still meets.
        delay: Seconds that pass before the request is looked at.
        status: What is answered instead of doing anything; None does what was asked.
        is_done: Whether what was asked is done all the same, and only then answered with `status`.
        code: What an answer with another status says that Discord calls it; 0 for nothing.
        retry_after: What a 429 says.
        is_lost: Whether everything is done, and the connection closed without a word.
    """

    route: str
    times: int
    delay: float = 0.0
    status: int | None = None
    is_done: bool = False
    code: int = 0
    retry_after: float = 0.0
    is_lost: bool = False


@dataclass(slots=True)
class Faults:
    """The faults that are still to come."""

    pending: list[Fault] = field(default_factory=list)

    def answer(
        self,
        status: int,
        route: str = "*",
        *,
        times: int = 1,
        code: int = 0,
        retry_after: float = 0.1,
    ) -> None:
        """Answer with a status of 400 or more, and do nothing."""
        fault = Fault(route=route, times=times, status=status, code=code, retry_after=retry_after)
        self.pending.append(fault)

    def fail_after(self, status: int, route: str = "*", *, times: int = 1) -> None:
        """Do what is asked, and answer with a status of 500 or more as if that had failed."""
        self.pending.append(Fault(route=route, times=times, status=status, is_done=True))

    def delay(self, seconds: float, route: str = "*", *, times: int = 1) -> None:
        """Wait before doing what is asked."""
        self.pending.append(Fault(route=route, times=times, delay=seconds))

    def lose_answer(self, route: str = "*", *, times: int = 1) -> None:
        """Do what is asked, and close the connection instead of answering."""
        self.pending.append(Fault(route=route, times=times, is_lost=True))

    def clear(self) -> None:
        """Let everything go well again."""
        self.pending.clear()

    def meeting(self, method: str, path: str) -> Iterator[Fault]:
        """The faults that this request meets, each of which is used up once by it."""
        for fault in tuple(self.pending):
            if fnmatchcase(f"{method} {path}", fault.route) or fault.route == "*":
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
                yield fault

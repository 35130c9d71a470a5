"""The neutral pieces of what a person sees: each medium draws them in its own way."""

from dataclasses import dataclass

from bot.retrieval.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line that says what follows."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of our own words; `subtle` where it only accompanies something."""

    text: str
    subtle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Verbatim text of an article; `matches` are the spans in it that stand out."""

    text: str
    matches: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way to open an article where it was published."""

    label: str
    url: str


Block = Heading | Line | Quote | Link

"""The neutral pieces of what a person sees: each medium draws them in its own way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line that says what follows; `is_warning` where that is no answer."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of our own words; `is_subtle` where it only accompanies something."""

    text: str
    is_subtle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment of a schedule, in our own words; where the medium can, also as each reader's own time.

    Attributes:
        text: The moment as the schedule's zone has it.
        at: The moment, aware.
    """

    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Verbatim text of an article.

    Attributes:
        text: The text.
        matches: The spans in it that stand out.
        number: The number of its paragraph, from 1, where whole paragraphs follow on each other.
    """

    text: str
    matches: tuple[Span, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Numbers that add up, each with what it stands for; `label` is what the whole is."""

    rows: tuple[tuple[str, float], ...]
    label: str

    @property
    def total(self) -> float:
        """What the numbers add up to."""
        return sum(number for _, number in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Short texts in columns, read as text of one width; the first column stands to the left."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, where the medium shows such.

    Attributes:
        png: The picture as a file.
        name: What the file is called: letters, digits, `-` and `.`, since others may be changed.
        alt: What it shows, in words.
    """

    png: bytes
    name: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way to open an article where it was published."""

    label: str
    url: str


class Action(StrEnum):
    """What a button is pressed for."""

    MORE = "more"
    IN_CONTEXT = "context"
    WHY = "why"
    VOTE_UP = "up"
    VOTE_DOWN = "down"
    FOLLOW_UP = "follow"
    DELETE = "delete"
    FORGET = "forget"
    PAGE = "page"
    UNDATED = "undated"
    ARTICLE = "article"
    ALERT = "alert"
    ADD_ALERT = "add_alert"
    DIGEST = "digest"


_EXCERPT_ACTIONS = {
    Action.IN_CONTEXT,
    Action.WHY,
    Action.VOTE_UP,
    Action.VOTE_DOWN,
    Action.ARTICLE,
}


class ButtonStyle(StrEnum):
    """How a button presents itself."""

    PLAIN = "plain"
    PRIMARY = "leading"
    DESTRUCTIVE = "destructive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to press, where the medium has such a thing.

    Attributes:
        label: What it says.
        action: What it does.
        rank: The excerpt it is about, by its place among all those found, from 1; for `MORE` and
            `PAGE` the first one to show. None where it is about no excerpt.
        style: How it presents itself.
    """

    label: str
    action: Action
    rank: int | None = None
    style: ButtonStyle = ButtonStyle.PLAIN

    @property
    def belongs_to_excerpt(self) -> bool:
        """Whether it belongs to the excerpt above it, and not to the whole answer."""
        return self.action in _EXCERPT_ACTIONS


Block = Heading | Line | Moment | Quote | Sum | Table | Picture | Link | Button

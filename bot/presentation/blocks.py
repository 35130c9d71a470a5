"""The neutral blocks of every output; Discord and the terminal each render them in their way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; `is_warning` if it announces that there is no answer or no result."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of Dateline's own words; `is_subtle` if it only accompanies another block."""

    text: str
    is_subtle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time of a schedule. Discord can also show it in each reader's own zone.

    Attributes:
        text: The time in the zone of the schedule, in words.
        at: The time, aware.
    """

    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Verbatim text of an article. Renderers escape and highlight it, but never cut it.

    Attributes:
        text: The text.
        matches: The spans of the text to highlight.
        number: The number of the paragraph, from 1, in a list of whole paragraphs; None otherwise.
    """

    text: str
    matches: tuple[Span, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Labelled numbers that add up to a total called `label`."""

    rows: tuple[tuple[str, float], ...]
    label: str

    @property
    def total(self) -> float:
        """The sum of the numbers."""
        return sum(number for _, number in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Short texts in columns, for a monospaced font; only the first column is left-aligned."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, for media that can show one.

    Attributes:
        png: The bytes of the PNG file.
        name: The file name, of letters, digits, `-` and `.` only, since others may be changed.
        alt: The alternative text for people who can't see the picture.
    """

    png: bytes
    name: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to an article at its publisher."""

    label: str
    url: str


class Action(StrEnum):
    """The actions of buttons. The values are part of the ids of buttons already posted."""

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
    """The visual styles of buttons."""

    PLAIN = "plain"
    PRIMARY = "leading"
    DESTRUCTIVE = "destructive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button, for media that have buttons.

    Attributes:
        label: The text on it.
        action: The action that it triggers.
        rank: The rank of its excerpt among all those found, from 1; for `MORE` and `PAGE` the rank
            of the first one to show. None if the button belongs to no excerpt.
        style: The visual style.
    """

    label: str
    action: Action
    rank: int | None = None
    style: ButtonStyle = ButtonStyle.PLAIN

    @property
    def belongs_to_excerpt(self) -> bool:
        """Whether the button belongs to the excerpt above it, not to the whole answer."""
        return self.action in _EXCERPT_ACTIONS


Block = Heading | Line | Moment | Quote | Sum | Table | Picture | Link | Button

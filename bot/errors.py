"""The exceptions of Dateline, as one tree.

BotError
├── WrongUsage             an invalid command line
├── SettingsError          a setting, or its file or variable, is wrong
│   └── ConfigUnreadable       the settings file can't be read
├── FileError              a file, or a line of it, can't be used
│   ├── ArticleError           it holds no valid article
│   └── JudgedFileError        it holds no judged questions, and no run over them
│       └── NotAnAnswer            a line of a run is not an answer
├── ChartsNotInstalled     matplotlib, which draws charts, is missing
├── UnknownArticle         no article has this id
├── ArticleWithdrawn       the article of an excerpt was withdrawn
├── MalformedReceipt       the text can't be a receipt
├── AnswerExpired          a shown answer or listing is no longer stored
├── UnknownButton          a button names an excerpt that never existed
├── TooManyRequests        a person exceeded a limit per minute
│   ├── TooManyQuestions       of questions and commands
│   └── TooManyPresses         of buttons, menus and forms
├── TooBusy                too many requests of all people wait already
├── AlreadyRunning         another `run` uses the data folder
├── DiscordDisconnected    Discord closed the connection for good
├── DigestError            a request about digests can't be fulfilled
│   ├── UnknownTime
│   ├── UnknownSource
│   ├── EmptyTopic
│   ├── TopicTooLong
│   ├── TooManyTopics
│   ├── UnknownTopic
│   ├── TooManyDigests
│   ├── NoDigest
│   ├── UnknownDigest
│   ├── NoDelivery
│   └── FutureDay
├── DeliveryError          a message could not be posted
│   ├── DeliveryFailed
│   ├── DeliveryUnknown
│   └── HistoryUnreadable
├── AlertError             a request about alerts can't be fulfilled
│   ├── TooManyAlerts
│   ├── UnknownAlert
│   ├── UnusableAlert
│   ├── PreviewExpired
│   ├── IncompleteQuietHours
│   └── EndlessQuietHours
├── QueryError             the text entered can't be searched for
│   ├── EmptyQuestion
│   ├── EmojiOnly
│   ├── QuestionTooShort
│   ├── QuestionTooLong
│   ├── ForeignScript
│   ├── EmptyQuery
│   ├── ReversedBounds
│   ├── TooManyTerms
│   └── UnknownDate
└── StoreError             the database can't be used
    └── MigrationFailed

Each carries its facts as attributes. `presentation.errors` turns them into sentences for people, so
that an error raised far below never has to name a command.
"""

from dataclasses import KW_ONLY, dataclass, fields
from datetime import date, time, timedelta
from pathlib import Path


# eq=False keeps errors hashable and comparable by identity, like other exceptions.
@dataclass(eq=False)
class BotError(Exception):
    """Base of all errors that are described to a person."""

    def __str__(self) -> str:
        """Return the facts, for logs and tracebacks."""
        return ", ".join(f"{field.name}={getattr(self, field.name)}" for field in fields(self))


@dataclass(eq=False)
class WrongUsage(BotError):  # noqa: N818 - named for the fact, like much of the tree
    """The command line is invalid; `complaint` says why, for example in Typer's words."""

    complaint: str


@dataclass(eq=False)
class SettingsError(BotError):
    """The setting `key` from the file or variable `source` is wrong; `remedy` says what to do."""

    source: str
    key: str
    remedy: str


class ConfigUnreadable(SettingsError):  # noqa: N818
    """The settings file can't be read; `remedy` says why."""


@dataclass(eq=False)
class FileError(BotError):
    """A file, or one line of it (from 1; None for the whole file), can't be used."""

    path: Path
    line: int | None
    reason: str


class ArticleError(FileError):
    """The file or line holds no valid article."""


class JudgedFileError(FileError):
    """The file or line holds no judged questions, and no run over them."""


@dataclass(eq=False)
class NotAnAnswer(JudgedFileError):  # noqa: N818
    """A line of a run over judged questions is not an answer."""

    reason: str = "it is not an answer"


class ChartsNotInstalled(BotError):  # noqa: N818
    """A chart is requested, but matplotlib is not installed."""


@dataclass(eq=False)
class UnknownArticle(BotError):  # noqa: N818
    """The library contains no article with this id."""

    article_id: str


class ArticleWithdrawn(BotError):  # noqa: N818
    """The article of an excerpt was withdrawn after the excerpt was shown."""


@dataclass(eq=False)
class MalformedReceipt(BotError):  # noqa: N818
    """The text can't be a receipt."""

    text: str


class AnswerExpired(BotError):  # noqa: N818
    """A shown answer or listing is past its expiry and no longer stored."""


class UnknownButton(BotError):  # noqa: N818
    """A button names an excerpt that its answer or listing never had."""


@dataclass(eq=False)
class TooManyRequests(BotError):  # noqa: N818
    """A person sent `limit` requests within a minute and can send another after `wait`."""

    limit: int
    wait: timedelta


class TooManyQuestions(TooManyRequests):
    """A person has reached the limit of questions and commands."""


class TooManyPresses(TooManyRequests):
    """A person has reached the limit of buttons, menus and forms."""


class TooBusy(BotError):  # noqa: N818
    """So many requests wait already that a further one would wait too long."""


@dataclass(eq=False)
class AlreadyRunning(BotError):  # noqa: N818
    """Another process runs the bot on the same data folder."""

    folder: Path


@dataclass(eq=False)
class DiscordDisconnected(BotError):  # noqa: N818
    """Discord closed the connection with a final close `code`, from 4010 to 4014."""

    code: int


class DigestError(BotError):
    """A request about a server's digests can't be fulfilled."""


@dataclass(eq=False)
class UnknownTime(DigestError):  # noqa: N818
    """The text is not a time of day."""

    text: str


@dataclass(eq=False)
class UnknownSource(DigestError):  # noqa: N818
    """No article is from this source; `nearest` are similar names."""

    text: str
    nearest: tuple[str, ...]


@dataclass(eq=False)
class EmptyTopic(DigestError):  # noqa: N818
    """A topic contains only common words."""

    terms: str


@dataclass(eq=False)
class TopicTooLong(DigestError):  # noqa: N818
    """The terms of a topic, or its heading, have more than `max_chars` characters."""

    max_chars: int


@dataclass(eq=False)
class TooManyTopics(DigestError):  # noqa: N818
    """A digest would have more than `limit` topics."""

    limit: int


@dataclass(eq=False)
class UnknownTopic(DigestError):  # noqa: N818
    """A digest has no topic `text`; `headings` are the headings of its topics."""

    text: str
    headings: tuple[str, ...]


@dataclass(eq=False)
class TooManyDigests(DigestError):  # noqa: N818
    """A server would have more than `limit` digests."""

    limit: int


class NoDigest(DigestError):  # noqa: N818
    """A server has no digest, or none that the person can see."""


@dataclass(eq=False)
class UnknownDigest(DigestError):  # noqa: N818
    """No digest is called `text`, or none was named (None); `names` are the existing ones."""

    text: str | None
    names: tuple[str, ...]


@dataclass(eq=False)
class NoDelivery(DigestError):  # noqa: N818
    """A digest has no delivery for the day, or none at all (None)."""

    name: str
    day: date | None


@dataclass(eq=False)
class FutureDay(DigestError):  # noqa: N818
    """A digest preview is requested for a day after today."""

    day: date


@dataclass(eq=False)
class DeliveryError(BotError):
    """A message could not be posted in the channel with the id `channel`."""

    channel: str


@dataclass(eq=False)
class DeliveryFailed(DeliveryError):  # noqa: N818
    """Discord refused the message; `is_lasting` if it would refuse every other one, too.

    `reason` is one of `model.delivery.FailureReason`.
    """

    reason: str
    _: KW_ONLY
    is_lasting: bool


class DeliveryUnknown(DeliveryError):  # noqa: N818
    """Discord did not answer, so the message may or may not have been posted."""


class HistoryUnreadable(DeliveryError):  # noqa: N818
    """The bot can't read the channel's history to check whether a message was posted."""


class AlertError(BotError):
    """A request about alerts can't be fulfilled."""


@dataclass(eq=False)
class TooManyAlerts(AlertError):  # noqa: N818
    """A server (`is_guild`) or a person would have more than `limit` alerts."""

    limit: int
    _: KW_ONLY
    is_guild: bool


class UnknownAlert(AlertError):  # noqa: N818
    """The text names no alert of the person, nor of a server that they manage."""


class PreviewExpired(AlertError):  # noqa: N818
    """The preview of an alert is no longer stored, or belongs to another person."""


@dataclass(eq=False)
class UnusableAlert(AlertError):  # noqa: N818
    """An alert has become unusable since it was added; `reason` is a sentence."""

    reason: str


class IncompleteQuietHours(AlertError):  # noqa: N818
    """Quiet hours have no start or no end."""


@dataclass(eq=False)
class EndlessQuietHours(AlertError):  # noqa: N818
    """Quiet hours would start and end at the same `time_of_day`."""

    time_of_day: time


class QueryError(BotError):
    """The text that a person entered can't be searched for."""


class EmptyQuestion(QueryError):  # noqa: N818
    """The question is blank."""


class EmojiOnly(QueryError):  # noqa: N818
    """The question consists of emoji, without a word."""


@dataclass(eq=False)
class QuestionTooShort(QueryError):  # noqa: N818
    """A question has fewer than `min_chars` characters."""

    min_chars: int


@dataclass(eq=False)
class QuestionTooLong(QueryError):  # noqa: N818
    """A question has `length` characters, more than `max_chars`."""

    length: int
    max_chars: int


class ForeignScript(QueryError):  # noqa: N818
    """A question is in another script than the articles, and none of its words is found."""


class EmptyQuery(QueryError):  # noqa: N818
    """The question contains only common words."""


@dataclass(eq=False)
class ReversedBounds(QueryError):  # noqa: N818
    """The first day `after` is later than the last day `before`."""

    after: date
    before: date


@dataclass(eq=False)
class TooManyTerms(QueryError):  # noqa: N818
    """`count` terms were entered, but one trend shows at most `limit`."""

    count: int
    limit: int


@dataclass(eq=False)
class UnknownDate(QueryError):  # noqa: N818
    """The text is not a date, or can be read as any of the `readings`."""

    text: str
    readings: tuple[str, ...] = ()


@dataclass(eq=False)
class StoreError(BotError):
    """The database can't be used; `reason` says why and what to do."""

    path: Path
    reason: str


@dataclass(eq=False)
class MigrationFailed(StoreError):  # noqa: N818
    """A migration failed for a `reason` and was rolled back."""

    migration: str

"""What can go wrong, as one tree.

BotError
├── WrongUsage             a command line that no command takes
├── SettingsError          a setting, or the file or variable it came from
│   └── ConfigUnreadable       the file of settings can't be read
├── FileError              a file or line that can't be used
│   ├── ArticleError           it is no article
│   └── JudgedFileError        it holds no judged questions, or no run over them
│       └── NotAnAnswer            a line of a run is no answer
├── ChartsNotInstalled     a chart, without the library that draws it
├── UnknownArticle         an id that the library does not hold
├── ArticleWithdrawn       an excerpt whose article was taken back since
├── MalformedReceipt       text that can't be a receipt
├── AnswerExpired          what was shown so long ago that it is not kept
├── TooManyQuestions       more than one person may ask in a minute
├── AlreadyRunning         a data folder that another `run` holds
├── DiscordUnreachable     no connection to Discord, for good
├── DiscordDisconnected    a connection that Discord ended, for good
├── DigestError            what is asked of a server's digests can't be done
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
├── AlertError             what is asked of alerts can't be done
│   ├── TooManyAlerts
│   ├── UnknownAlert
│   ├── UnusableAlert
│   ├── PreviewExpired
│   ├── IncompleteQuietHours
│   └── EndlessQuietHours
├── QueryError             what was typed can't be searched for
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

Each carries its facts as attributes. `presentation.errors` makes the sentences that people read.
"""

from dataclasses import KW_ONLY, dataclass, fields
from datetime import date, time, timedelta
from pathlib import Path


@dataclass(eq=False)
class BotError(Exception):
    """Base of all errors that a person may read about."""

    def __str__(self) -> str:
        """Return the facts, for logs and tracebacks."""
        return ", ".join(f"{field.name}={getattr(self, field.name)}" for field in fields(self))


@dataclass(eq=False)
class WrongUsage(BotError):  # noqa: N818 - named for the fact, like much of the tree
    """The command line names no command, or gives it something that it does not take."""

    complaint: str


@dataclass(eq=False)
class SettingsError(BotError):
    """A setting is wrong: `source` and `key` say where, `remedy` what to do."""

    source: str
    key: str
    remedy: str


class ConfigUnreadable(SettingsError):  # noqa: N818
    """The file of settings can't be read: `remedy` says why, the sentence adds what to do."""


@dataclass(eq=False)
class FileError(BotError):
    """A file, or one line of it (from 1; None for the whole file), can't be used for a `reason`."""

    path: Path
    line: int | None
    reason: str


class ArticleError(FileError):
    """It is no article."""


class JudgedFileError(FileError):
    """It holds no judged questions, or no run over them."""


@dataclass(eq=False)
class NotAnAnswer(JudgedFileError):  # noqa: N818
    """A line of a run over judged questions is no answer."""

    reason: str = "it is no answer"


class ChartsNotInstalled(BotError):  # noqa: N818
    """A chart is wanted, and the library that draws it is not installed."""


@dataclass(eq=False)
class UnknownArticle(BotError):  # noqa: N818
    """The library holds no article with this id."""

    article_id: str


class ArticleWithdrawn(BotError):  # noqa: N818
    """The article that an excerpt quotes was withdrawn after the excerpt was shown."""


@dataclass(eq=False)
class MalformedReceipt(BotError):  # noqa: N818
    """The text can't be a receipt."""

    text: str


class AnswerExpired(BotError):  # noqa: N818
    """What was shown is too old to be kept any more."""


@dataclass(eq=False)
class TooManyQuestions(BotError):  # noqa: N818
    """A person has asked `limit` questions within a minute, and may ask again after `wait`."""

    limit: int
    wait: timedelta


@dataclass(eq=False)
class AlreadyRunning(BotError):  # noqa: N818
    """Another process runs the bot on the same data folder."""

    folder: Path


@dataclass(eq=False)
class DiscordUnreachable(BotError):  # noqa: N818
    """Discord can't be reached at `api_url`, and the bot gives up."""

    api_url: str


@dataclass(eq=False)
class DiscordDisconnected(BotError):  # noqa: N818
    """Discord closed the connection with a `code` that says it was the last time."""

    code: int


class DigestError(BotError):
    """A request about a server's digests can't be fulfilled."""


@dataclass(eq=False)
class UnknownTime(DigestError):  # noqa: N818
    """The text is no time of day."""

    text: str


@dataclass(eq=False)
class UnknownSource(DigestError):  # noqa: N818
    """No article is from this source; `nearest` are those that may be meant."""

    text: str
    nearest: tuple[str, ...]


@dataclass(eq=False)
class EmptyTopic(DigestError):  # noqa: N818
    """A topic holds nothing but common words."""

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
    """A digest has no topic with this heading; `headings` are those that it has."""

    text: str
    headings: tuple[str, ...]


@dataclass(eq=False)
class TooManyDigests(DigestError):  # noqa: N818
    """A server would have more than `limit` digests."""

    limit: int


class NoDigest(DigestError):  # noqa: N818
    """A server has no digest, or none that the person may see."""


@dataclass(eq=False)
class UnknownDigest(DigestError):  # noqa: N818
    """No digest has the name given (None if none was given); `names` are those that exist."""

    text: str | None
    names: tuple[str, ...]


@dataclass(eq=False)
class NoDelivery(DigestError):  # noqa: N818
    """A digest has no delivery of a day; None if it has none at all."""

    name: str
    day: date | None


@dataclass(eq=False)
class FutureDay(DigestError):  # noqa: N818
    """A preview of a digest is wanted for a day after today."""

    day: date


@dataclass(eq=False)
class DeliveryError(BotError):
    """A message could not be posted in the channel with the id `channel`."""

    channel: str


@dataclass(eq=False)
class DeliveryFailed(DeliveryError):  # noqa: N818
    """Discord refused the message; `is_lasting` if it will refuse all others, too.

    `reason` is one of `model.delivery.FailureReason`.
    """

    reason: str
    _: KW_ONLY
    is_lasting: bool


class DeliveryUnknown(DeliveryError):  # noqa: N818
    """Discord gave no answer, so that nobody knows whether it took the message."""


class HistoryUnreadable(DeliveryError):  # noqa: N818
    """Whether a message stands in the channel can't be seen there."""


class AlertError(BotError):
    """A request about alerts can't be fulfilled."""


@dataclass(eq=False)
class TooManyAlerts(AlertError):  # noqa: N818
    """A server (`is_guild`) or a person would have more than `limit` alerts."""

    limit: int
    _: KW_ONLY
    is_guild: bool


class UnknownAlert(AlertError):  # noqa: N818
    """The text names no alert of the person, or of a server that they manage."""


class PreviewExpired(AlertError):  # noqa: N818
    """The preview of an alert is not kept any more, or belongs to another person."""


@dataclass(eq=False)
class UnusableAlert(AlertError):  # noqa: N818
    """An alert was good when it was added and is not any more, for a `reason`, a sentence."""

    reason: str


class IncompleteQuietHours(AlertError):  # noqa: N818
    """Quiet hours lack their beginning or their end."""


@dataclass(eq=False)
class EndlessQuietHours(AlertError):  # noqa: N818
    """Quiet hours would begin and end at the same `time_of_day`."""

    time_of_day: time


class QueryError(BotError):
    """What a person typed can't be searched for."""


class EmptyQuestion(QueryError):  # noqa: N818
    """The question is blank."""


class EmojiOnly(QueryError):  # noqa: N818
    """The question holds emoji and no word."""


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
    """A question is in another script than the articles, which hold no word of it."""


class EmptyQuery(QueryError):  # noqa: N818
    """The question holds nothing but common words."""


@dataclass(eq=False)
class ReversedBounds(QueryError):  # noqa: N818
    """No day lies between the days `after` and `before`."""

    after: date
    before: date


@dataclass(eq=False)
class TooManyTerms(QueryError):  # noqa: N818
    """`count` terms are given, and one trend shows `limit` at most."""

    count: int
    limit: int


@dataclass(eq=False)
class UnknownDate(QueryError):  # noqa: N818
    """The text is no date, or has the several `readings` given."""

    text: str
    readings: tuple[str, ...] = ()


@dataclass(eq=False)
class StoreError(BotError):
    """The database can't be used: `reason` says why and what to do."""

    path: Path
    reason: str


@dataclass(eq=False)
class MigrationFailed(StoreError):  # noqa: N818
    """A step of the schema failed for a `reason`; the file is as it was before."""

    migration: str

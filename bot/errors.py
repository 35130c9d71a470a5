"""What can go wrong, as one tree.

BotError
├── WrongUsage             a command line that no command takes
├── SettingsError          a setting, or the file or variable it came from
├── FileError              a file or line that can't be used
│   ├── ArticleError           it is no article
│   └── JudgedFileError        it holds no judged questions, or no run over them
├── ChartsNotInstalled     a chart, without the library that draws it
├── UnknownArticle         an id that the library does not hold
├── ArticleWithdrawn       an excerpt whose article was taken back since
├── MalformedReceipt       text that can't be a receipt
├── AnswerExpired          what was shown so long ago that it is not kept
├── TooManyQuestions       more than one person may ask in a minute
├── AlreadyRunning         a data folder that another `run` holds
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

Each carries its facts as attributes and says in one sentence what is wrong and what to do.
"""

import math
from collections.abc import Sequence
from datetime import time, timedelta
from pathlib import Path


class BotError(Exception):
    """Base of all errors that a person may read."""


class WrongUsage(BotError):  # noqa: N818 - named for the fact, like much of the tree
    """The command line names no command, or gives one what it does not take."""

    def __init__(self, complaint: str) -> None:
        self.complaint = complaint
        super().__init__(f"{complaint.rstrip('.')}: try --help.")


class SettingsError(BotError):
    """A setting is wrong: `source` and `key` say where, `remedy` what to do."""

    def __init__(self, source: str, key: str, remedy: str) -> None:
        self.source = source
        self.key = key
        self.remedy = remedy
        super().__init__(f"{source}: {key}: {remedy}")


class FileError(BotError):
    """A file, or one line of it (from 1; None for the whole file), can't be used."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        location = f"{path}" if line is None else f"{path}, line {line}"
        super().__init__(f"{location}: {reason}")


class ArticleError(FileError):
    """It is no article."""


class JudgedFileError(FileError):
    """It holds no judged questions, or no run over them."""


class ChartsNotInstalled(BotError):  # noqa: N818
    """A chart was asked for, and the library that draws it is not installed."""

    def __init__(self) -> None:
        """There is only one way to lack it."""
        super().__init__(
            "Drawing a chart needs matplotlib, which is not installed: "
            "run pip install 'dateline-bot[charts]', or leave out --png."
        )


class UnknownArticle(BotError):  # noqa: N818
    """The library holds no article of this id."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(f"The library holds no article with the id {article_id!r}.")


class ArticleWithdrawn(BotError):  # noqa: N818
    """The article that an excerpt quotes was taken back after the excerpt was shown."""

    def __init__(self) -> None:
        super().__init__("The article that this excerpt quotes has been taken back since.")


class MalformedReceipt(BotError):  # noqa: N818
    """The text can't be a receipt."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text!r} is no receipt: a receipt is 16 digits and letters from a to f, "
            "as shown below each excerpt."
        )


class AnswerExpired(BotError):  # noqa: N818
    """What was shown was shown so long ago that it is not kept any more."""

    def __init__(self) -> None:
        super().__init__("This is too old to go on from: ask again, or look it up again.")


class TooManyQuestions(BotError):  # noqa: N818
    """A person has asked `limit` questions within a minute, and may ask again after `wait`."""

    def __init__(self, limit: int, wait: timedelta) -> None:
        self.limit = limit
        self.wait = wait
        seconds = math.ceil(wait.total_seconds())
        questions = "1 question" if limit == 1 else f"{limit} questions"
        delay = "1 second" if seconds == 1 else f"{seconds} seconds"
        super().__init__(f"You have asked {questions} within a minute: ask again in {delay}.")


class AlreadyRunning(BotError):  # noqa: N818
    """Another process runs the bot on the same data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"Another dateline run uses the data folder {folder}: stop that one first, "
            "or name another folder with --data-dir."
        )


class DigestError(BotError):
    """What is asked of a server's digests can't be done."""


class UnknownTime(DigestError):  # noqa: N818
    """Text given as a time of day is none."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text!r} is no time of day: write it as HH:MM, from 00:00 to 23:59, like 08:30."
        )


class UnknownSource(DigestError):  # noqa: N818
    """No article is of this source; `nearest` are those that may be meant."""

    def __init__(self, text: str, nearest: Sequence[str]) -> None:
        self.text = text
        self.nearest = tuple(nearest)
        suggestion = f": did you mean {_format_choices(self.nearest)}?" if nearest else "."
        super().__init__(f"No article is of the source {text!r}{suggestion}")


class EmptyTopic(DigestError):  # noqa: N818
    """Nothing is left of a topic once common words are set aside."""

    def __init__(self, terms: str) -> None:
        self.terms = terms
        super().__init__(
            f"There is nothing to search for in the topic {terms!r}: "
            "name a person, a place, a thing or an event."
        )


class TopicTooLong(DigestError):  # noqa: N818
    """What is searched for, or the heading of it, has more than the `max_chars` characters it may have."""

    def __init__(self, max_chars: int) -> None:
        self.max_chars = max_chars
        super().__init__(
            f"A topic has at most {max_chars} characters, and so has its heading: commas part topics."
        )


class TooManyTopics(DigestError):  # noqa: N818
    """A digest would have more than the `limit` topics that one may have."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"A digest has {limit} topics at most: take one away, or make another.")


class UnknownTopic(DigestError):  # noqa: N818
    """A digest has no topic of this heading; `headings` are those that it has."""

    def __init__(self, text: str, headings: Sequence[str]) -> None:
        self.text = text
        self.headings = tuple(headings)
        choices = f"choose {_format_choices(self.headings)}." if headings else "it has none."
        super().__init__(f"This digest has no topic {text!r}: {choices}")


class TooManyDigests(DigestError):  # noqa: N818
    """A server would have more than the `limit` digests that one may have."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"A server has {limit} digests at most: end one with /digest off first.")


class NoDigest(DigestError):  # noqa: N818
    """A server has no digest, or none that a person may see."""

    def __init__(self) -> None:
        super().__init__(
            "There is no digest here yet: whoever manages this server makes one with /digest set."
        )


class UnknownDigest(DigestError):  # noqa: N818
    """No digest has the name given (None where none was given); `names` are those that there are."""

    def __init__(self, text: str | None, names: Sequence[str]) -> None:
        self.text = text
        self.names = tuple(names)
        lead = (
            "Several digests are posted here" if text is None else f"No digest is called {text!r}"
        )
        super().__init__(f"{lead}: choose {_format_choices(self.names)}.")


class NoDelivery(DigestError):  # noqa: N818
    """A digest has no delivery of a day; None where it has none at all."""

    def __init__(self, name: str, day: str | None) -> None:
        self.name = name
        self.day = day
        day_text = f" of {day}" if day else " yet"
        super().__init__(
            f"There is nothing of the digest “{name}”{day_text}: /digest history shows its days."
        )


class FutureDay(DigestError):  # noqa: N818
    """What a digest would show is asked of a day that is later than today."""

    def __init__(self, day: str) -> None:
        self.day = day
        super().__init__(f"{day} has not come yet: name today or an earlier day.")


def _format_choices(names: Sequence[str]) -> str:
    """The names, of which one is to be chosen."""
    quoted = [f"“{name}”" for name in names]
    return " or ".join([*([", ".join(quoted[:-1])] if quoted[1:] else []), quoted[-1]])


class DeliveryError(BotError):
    """A message could not be posted in the channel of the id `channel`."""

    def __init__(self, channel: str, sentence: str) -> None:
        self.channel = channel
        super().__init__(sentence)


class DeliveryFailed(DeliveryError):  # noqa: N818
    """Discord refused the message; `is_lasting` where it will refuse all others there, too."""

    def __init__(self, channel: str, reason: str, *, is_lasting: bool) -> None:
        self.reason = reason
        self.is_lasting = is_lasting
        super().__init__(channel, reason)


class DeliveryUnknown(DeliveryError):  # noqa: N818
    """Discord gave no answer, so that nobody knows whether it took the message."""

    def __init__(self, channel: str) -> None:
        super().__init__(
            channel, "Discord gave no answer, and will be asked again: look into the channel soon."
        )


class HistoryUnreadable(DeliveryError):  # noqa: N818
    """Whether a message stands in the channel can't be seen there."""

    def __init__(self, channel: str) -> None:
        super().__init__(
            channel,
            "Discord gave no answer, and I can't see what was posted since: "
            "let me read the channel's message history.",
        )


class AlertError(BotError):
    """What is asked of alerts can't be done."""


class TooManyAlerts(AlertError):  # noqa: N818
    """A server, or else a person, would have more than the `limit` alerts that they may have."""

    def __init__(self, limit: int, *, is_guild: bool) -> None:
        self.limit = limit
        self.is_guild = is_guild
        subject = "This server has" if is_guild else "You have"
        super().__init__(
            f"{subject} {limit} alerts, and there are no more: take one away with /alerts remove first."
        )


class UnknownAlert(AlertError):  # noqa: N818
    """What was typed names no alert of the person, or of a server that they manage."""

    def __init__(self) -> None:
        super().__init__("There is no such alert: choose one of those offered while you type.")


class PreviewExpired(AlertError):  # noqa: N818
    """The preview of an alert is no longer known: it was added, is too old, or another's."""

    def __init__(self) -> None:
        super().__init__(
            "I don't know this preview any more: its alert was added, or it is too old. "
            "/alerts list shows your alerts, and /alerts add makes one."
        )


class UnusableAlert(AlertError):  # noqa: N818
    """An alert was good when it was added and is not now, for this `reason`, a sentence."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class IncompleteQuietHours(AlertError):  # noqa: N818
    """Quiet hours lack their beginning or their end."""

    def __init__(self) -> None:
        super().__init__("Quiet hours begin and end: give both quiet_from and quiet_to.")


class EndlessQuietHours(AlertError):  # noqa: N818
    """Quiet hours end when they begin, `time_of_day` that time of day."""

    def __init__(self, time_of_day: time) -> None:
        self.time_of_day = time_of_day
        super().__init__(
            f"Quiet hours from {time_of_day:%H:%M} to {time_of_day:%H:%M} would never end: give another end."
        )


class QueryError(BotError):
    """What was typed can't be searched for."""


class EmptyQuestion(QueryError):  # noqa: N818
    """Nothing was typed."""

    def __init__(self) -> None:
        super().__init__("This holds no question: type what you want to know.")


class EmojiOnly(QueryError):  # noqa: N818
    """Emoji were typed, and no word."""

    def __init__(self) -> None:
        super().__init__("Emoji can't be searched for: ask in words.")


class QuestionTooShort(QueryError):  # noqa: N818
    """A question has fewer than `min_chars` characters."""

    def __init__(self, min_chars: int) -> None:
        self.min_chars = min_chars
        super().__init__(
            f"This is too short to search for: a question has at least {min_chars} characters."
        )


class QuestionTooLong(QueryError):  # noqa: N818
    """A question has `length` characters, more than `max_chars`."""

    def __init__(self, length: int, max_chars: int) -> None:
        self.length = length
        self.max_chars = max_chars
        super().__init__(f"This question has {length:,} characters: ask it in at most {max_chars}.")


class ForeignScript(QueryError):  # noqa: N818
    """A question is in another script than the articles, which hold no word of it."""

    def __init__(self) -> None:
        super().__init__(
            "No article holds a word of this: ask in the language of the articles, English."
        )


class EmptyQuery(QueryError):  # noqa: N818
    """Nothing is left of the question once common words are set aside."""

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to search for in this: "
            "name a person, a place, a thing or an event; a date alone is not enough."
        )


class ReversedBounds(QueryError):  # noqa: N818
    """The days given leave none between them."""

    def __init__(self, after: str, before: str) -> None:
        self.after = after
        self.before = before
        super().__init__(
            f"No day lies between {after} and {before}: give an earlier start or a later end."
        )


class TooManyTerms(QueryError):  # noqa: N818
    """More terms are given than one trend shows."""

    def __init__(self, count: int, limit: int) -> None:
        self.count = count
        self.limit = limit
        super().__init__(
            f"That makes {count} terms, and a trend shows {limit} at most: commas part them."
        )


class UnknownDate(QueryError):  # noqa: N818
    """Text given as a date is none, or has the several `readings` given."""

    def __init__(self, text: str, readings: Sequence[str] = ()) -> None:
        self.text = text
        self.readings = tuple(readings)
        if readings:
            choice = " or ".join(f"“{reading}”" for reading in readings)
            super().__init__(f"{text!r} can be read in more than one way: write {choice}.")
        else:
            super().__init__(
                f"{text!r} is not a date that I know: write for example 2026-03-02, 2 March 2026, "
                "February, last week or yesterday."
            )


class StoreError(BotError):
    """The database can't be used: `reason` says why and what to do."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"The database {path} can't be used: {reason}")


class MigrationFailed(StoreError):  # noqa: N818
    """A step of the schema failed; the file is as it was before."""

    def __init__(self, path: Path, migration: str, reason: str) -> None:
        self.migration = migration
        super().__init__(path, f"migration {migration} failed ({reason}); it was left as it was.")

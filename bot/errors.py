"""What can go wrong, as one tree.

BotError
├── WrongUsage             a command line that no command takes
├── SettingsError          a setting, or the file or variable it came from
├── ArticleError           a file or line that is no article
├── JudgedError            a file or line of judged questions, or of a run over them
├── UnknownArticle         an id that the library does not hold
├── ArticleWithdrawn       an excerpt whose article was taken back since
├── MalformedReceipt       text that can't be a receipt
├── AnswerExpired          what was shown so long ago that it is not kept
├── TooManyQuestions       more than one person may ask in a minute
├── AlreadyRunning         a data folder that another `run` holds
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
from datetime import timedelta
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


class ArticleError(BotError):
    """A file, or one line of it (from 1; None for the whole file), is no article."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        place = f"{path}" if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {reason}")


class JudgedError(BotError):
    """A file of judged questions or of a run, or a line of it (None for all), can't be used."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        place = f"{path}" if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {reason}")


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
        asked = "1 question" if limit == 1 else f"{limit} questions"
        again = "1 second" if seconds == 1 else f"{seconds} seconds"
        super().__init__(f"You have asked {asked} within a minute: ask again in {again}.")


class AlreadyRunning(BotError):  # noqa: N818
    """Another process runs the bot on the same data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"Another dateline run uses the data folder {folder}: stop that one first, "
            "or name another folder with --data-dir."
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
    """A question has fewer than `least` characters."""

    def __init__(self, least: int) -> None:
        self.least = least
        super().__init__(
            f"This is too short to search for: a question has at least {least} characters."
        )


class QuestionTooLong(QueryError):  # noqa: N818
    """A question has `length` characters, more than `most`."""

    def __init__(self, length: int, most: int) -> None:
        self.length = length
        self.most = most
        super().__init__(f"This question has {length:,} characters: ask it in at most {most}.")


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

    def __init__(self, count: int, most: int) -> None:
        self.count = count
        self.most = most
        super().__init__(
            f"That makes {count} terms, and a trend shows {most} at most: commas part them."
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

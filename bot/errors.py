"""What can go wrong, as one tree.

BotError
├── WrongUsage             a command line that no command takes
├── SettingsError          a setting, or the file or variable it came from
├── ArticleError           a file or line that is no article
├── UnknownArticle         an id that the library does not hold
├── MalformedReceipt       text that can't be a receipt
├── QueryError             what was typed can't be searched for
│   ├── EmptyQuery
│   ├── ReversedBounds
│   └── UnknownDate
└── StoreError             the database can't be used
    └── MigrationFailed

Each carries its facts as attributes and says in one sentence what is wrong and what to do.
"""

from collections.abc import Sequence
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


class UnknownArticle(BotError):  # noqa: N818
    """The library holds no article of this id."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(f"The library holds no article with the id {article_id!r}.")


class MalformedReceipt(BotError):  # noqa: N818
    """The text can't be a receipt."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text!r} is no receipt: a receipt is 16 digits and letters from a to f, "
            "as shown below each excerpt."
        )


class QueryError(BotError):
    """What was typed can't be searched for."""


class EmptyQuery(QueryError):  # noqa: N818
    """Nothing is left of the question once common words are set aside."""

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to search for in this question: "
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

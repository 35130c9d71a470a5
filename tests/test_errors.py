from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot import errors
from bot.cli.runner import EXIT_CODES, get_exit_code
from bot.errors import BotError

EXAMPLES: tuple[BotError, ...] = (
    errors.WrongUsage("No such option: --foo."),
    errors.SettingsError("config/dateline.toml", "answers.max_excerpts", "give a number."),
    errors.ArticleError(Path("news.jsonl"), 3, "it has no “date”: add it"),
    errors.ArticleError(Path("news.txt"), None, "its text is empty"),
    errors.JudgedFileError(Path("queries.jsonl"), 3, "it has no “id”: add it"),
    errors.JudgedFileError(Path("queries.jsonl"), None, "it is missing: add it"),
    errors.ChartsNotInstalled(),
    errors.UnknownArticle("flood"),
    errors.ArticleWithdrawn(),
    errors.MalformedReceipt("12\n34"),
    errors.AnswerExpired(),
    errors.TooManyQuestions(10, timedelta(seconds=23)),
    errors.AlreadyRunning(Path("data")),
    errors.UnknownTime("25:00"),
    errors.UnknownSource("Courir", ("The Courier", "The Herald")),
    errors.UnknownSource("Xyz", ()),
    errors.EmptyTopic("the"),
    errors.TopicTooLong(100),
    errors.TooManyTopics(10),
    errors.UnknownTopic("AI", ("Floods",)),
    errors.UnknownTopic("AI", ()),
    errors.TooManyDigests(25),
    errors.NoDigest(),
    errors.UnknownDigest(None, ("morning", "evening", "weekly")),
    errors.UnknownDigest("noon", ("morning",)),
    errors.NoDelivery("news", "3 March 2026"),
    errors.NoDelivery("news", None),
    errors.FutureDay("3 March 2026"),
    errors.DeliveryFailed("20", "I may not post in the channel.", is_lasting=True),
    errors.DeliveryUnknown("20"),
    errors.HistoryUnreadable("20"),
    errors.TooManyAlerts(10, is_guild=False),
    errors.TooManyAlerts(25, is_guild=True),
    errors.UnknownAlert(),
    errors.UnusableAlert("There is nothing to search for in it any more."),
    errors.PreviewExpired(),
    errors.IncompleteQuietHours(),
    errors.EndlessQuietHours(time(8)),
    errors.EmptyQuestion(),
    errors.EmojiOnly(),
    errors.QuestionTooShort(2),
    errors.QuestionTooLong(301, 300),
    errors.ForeignScript(),
    errors.EmptyQuery(),
    errors.ReversedBounds("5 March 2026", "1 March 2026"),
    errors.TooManyTerms(5, 4),
    errors.UnknownDate("3/2", ("2 March 2026", "3 February 2026")),
    errors.UnknownDate("no\nday"),
    errors.StoreError(Path("dateline.sqlite3"), "it is damaged: restore it from a copy."),
    errors.MigrationFailed(Path("dateline.sqlite3"), "0002", "near “TABEL”"),
)


def below(kind: type[BotError]) -> Iterator[type[BotError]]:
    """All classes that derive from `kind`, at any depth."""
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


KINDS = sorted(set(below(BotError)), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_has_an_exit_code_more_telling_than_its_root(kind: type[BotError]) -> None:
    named = [each for each in kind.__mro__ if each in EXIT_CODES]

    assert named
    assert BotError not in EXIT_CODES


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_says_itself_in_one_line(error: BotError) -> None:
    message = str(error)

    assert message.strip()
    assert message.isprintable()


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_is_wrong_input_unless_the_set_up_the_store_or_discord_is_in_the_way(
    error: BotError,
) -> None:
    of_others = (
        errors.StoreError | errors.AlreadyRunning | errors.DeliveryError | errors.ChartsNotInstalled
    )

    code = get_exit_code(error)

    assert code == (1 if isinstance(error, of_others) else 2)


def test_an_example_of_every_error_is_tried() -> None:
    tried = {type(error) for error in EXAMPLES}

    # The parents of many, never raised themselves.
    parents = {
        errors.AlertError,
        errors.DeliveryError,
        errors.DigestError,
        errors.FileError,
        errors.QueryError,
    }
    assert tried | parents == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_tree_in_the_docstring_shows_every_error(kind: type[BotError]) -> None:
    assert f"── {kind.__name__}" in (errors.__doc__ or "")


def test_an_ambiguous_date_is_told_with_its_readings() -> None:
    error = errors.UnknownDate("3/2", ("2 March 2026", "3 February 2026"))

    assert str(error) == (
        "'3/2' can be read in more than one way: write “2 March 2026” or “3 February 2026”."
    )


@pytest.mark.parametrize(
    ("limit", "seconds", "expected"),
    [
        (10, 22.1, "You have asked 10 questions within a minute: ask again in 23 seconds."),
        (1, 0.2, "You have asked 1 question within a minute: ask again in 1 second."),
    ],
)
def test_one_who_asks_too_often_is_told_when_to_ask_again_in_whole_seconds(
    limit: int, seconds: float, expected: str
) -> None:
    error = errors.TooManyQuestions(limit, timedelta(seconds=seconds))

    assert str(error) == expected

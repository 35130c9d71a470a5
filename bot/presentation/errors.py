"""The sentences for errors: what is wrong, then what to do."""

import math
import string
from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any

from bot import errors
from bot.dates.calendar import format_day
from bot.errors import BotError
from bot.model.counts import format_count
from bot.presentation.failure_reasons import FAILURE_SENTENCES
from bot.presentation.wording import join_parts

SENTENCES: Mapping[type[BotError], str] = {
    errors.ChartsNotInstalled: (
        "Charts need matplotlib, which is not installed. Run pip install matplotlib, or omit --png."
    ),
    errors.UnknownArticle: (
        "There is no article with the ID {0.article_id!q}. Check the ID, or search for the article."
    ),
    errors.MalformedReceipt: (
        "{0.text!q} is not a receipt. "
        "Enter the 16 digits and letters (a to f) shown below an excerpt."
    ),
    errors.ArticleWithdrawn: "The article that this excerpt quotes has been withdrawn.",
    errors.AnswerExpired: "This result has expired. Ask or search again.",
    errors.UnknownButton: "This button no longer works. Ask or search again.",
    errors.TooBusy: "I'm busy right now. Please try again in a moment.",
    errors.AlreadyRunning: (
        "Another dateline run is using the data folder {0.folder}. "
        "Stop it first, or choose another folder with --data-dir."
    ),
    errors.DiscordDisconnected: (
        "The connection to Discord was closed with code {0.code}. "
        "Discord's developer documentation explains the code."
    ),
    errors.UnknownTime: (
        "{0.text!q} is not a time of day. Enter it as HH:MM, from 00:00 to 23:59, such as 08:30."
    ),
    errors.EmptyTopic: (
        "There is nothing to search for in the topic {0.terms!q}. "
        "Name a person, place, thing or event."
    ),
    errors.TopicTooLong: (
        "A topic or its heading is too long. "
        "Each can have at most {0.max_chars} characters; separate topics with commas."
    ),
    errors.TooManyTopics: (
        "A digest can have at most {0.limit} topics. Remove one first, or add another digest."
    ),
    errors.TooManyDigests: (
        "A server can have at most {0.limit} digests. Delete one with /digest off first."
    ),
    errors.NoDigest: (
        "This server has no digest yet. "
        "Members with the Manage Server permission can add one with /digest set."
    ),
    errors.DeliveryUnknown: "Discord did not answer. I will try again; check the channel soon.",
    errors.HistoryUnreadable: (
        "Discord did not answer, and I can't check whether the message was posted. "
        "Give me the Read Message History permission in the channel."
    ),
    errors.UnknownAlert: (
        "There is no such alert. Choose one of the suggestions that appear while you type."
    ),
    errors.PreviewExpired: (
        "This preview has expired, or its alert was already added. "
        "Use /alerts list to see your alerts, or /alerts add to add one."
    ),
    errors.UnusableAlert: "{0.reason}",
    errors.IncompleteQuietHours: (
        "Quiet hours need a start and an end. Give both quiet_from and quiet_to."
    ),
    errors.EndlessQuietHours: (
        "Quiet hours can't start and end at the same time ({0.time_of_day:%H:%M}). "
        "Choose another end."
    ),
    errors.EmptyQuestion: "The question is empty. Enter what you want to know.",
    errors.EmojiOnly: "Emoji can't be searched for. Ask in words.",
    errors.QuestionTooShort: (
        "This question is too short. Enter at least {0.min_chars} characters."
    ),
    errors.QuestionTooLong: (
        "This question has {0.length:,} characters. Shorten it to {0.max_chars} or fewer."
    ),
    errors.ForeignScript: (
        "No article contains any word of this. Ask in English, the language of the articles."
    ),
    errors.EmptyQuery: (
        "There is nothing to search for in this. "
        "Name a person, place, thing or event; a date alone is not enough. "
        "To list the articles of a day, use the on command."
    ),
    errors.TooManyTerms: (
        "A trend can show at most {0.limit} topics, and this has {0.count}. "
        "Enter fewer, separated by commas."
    ),
}
"""The sentences for each class with the error's facts as `{0.fact}`; its subclasses share them.

`{0.fact!q}` quotes what a person entered. Errors whose sentences depend on their facts have a
function below. No sentence begins with a name: the terminal puts `error: ` in front of it and makes
its first letter small.
"""


class _SentenceFormatter(string.Formatter):
    """A formatter that knows the conversion `!q`."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        """Return the value, quoted if the conversion says so."""
        if conversion == "q":
            return _quote(value)
        return super().convert_field(value, conversion)


@singledispatch
def describe_error(error: BotError) -> str:
    """Return full sentences that say what is wrong, then how to fix it."""
    template = next(SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES)
    return _SentenceFormatter().format(template, error)


# The command line adds where to find help, since it knows the command in use.
@describe_error.register
def _(error: errors.WrongUsage) -> str:
    return f"{error.complaint.rstrip('.')}."


@describe_error.register
def _(error: errors.SettingsError) -> str:
    return f"Can't use {error.key} in {error.source}. {_format_sentence(error.remedy)}"


@describe_error.register
def _(error: errors.ConfigUnreadable) -> str:
    return (
        f"Can't use the settings file {error.source}. {_format_sentence(error.remedy)} "
        "Choose another file with --config."
    )


@describe_error.register
def _(error: errors.FileError) -> str:
    return f"{_format_location(error)} {_format_sentence(error.reason)}"


@describe_error.register
def _(error: errors.NotAnAnswer) -> str:
    return f"{_format_location(error)} It is not in the format that eval --answers writes."


@describe_error.register
def _(error: errors.StoreError) -> str:
    return f"Can't use the database {error.path}. {_format_sentence(error.reason)}"


@describe_error.register
def _(error: errors.MigrationFailed) -> str:
    return (
        f"Can't update the database {error.path}. Migration {error.migration} failed, "
        f"and the database was not changed. {_format_sentence(error.reason)}"
    )


@describe_error.register
def _(error: errors.TooManyQuestions) -> str:
    requests = format_count(error.limit, "request")
    return f"You sent {requests} in the last minute (questions and commands). {_format_wait(error)}"


@describe_error.register
def _(error: errors.TooManyPresses) -> str:
    times = format_count(error.limit, "time")
    return f"You used buttons, menus and forms {times} in the last minute. {_format_wait(error)}"


@describe_error.register
def _(error: errors.UnknownSource) -> str:
    remedy = (
        f"Did you mean {_quote_choices(error.nearest)}?"
        if error.nearest
        else "Use the sources command to see all sources."
    )
    return f"Unknown source {_quote(error.text)}. {remedy}"


@describe_error.register
def _(error: errors.UnknownTopic) -> str:
    if not error.headings:
        return "This digest has no topics. Add one with /digest topics add."
    choices = _quote_choices(error.headings)
    return f"This digest has no topic {_quote(error.text)}. Choose {choices}."


@describe_error.register
def _(error: errors.UnknownDigest) -> str:
    problem = (
        "There are several digests here."
        if error.text is None
        else f"There is no digest called {_quote(error.text)}."
    )
    return f"{problem} Choose {_quote_choices(error.names)}."


@describe_error.register
def _(error: errors.NoDelivery) -> str:
    if error.day is None:
        return (
            f"The digest “{error.name}” has not been posted yet. "
            "Use /digest preview to see what it would contain."
        )
    return (
        f"The digest “{error.name}” has nothing for {format_day(error.day)}. "
        "Use /digest history to see its days."
    )


@describe_error.register
def _(error: errors.FutureDay) -> str:
    return f"The day {format_day(error.day)} is in the future. Choose today or an earlier day."


@describe_error.register
def _(error: errors.DeliveryFailed) -> str:
    return FAILURE_SENTENCES[error.reason]


@describe_error.register
def _(error: errors.TooManyAlerts) -> str:
    owner = "This server has" if error.is_guild else "You have"
    return (
        f"{owner} {error.limit} alerts, which is the limit. Remove one with /alerts remove first."
    )


@describe_error.register
def _(error: errors.ReversedBounds) -> str:
    after, before = format_day(error.after), format_day(error.before)
    return (
        f"The first day, {after}, is later than the last day, {before}. "
        "Choose an earlier first day or a later last day."
    )


@describe_error.register
def _(error: errors.UnknownDate) -> str:
    if error.readings:
        choices = " or ".join(f"“{reading}”" for reading in error.readings)
        return f"The date {_quote(error.text)} can be read in more than one way. Enter {choices}."
    return (
        f"{_quote(error.text)} is not a date. "
        "Enter one such as 2026-03-02, 2 March 2026, February, last week or yesterday."
    )


def _format_wait(error: errors.TooManyRequests) -> str:
    seconds = math.ceil(error.wait.total_seconds())
    return f"Try again in {format_count(seconds, 'second')}."


def _format_location(error: errors.FileError) -> str:
    location = f"{error.path}" if error.line is None else f"{error.path}, line {error.line}"
    return f"Can't use {location}."


def _format_sentence(text: str) -> str:
    """Return the text with a capital and a full stop; errors may carry less than a sentence."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _quote(text: str) -> str:
    """Quote text that a person entered; control characters and line breaks become escapes."""
    characters = (
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
    return f"“{''.join(characters)}”"


def _quote_choices(names: Sequence[str]) -> str:
    """Return the names to choose from, such as `“A”, “B” or “C”`."""
    return join_parts([f"“{name}”" for name in names], "or")

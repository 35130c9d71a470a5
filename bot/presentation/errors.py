"""The sentences that people read about errors: what is wrong and what to do."""

import math
from collections.abc import Mapping, Sequence
from functools import singledispatch

from bot import errors
from bot.dates.calendar import format_day
from bot.errors import BotError
from bot.presentation.failure_reasons import FAILURE_SENTENCES
from bot.presentation.wording import join_parts

SENTENCES: Mapping[type[BotError], str] = {
    errors.ConfigUnreadable: ("{0.source}: {0.key}: {0.remedy}: name one that can with --config."),
    errors.SettingsError: "{0.source}: {0.key}: {0.remedy}",
    errors.ChartsNotInstalled: (
        "Drawing a chart needs matplotlib, which is not installed: "
        "run pip install 'dateline-bot[charts]', or leave out --png."
    ),
    errors.UnknownArticle: "The library holds no article with the id {0.article_id!r}.",
    errors.ArticleWithdrawn: "The article that this excerpt quotes has been taken back since.",
    errors.MalformedReceipt: (
        "{0.text!r} is no receipt: a receipt is 16 digits and letters from a to f, "
        "as shown below each excerpt."
    ),
    errors.AnswerExpired: "This is too old to go on from: ask again, or look it up again.",
    errors.AlreadyRunning: (
        "Another dateline run uses the data folder {0.folder}: stop that one first, "
        "or name another folder with --data-dir."
    ),
    errors.DiscordUnreachable: (
        "The system refused what was needed: Discord can't be reached at {0.api_url}."
    ),
    errors.DiscordDisconnected: (
        "The system refused what was needed: Discord closed the connection with the code {0.code}."
    ),
    errors.UnknownTime: (
        "{0.text!r} is no time of day: write it as HH:MM, from 00:00 to 23:59, like 08:30."
    ),
    errors.EmptyTopic: (
        "There is nothing to search for in the topic {0.terms!r}: "
        "name a person, a place, a thing or an event."
    ),
    errors.TopicTooLong: (
        "A topic has at most {0.max_chars} characters, and so has its heading: commas part topics."
    ),
    errors.TooManyTopics: (
        "A digest has {0.limit} topics at most: take one away, or make another."
    ),
    errors.TooManyDigests: (
        "A server has {0.limit} digests at most: end one with /digest off first."
    ),
    errors.NoDigest: (
        "There is no digest here yet: whoever manages this server makes one with /digest set."
    ),
    errors.DeliveryUnknown: (
        "Discord gave no answer, and will be asked again: look into the channel soon."
    ),
    errors.HistoryUnreadable: (
        "Discord gave no answer, and I can't see what was posted since: "
        "let me read the channel's message history."
    ),
    errors.UnknownAlert: "There is no such alert: choose one of those offered while you type.",
    errors.PreviewExpired: (
        "I don't know this preview any more: its alert was added, or it is too old. "
        "/alerts list shows your alerts, and /alerts add makes one."
    ),
    errors.UnusableAlert: "{0.reason}",
    errors.IncompleteQuietHours: "Quiet hours begin and end: give both quiet_from and quiet_to.",
    errors.EndlessQuietHours: (
        "Quiet hours from {0.time_of_day:%H:%M} to {0.time_of_day:%H:%M} would never end: "
        "give another end."
    ),
    errors.EmptyQuestion: "This holds no question: type what you want to know.",
    errors.EmojiOnly: "Emoji can't be searched for: ask in words.",
    errors.QuestionTooShort: (
        "This is too short to search for: a question has at least {0.min_chars} characters."
    ),
    errors.QuestionTooLong: (
        "This question has {0.length:,} characters: ask it in at most {0.max_chars}."
    ),
    errors.ForeignScript: (
        "No article holds a word of this: ask in the language of the articles, English."
    ),
    errors.EmptyQuery: (
        "There is nothing to search for in this: "
        "name a person, a place, a thing or an event; a date alone is not enough."
    ),
    errors.TooManyTerms: (
        "That makes {0.count} terms, and a trend shows {0.limit} at most: commas part them."
    ),
    errors.StoreError: "The database {0.path} can't be used: {0.reason}",
    errors.MigrationFailed: (
        "The database {0.path} can't be used: "
        "migration {0.migration} failed ({0.reason}); it was left as it was."
    ),
}
"""The sentence for each class with the error's facts as `{0.fact}`; its subclasses share it.

Errors whose sentence depends on their facts have a function below instead.
"""


@singledispatch
def describe_error(error: BotError) -> str:
    """Return the sentence that says what is wrong and what to do."""
    template = next(SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES)
    return template.format(error)


@describe_error.register
def _(error: errors.WrongUsage) -> str:
    return f"{error.complaint.rstrip('.')}: try --help."


@describe_error.register
def _(error: errors.FileError) -> str:
    return _format_file_error(error)


@describe_error.register
def _(error: errors.NotAnAnswer) -> str:
    return f"{_format_file_error(error)} as eval --answers writes it"


@describe_error.register
def _(error: errors.TooManyQuestions) -> str:
    seconds = math.ceil(error.wait.total_seconds())
    questions = "1 question" if error.limit == 1 else f"{error.limit} questions"
    delay = "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"You have asked {questions} within a minute: ask again in {delay}."


@describe_error.register
def _(error: errors.UnknownSource) -> str:
    choices = f": did you mean {_quote_choices(error.nearest)}?" if error.nearest else "."
    return f"No article is of the source {error.text!r}{choices}"


@describe_error.register
def _(error: errors.UnknownTopic) -> str:
    choices = f"choose {_quote_choices(error.headings)}." if error.headings else "it has none."
    return f"This digest has no topic {error.text!r}: {choices}"


@describe_error.register
def _(error: errors.UnknownDigest) -> str:
    if error.text is None:
        return f"Several digests are posted here: choose {_quote_choices(error.names)}."
    return f"No digest is called {error.text!r}: choose {_quote_choices(error.names)}."


@describe_error.register
def _(error: errors.NoDelivery) -> str:
    when = f" of {format_day(error.day)}" if error.day else " yet"
    return f"There is nothing of the digest “{error.name}”{when}: /digest history shows its days."


@describe_error.register
def _(error: errors.FutureDay) -> str:
    return f"{format_day(error.day)} has not come yet: name today or an earlier day."


@describe_error.register
def _(error: errors.DeliveryFailed) -> str:
    return FAILURE_SENTENCES[error.reason]


@describe_error.register
def _(error: errors.TooManyAlerts) -> str:
    owner = "This server has" if error.is_guild else "You have"
    return (
        f"{owner} {error.limit} alerts, and there are no more: "
        "take one away with /alerts remove first."
    )


@describe_error.register
def _(error: errors.ReversedBounds) -> str:
    after, before = format_day(error.after), format_day(error.before)
    return f"No day lies between {after} and {before}: give an earlier start or a later end."


@describe_error.register
def _(error: errors.UnknownDate) -> str:
    if error.readings:
        choices = " or ".join(f"“{reading}”" for reading in error.readings)
        return f"{error.text!r} can be read in more than one way: write {choices}."
    return (
        f"{error.text!r} is not a date that I know: write for example 2026-03-02, 2 March 2026, "
        "February, last week or yesterday."
    )


def _format_file_error(error: errors.FileError) -> str:
    location = f"{error.path}" if error.line is None else f"{error.path}, line {error.line}"
    return f"{location}: {error.reason}"


def _quote_choices(names: Sequence[str]) -> str:
    """Return the names, one of which a person is to choose."""
    return join_parts([f"“{name}”" for name in names], "or")

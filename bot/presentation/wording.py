"""The words of our own that people read around quotes."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.dates.calendar import format_day, range_text
from bot.dates.names import MONTH_STEMS
from bot.model.article import Article
from bot.model.day_range import DayRange
from bot.presentation.bidi import isolate_bidi
from bot.presentation.truncation import truncate
from bot.retrieval.answering.abstention import Reason, ReasonCode
from bot.retrieval.index.extent import Extent
from bot.retrieval.question.answer_kinds import AnswerTypeKind

_MAX_NAME_CHARS = 200
"""The title and the source of an article are shown up to here."""

_ANSWER_TYPE_PHRASES = {
    AnswerTypeKind.PERSON: "says who",
    AnswerTypeKind.DATE: "names a day",
    AnswerTypeKind.PLACE: "names a place",
    AnswerTypeKind.COUNT: "gives that number",
    AnswerTypeKind.MONEY: "gives an amount of money",
    AnswerTypeKind.PERCENTAGE: "gives a percentage",
    AnswerTypeKind.AMOUNT: "gives an amount",
    AnswerTypeKind.AGE: "gives an age",
    AnswerTypeKind.SPEED: "gives a speed",
    AnswerTypeKind.LENGTH: "gives a length",
    AnswerTypeKind.WEIGHT: "gives a weight",
    AnswerTypeKind.DURATION: "gives a length of time",
    AnswerTypeKind.NAME: "says which",
}


def format_reason(reason: Reason) -> str:
    """A sentence on why the articles do not answer, and the words that may be meant instead."""
    match reason.code:
        case ReasonCode.NO_ARTICLES:
            text = "The library holds no article published up to now."
        case ReasonCode.OUT_OF_BOUNDS:
            text = "Nothing within the dates, the source and the words that you set speaks of this."
        case ReasonCode.UNKNOWN_WORDS:
            text = (
                f"No article holds {_join_quoted(reason.words, 'or')}.{_format_suggestions(reason)}"
            )
        case ReasonCode.DATES_NOT_COVERED:
            days = ", ".join(range_text(day_range) for day_range in reason.days)
            text = f"Nothing in the library is from the days asked about: {days}."
        case ReasonCode.NO_SUCH_PHRASE:
            text = f"No passage holds {_join_quoted(reason.words, 'and')} as a phrase."
        case ReasonCode.NOT_TOGETHER:
            text = f"No passage speaks of {_join_quoted(reason.words, 'and')} together."
        case ReasonCode.TOO_LONG:
            titles = _join_quoted(tuple(map(format_name, reason.words)), "and")
            text = f"What speaks of this in {titles} is too long to be quoted."
        case ReasonCode.LOW_CONFIDENCE:
            text = "No passage says enough of this to be called an answer."
        case ReasonCode.NO_SUCH_ANSWER_TYPE:
            text = f"No passage that speaks of this {_ANSWER_TYPE_PHRASES[reason.kind]}."
    return text


def format_extent(extent: Extent) -> str:
    """What the library holds: how many articles, and from which days."""
    count = format_count(extent.articles, "article")
    if extent.first_date is None or extent.last_date is None:
        return f"The library holds {count}."
    days = range_text(DayRange(first=extent.first_date, last=extent.last_date))
    return f"The library holds {count}, published {days}."


def format_dates(dates: Iterable[DayRange]) -> str:
    """What was understood of the dates that a person typed."""
    return f"Dates understood: {', '.join(range_text(days) for days in dates)}."


def format_count(count: int, noun: str) -> str:
    """How many there are of a thing whose plural ends in s."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def format_name(name: str, max_chars: int = _MAX_NAME_CHARS) -> str:
    """A name that others gave, cut to `max_chars` characters and apart from what stands around it."""
    return isolate_bidi(truncate(name, max_chars))


def format_short_day(day: date) -> str:
    """A day without its year, for where there is little room."""
    return f"{day.day} {MONTH_STEMS[day.month - 1]}"


def format_publication_day(day: date | None) -> str:
    """The day of publication as people write it."""
    return "undated" if day is None else format_day(day)


def format_source(article: Article) -> str:
    """Who published the article, or that this is not known."""
    return article.source or "source not given"


def format_title(article: Article) -> str:
    """The article's title; one that was derived says so."""
    return f"{article.title} (first words)" if article.has_derived_title else article.title


def join_parts(parts: Sequence[str], conjunction: str) -> str:
    """One or more parts of a sentence, as one."""
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"


def _format_suggestions(reason: Reason) -> str:
    """A question for each word that may be misspelt, each after a space."""
    questions = [
        f" Did you mean {_join_quoted(suggestions, 'or')}{_format_instead_of(word, reason)}?"
        for word, suggestions in reason.suggestions.items()
    ]
    return "".join(questions)


def _format_instead_of(word: str, reason: Reason) -> str:
    """Which word is meant, where the reason speaks of several."""
    return "" if len(reason.words) == 1 else f" instead of “{word}”"


def _join_quoted(words: tuple[str, ...], conjunction: str) -> str:
    return join_parts([f"“{word}”" for word in words], conjunction)

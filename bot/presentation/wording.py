"""Dateline's own words around quotes: reasons, dates, counts and names."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.dates.calendar import format_day, range_text
from bot.dates.names import MONTH_STEMS
from bot.model.article import Article
from bot.model.counts import format_count
from bot.model.day_range import DayRange
from bot.presentation.bidi import isolate_bidi
from bot.presentation.truncation import truncate
from bot.retrieval.answering.abstention import Reason, ReasonCode
from bot.retrieval.index.extent import Extent
from bot.retrieval.question.answer_kinds import AnswerTypeKind

_MAX_NAME_CHARS = 200
"""The characters of a title or a source that are shown."""

NO_ARTICLES_YET = "The library has no published articles yet."

_ANSWER_TYPE_PHRASES = {
    AnswerTypeKind.PERSON: "says who",
    AnswerTypeKind.DATE: "gives a date",
    AnswerTypeKind.PLACE: "names a place",
    AnswerTypeKind.COUNT: "gives that number",
    AnswerTypeKind.MONEY: "gives an amount of money",
    AnswerTypeKind.PERCENTAGE: "gives a percentage",
    AnswerTypeKind.AMOUNT: "gives an amount",
    AnswerTypeKind.AGE: "gives an age",
    AnswerTypeKind.SPEED: "gives a speed",
    AnswerTypeKind.LENGTH: "gives a length",
    AnswerTypeKind.WEIGHT: "gives a weight",
    AnswerTypeKind.DURATION: "gives a duration",
    AnswerTypeKind.NAME: "says which",
}


def format_reason(reason: Reason) -> str:
    """Return the reason as a sentence, with suggestions for words that may be misspelt."""
    match reason.code:
        case ReasonCode.NO_ARTICLES:
            text = NO_ARTICLES_YET
        case ReasonCode.OUT_OF_BOUNDS:
            text = "No article about this matches the dates, source and words that you set."
        case ReasonCode.UNKNOWN_WORDS:
            words = _join_quoted(reason.words, "or")
            text = f"No article contains {words}.{_format_suggestions(reason)}"
        case ReasonCode.DATES_NOT_COVERED:
            days = ", ".join(range_text(day_range) for day_range in reason.days)
            text = f"No article is from the days that you asked about: {days}."
        case ReasonCode.NO_SUCH_PHRASE:
            phrases = "the phrase" if len(reason.words) == 1 else "the phrases"
            text = f"No passage contains {phrases} {_join_quoted(reason.words, 'and')}."
        case ReasonCode.NOT_TOGETHER:
            text = f"No passage mentions {_join_quoted(reason.words, 'and')} together."
        case ReasonCode.TOO_LONG:
            titles = _join_quoted(tuple(map(format_name, reason.words)), "and")
            text = f"The sentences about this in {titles} are too long to quote."
        case ReasonCode.LOW_CONFIDENCE:
            text = "No passage answers this with enough confidence."
        case ReasonCode.NO_SUCH_ANSWER_TYPE:
            text = f"No passage about this {_ANSWER_TYPE_PHRASES[reason.kind]}."
    return text


def format_extent(extent: Extent) -> str:
    """Return the number of articles in the library and their days of publication."""
    count = format_count(extent.articles, "article")
    if extent.first_date is None or extent.last_date is None:
        return f"The library has {count}."
    days = range_text(DayRange(first=extent.first_date, last=extent.last_date))
    return f"The library has {count} from {days}."


def format_dates(dates: Iterable[DayRange]) -> str:
    """Return a sentence with the dates that were recognised in a question."""
    return f"Dates understood: {', '.join(range_text(days) for days in dates)}."


def format_name(name: str, max_chars: int = _MAX_NAME_CHARS) -> str:
    """Return a name from outside, truncated and isolated so that it can't reorder its surroundings."""
    return isolate_bidi(truncate(name, max_chars))


def format_short_day(day: date) -> str:
    """Return the day without its year, for narrow places such as labels and tables."""
    return f"{day.day} {MONTH_STEMS[day.month - 1]}"


def format_publication_day(day: date | None) -> str:
    """Return the day of publication, such as `2 March 2026`, or `undated`.

    The day is text, never a Discord timestamp: that would be shown in the reader's zone, which can
    be the day before.
    """
    return "undated" if day is None else format_day(day)


def format_source(article: Article) -> str:
    """Return the source of the article, or `no source`."""
    return article.source or "no source"


def format_title(article: Article) -> str:
    """Return the title of the article, marked if it was made from the first words."""
    return f"{article.title} (first words)" if article.has_derived_title else article.title


def join_parts(parts: Sequence[str], conjunction: str) -> str:
    """Return `a`, `a and b` or `a, b and c` for one, two or three parts."""
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"


def _format_suggestions(reason: Reason) -> str:
    """Return a question for each word that may be misspelt, each after a space."""
    questions = [
        f" Did you mean {_join_quoted(suggestions, 'or')}{_format_instead_of(word, reason)}?"
        for word, suggestions in reason.suggestions.items()
    ]
    return "".join(questions)


def _format_instead_of(word: str, reason: Reason) -> str:
    """Return the word that the suggestion replaces, if the reason names several words."""
    return "" if len(reason.words) == 1 else f" instead of “{word}”"


def _join_quoted(words: tuple[str, ...], conjunction: str) -> str:
    return join_parts([f"“{word}”" for word in words], conjunction)

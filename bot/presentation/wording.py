"""The words of our own that people read around quotes."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.dates.calendar import MONTHS, day_text, range_text
from bot.model.article import Article
from bot.model.day_range import DayRange
from bot.presentation.bidi import kept_apart
from bot.presentation.truncation import cut
from bot.retrieval.answering.abstention import Lack, Reason
from bot.retrieval.question.answer_type import Kind
from bot.retrieval.scoring.results import Extent

_MAX_NAME_CHARS = 200
"""The title and the source of an article are shown up to here."""

_SHORT_MONTH = 3

_THINGS = {
    Kind.PERSON: "says who",
    Kind.DAY: "names a day",
    Kind.PLACE: "names a place",
    Kind.COUNT: "gives that number",
    Kind.MONEY: "gives an amount of money",
    Kind.PERCENTAGE: "gives a percentage",
    Kind.AMOUNT: "gives an amount",
    Kind.AGE: "gives an age",
    Kind.SPEED: "gives a speed",
    Kind.LENGTH: "gives a length",
    Kind.WEIGHT: "gives a weight",
    Kind.DURATION: "gives a length of time",
    Kind.NAME: "says which",
}


def reason_text(reason: Reason) -> str:
    """A sentence on why the articles do not answer, and the words that may be meant instead."""
    match reason.lack:
        case Lack.NO_ARTICLES:
            text = "The library holds no article published up to now."
        case Lack.OUT_OF_BOUNDS:
            text = "Nothing within the dates, the source and the words that you set speaks of this."
        case Lack.UNKNOWN_WORDS:
            text = f"No article holds {_listed(reason.words, 'or')}.{_meant_text(reason)}"
        case Lack.DATES_OUTSIDE:
            days = ", ".join(range_text(each) for each in reason.days)
            text = f"Nothing in the library is from the days asked about: {days}."
        case Lack.NO_SUCH_PHRASE:
            text = f"No passage holds {_listed(reason.words, 'and')} as a phrase."
        case Lack.NOT_TOGETHER:
            text = f"No passage speaks of {_listed(reason.words, 'and')} together."
        case Lack.TOO_LONG:
            titles = _listed(tuple(map(name_text, reason.words)), "and")
            text = f"What speaks of this in {titles} is too long to be quoted."
        case Lack.TOO_LITTLE:
            text = "No passage says enough of this to be called an answer."
        case Lack.NO_SUCH_THING:
            text = f"No passage that speaks of this {_THINGS[reason.kind]}."
    return text


def extent_text(extent: Extent) -> str:
    """What the library holds: how many articles, and from which days."""
    count = count_text(extent.articles, "article")
    if extent.first_date is None or extent.last_date is None:
        return f"The library holds {count}."
    days = range_text(DayRange(first=extent.first_date, last=extent.last_date))
    return f"The library holds {count}, published {days}."


def dates_text(dates: Iterable[DayRange]) -> str:
    """What was understood of the dates that a person typed."""
    return f"Dates understood: {', '.join(range_text(days) for days in dates)}."


def count_text(count: int, thing: str) -> str:
    """How many there are of a thing whose plural ends in s."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def name_text(name: str, most: int = _MAX_NAME_CHARS) -> str:
    """A name that others gave, cut to `most` characters and apart from what stands around it."""
    return kept_apart(cut(name, most))


def short_day_text(day: date) -> str:
    """A day without its year, for where there is little room."""
    return f"{day.day} {MONTHS[day.month - 1][:_SHORT_MONTH]}"


def published_text(day: date | None) -> str:
    """The day of publication as people write it."""
    return "undated" if day is None else day_text(day)


def source_text(article: Article) -> str:
    """Who published the article, or that this is not known."""
    return article.source or "source not given"


def title_text(article: Article) -> str:
    """The article's title; one that was derived says so."""
    return f"{article.title} (first words)" if article.title_derived else article.title


def joined(parts: Sequence[str], conjunction: str) -> str:
    """One or more parts of a sentence, as one."""
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"


def _meant_text(reason: Reason) -> str:
    """A question for each word that may be misspelt, each after a space."""
    questions = [
        f" Did you mean {_listed(meant, 'or')}{_instead_of(word, reason)}?"
        for word, meant in reason.suggestions.items()
    ]
    return "".join(questions)


def _instead_of(word: str, reason: Reason) -> str:
    """Which word is meant, where the reason speaks of several."""
    return "" if len(reason.words) == 1 else f" instead of “{word}”"


def _listed(words: tuple[str, ...], conjunction: str) -> str:
    return joined([f"“{word}”" for word in words], conjunction)

"""What people type, as the query and the bounds that it makes on the day that it is for them."""

from datetime import date

from bot.dates.calendar import day_text
from bot.dates.grammar import first_day, last_day
from bot.errors import ReversedBounds
from bot.retrieval.question.query import Query, parse
from bot.retrieval.question.validation import checked_question
from bot.retrieval.scoring.limits import Bounds
from bot.services.app import App


def bounds_of(
    app: App,
    after: str | None,
    before: str | None,
    source: str | None,
    *,
    today: date | None = None,
) -> Bounds:
    """The bounds that a person typed: `after` from its first day on, `before` to its last.

    Args:
        app: The app.
        after: The first day of publication, as typed.
        before: The last day of publication, as typed.
        source: The source, as typed.
        today: The day that it is for who typed; None for the day in the zone of the settings.

    Raises:
        UnknownDate: One of them is no date, or has more than one reading.
        ReversedBounds: They leave no day between them.
    """
    today = today or app.today
    first = None if after is None else first_day(after, today)
    last = None if before is None else last_day(before, today)
    if first and last and first > last:
        raise ReversedBounds(day_text(first), day_text(last))
    return Bounds(after=first, before=last, source=source)


def query_of(app: App, question: str, *, today: date | None = None) -> Query:
    """The query that a person's question makes today.

    Args:
        app: The app.
        question: What was typed.
        today: The day that it is for who typed; None for the day in the zone of the settings.

    Raises:
        QueryError: It is empty, too short or too long, or has nothing to search for.
    """
    checked = checked_question(question)
    return parse(checked, today=today or app.today, analyser=app.corpus.analyser)


def query_of_terms(app: App, terms: str, *, today: date | None = None) -> Query:
    """The query that a person's terms make, whether or not they are a question.

    Args:
        app: The app.
        terms: What was typed.
        today: The day that it is for who typed; None for the day in the zone of the settings.

    Raises:
        EmptyQuery: There is nothing to search for among them.
    """
    return parse(terms, today=today or app.today, analyser=app.corpus.analyser)

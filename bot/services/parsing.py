"""What people type, as the query and the bounds that it makes on the day that it is for them."""

from datetime import date

from bot.dates.calendar import format_day
from bot.dates.grammar import parse_first_day, parse_last_day
from bot.errors import ReversedBounds
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.question.validation import validate_question
from bot.services.app import App


def parse_bounds(
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
    first = None if after is None else parse_first_day(after, today)
    last = None if before is None else parse_last_day(before, today)
    if first and last and first > last:
        raise ReversedBounds(format_day(first), format_day(last))
    return Bounds(after=first, before=last, source=source)


def parse_question(app: App, question: str, *, today: date | None = None) -> Query:
    """The query that a person's question makes today.

    Args:
        app: The app.
        question: What was typed.
        today: The day that it is for who typed; None for the day in the zone of the settings.

    Raises:
        QueryError: It is empty, too short or too long, or has nothing to search for.
    """
    question_text = validate_question(question)
    return parse_query(question_text, today=today or app.today, analyser=app.index.analyser)


def parse_search_terms(app: App, terms: str, *, today: date | None = None) -> Query:
    """The query that a person's terms make, whether or not they are a question.

    Args:
        app: The app.
        terms: What was typed.
        today: The day that it is for who typed; None for the day in the zone of the settings.

    Raises:
        EmptyQuery: There is nothing to search for among them.
    """
    return parse_query(terms, today=today or app.today, analyser=app.index.analyser)

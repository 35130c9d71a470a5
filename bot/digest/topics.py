"""Which articles a saved search is about."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.digest.news import Brief
from bot.model.subscription import Subscription
from bot.retrieval.question.query import Query, parse
from bot.retrieval.text.terms import Analyser


class Sought(NamedTuple):
    """What is told under one heading; all that is new where the query is None."""

    heading: str
    query: Query | None


def sought(subscription: Subscription, analyser: Analyser) -> tuple[Sought, ...]:
    """The topics of the subscription, in their order; where it has none, all that is new.

    The words of a date are words like others: what is new is of no other day.

    Raises:
        EmptyQuery: One of them has nothing to search for.
    """
    topics = tuple(
        Sought(topic.heading or topic.typed, parse(topic.typed, today=None, analyser=analyser))
        for topic in subscription.topics
    )
    return topics or (Sought("", None),)


def is_about(brief: Brief, query: Query) -> bool:
    """Whether an article is about what was searched for.

    Its title or body holds every term, its title or body each phrase side by side, and neither a
    term that is excluded.
    """
    held = brief.terms
    sought = set(query.terms) - query.joined
    return (
        sought <= held
        and held.isdisjoint(query.excluded)
        and all(_holds(phrase.terms, brief) for phrase in query.phrases)
    )


def _holds(terms: Sequence[str], brief: Brief) -> bool:
    size, sought = len(terms), tuple(terms)
    return any(
        keys[at : at + size] == sought
        for keys in (brief.title, brief.body)
        for at in range(len(keys))
    )

"""Which articles a saved search is about."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.digest.news import ArticleBrief
from bot.model.subscription import Subscription
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.text.terms import Analyser


class TopicQuery(NamedTuple):
    """What is told under one heading; all that is new where the query is None."""

    heading: str
    query: Query | None


def build_topic_queries(subscription: Subscription, analyser: Analyser) -> tuple[TopicQuery, ...]:
    """The topics of the subscription, in their order; where it has none, all that is new.

    The words of a date are words like others: what is new is of no other day.

    Raises:
        EmptyQuery: One of them has nothing to search for.
    """
    topic_queries = tuple(
        TopicQuery(
            topic.heading or topic.query_text,
            parse_query(topic.query_text, today=None, analyser=analyser),
        )
        for topic in subscription.topics
    )
    return topic_queries or (TopicQuery("", None),)


def is_about(brief: ArticleBrief, query: Query) -> bool:
    """Whether an article is about what was searched for.

    Its title or body holds every term, its title or body each phrase side by side, and neither a
    term that is excluded.
    """
    brief_terms = brief.terms
    required = set(query.terms) - query.compound_terms
    return (
        required <= brief_terms
        and brief_terms.isdisjoint(query.excluded_terms)
        and all(_contains_phrase(phrase.terms, brief) for phrase in query.phrases)
    )


def _contains_phrase(terms: Sequence[str], brief: ArticleBrief) -> bool:
    size, phrase = len(terms), tuple(terms)
    return any(
        field_terms[start : start + size] == phrase
        for field_terms in (brief.title_terms, brief.body_terms)
        for start in range(len(field_terms))
    )

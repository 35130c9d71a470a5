"""Topics of a digest: saved searches that articles match."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.digest.news import ArticleBrief
from bot.model.subscription import Subscription
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.text.terms import Analyser


class TopicQuery(NamedTuple):
    """A topic's heading and query; a query of None matches every article."""

    heading: str
    query: Query | None


def build_topic_queries(subscription: Subscription, analyser: Analyser) -> tuple[TopicQuery, ...]:
    """Return the topics of a subscription, in order; if it has none, one that matches all.

    Words that form a date are searched as words, because new articles are always about now.

    Raises:
        EmptyQuery: A topic has nothing to search for.
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
    """Return whether an article matches a query.

    Its title and body together contain every term and no excluded term; each phrase stands in one
    of them.
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

"""Passages about what a message says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.lookups.listing import Listing, Lookup
from bot.lookups.search import Searcher, Sort
from bot.retrieval.answering.answer import excerpts_of, told_once
from bot.retrieval.question.query import Query, parse
from bot.retrieval.scoring.limits import Bounds

MOST_TERMS = 16
"""A message of more terms is searched for by its most telling ones."""


async def evidence(searcher: Searcher, text: str, *, said_on: date) -> Listing:
    """The passages that hold the most of what a message says, the best first.

    Args:
        searcher: What is searched.
        text: The message.
        said_on: The day of the message, on which the dates in it count.

    Raises:
        EmptyQuery: The message holds nothing to search for.
        StoreError: The library can't be read.
    """
    corpus = searcher.corpus
    whole = parse(text, today=said_on, analyser=corpus.analyser)
    counts = Counter(corpus.analyser.keys(text))
    query = weightiest(whole, await corpus.rarities(whole.terms), counts)
    dated = await _found(searcher, query)
    if not query.dates:
        return dated
    undated = await _found(searcher, replace(query, dates=()))
    return replace(dated, undated=undated.entries, undated_total=undated.total)


def weightiest(query: Query, rarities: Mapping[str, float], counts: Mapping[str, int]) -> Query:
    """What a message says, by at most MOST_TERMS terms; in it, nothing is demanded or excluded.

    A term tells more the rarer it is in the library and the more often the message says it; one
    that no article holds tells nothing.

    Args:
        query: All that was understood of the message.
        rarities: The weight of each of its terms.
        counts: How often the message says each.
    """
    ranked = sorted(query.terms, key=lambda term: -rarities[term] * counts[term])
    chosen = frozenset(ranked[:MOST_TERMS])
    terms = tuple(term for term in query.terms if term in chosen)
    return Query(
        terms=terms,
        words=tuple(map(query.word_of, terms)),
        joined=query.joined & chosen,
        names=tuple(name for name in query.names if chosen.issuperset(name)),
        dates=query.dates,
        asked=chosen,
        asked_on=query.asked_on,
    )


async def _found(searcher: Searcher, query: Query) -> Listing:
    bounds = Bounds()
    found = await searcher.found(query, bounds, Sort.BEST)
    return Listing(
        lookup=Lookup.EVIDENCE,
        entries=told_once(excerpts_of(found, searcher.limits)),
        total=found.total,
        bounds=bounds,
        dates=tuple(mention.days for mention in query.dates),
    )

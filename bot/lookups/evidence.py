"""Passages about what a message says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.lookups.listing import Listing, Lookup
from bot.lookups.search import Searcher, Sort
from bot.retrieval.answering.answer import extract_excerpts, remove_near_duplicates
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query

MAX_TERMS = 16
"""A message of more terms is searched for by its most telling ones."""


async def find_evidence(searcher: Searcher, text: str, *, sent_on: date) -> Listing:
    """The passages that hold the most of what a message says, the best first.

    Args:
        searcher: What is searched.
        text: The message.
        sent_on: The day of the message, on which the dates in it count.

    Raises:
        EmptyQuery: The message holds nothing to search for.
        StoreError: The library can't be read.
    """
    index = searcher.index
    full_query = parse_query(text, today=sent_on, analyser=index.analyser)
    counts = Counter(index.analyser.extract_term_texts(text))
    query = keep_heaviest_terms(full_query, await index.idfs(full_query.terms), counts)
    dated = await _search(searcher, query)
    if not query.dates:
        return dated
    undated = await _search(searcher, replace(query, dates=()))
    return replace(dated, undated=undated.entries, undated_total=undated.total)


def keep_heaviest_terms(
    query: Query, idfs: Mapping[str, float], counts: Mapping[str, int]
) -> Query:
    """What a message says, by at most MOST_TERMS terms; in it, nothing is demanded or excluded.

    A term tells more the rarer it is in the library and the more often the message says it; one
    that no article holds tells nothing.

    Args:
        query: All that was understood of the message.
        idfs: The weight of each of its terms.
        counts: How often the message says each.
    """
    ranked = sorted(query.terms, key=lambda term: -idfs[term] * counts[term])
    chosen = frozenset(ranked[:MAX_TERMS])
    terms = tuple(term for term in query.terms if term in chosen)
    return Query(
        terms=terms,
        words=tuple(map(query.get_word, terms)),
        compound_terms=query.compound_terms & chosen,
        names=tuple(name for name in query.names if chosen.issuperset(name)),
        dates=query.dates,
        asked_terms=chosen,
        asked_on=query.asked_on,
    )


async def _search(searcher: Searcher, query: Query) -> Listing:
    bounds = Bounds()
    result = await searcher.search(query, bounds, Sort.BEST)
    return Listing(
        lookup=Lookup.EVIDENCE,
        entries=remove_near_duplicates(extract_excerpts(result, searcher.limits)),
        total=result.total,
        bounds=bounds,
        dates=tuple(mention.days for mention in query.dates),
    )

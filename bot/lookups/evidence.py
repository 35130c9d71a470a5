"""Evidence: passages about the content of a message."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import date

from bot.lookups.listing import Listing, Lookup
from bot.lookups.search import Searcher, Sort
from bot.retrieval.answering.answer import extract_excerpts, remove_near_duplicates
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.text.terms import Analyser

MAX_TERMS = 16
"""The maximum number of terms; a longer message is searched for by its most significant ones."""


async def find_evidence(searcher: Searcher, text: str, *, sent_on: date) -> Listing:
    """Find the passages that contain most of a message, best first.

    Args:
        searcher: The search.
        text: The message.
        sent_on: The day of the message, to which its dates relate.

    Raises:
        EmptyQuery: The message has nothing to search for.
    """
    query = await _build_query(searcher.index, text, sent_on)
    bounds = Bounds()
    result = await searcher.search(query, bounds, Sort.BEST)
    undated = await searcher.search_undated(query, bounds, Sort.BEST)
    return Listing(
        lookup=Lookup.EVIDENCE,
        entries=_build_entries(result, searcher.limits),
        total=result.total,
        bounds=bounds,
        dates=query.date_ranges,
        undated=_build_entries(undated, searcher.limits) if undated else (),
        undated_total=undated.total if undated else 0,
    )


async def _build_query(index: LibrarySearch, text: str, sent_on: date) -> Query:
    # The query has each term once; how often the message repeats it is counted here.
    query, counts = await asyncio.to_thread(_parse_message, text, sent_on, index.analyser)
    return keep_heaviest_terms(query, await index.idfs(query.terms), counts)


def _parse_message(text: str, sent_on: date, analyser: Analyser) -> tuple[Query, Counter[str]]:
    query = parse_query(text, today=sent_on, analyser=analyser)
    return query, Counter(analyser.extract_term_texts(text))


def keep_heaviest_terms(
    query: Query, idfs: Mapping[str, float], counts: Mapping[str, int]
) -> Query:
    """Return a query for at most MAX_TERMS terms of a message, without phrases and exclusions.

    A term is heavier the higher its idf and the more often the message repeats it. Terms that no
    article contains have an idf of 0 and come last.

    Args:
        query: The query parsed from the message.
        idfs: The idf of each term.
        counts: The frequency of each term in the message.
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


def _build_entries(result: SearchResult, limits: AnswerLimits) -> tuple[Citation, ...]:
    return remove_near_duplicates(extract_excerpts(result, limits))

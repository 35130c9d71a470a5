"""Changes: new sentences on a topic, each with the last earlier sentence on the same matter."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bot.lookups.listing import Listing, Lookup
from bot.lookups.representative import MIN_TOPIC_COVERAGE, SentenceHit, iter_sentence_hits
from bot.lookups.search import Searcher, Sort
from bot.model.article import ArticleId
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.passage_analysis import idf_coverage
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.text.terms import Analyser

SINCE_FACT = "since"
"""The fact of a listing that stores the first day of new sentences."""

MAX_PAIRS = 15
"""The maximum number of pairs: half as many as the excerpts that an answer stores."""

_MIN_SHARED = 0.2
"""The minimum share of a sentence's idf outside the topic that an earlier sentence must contain."""

_MIN_SHARE_OF_BEST = 0.7
"""Sentences with less than this share of the best sentence's idf are about something else."""

_ONE_DAY = timedelta(days=1)


class SentencePair(NamedTuple):
    """Two sentences on the same matter, one published before a day and one from that day on."""

    earlier: SentenceHit
    later: SentenceHit


async def find_changes(searcher: Searcher, query: Query, *, since: date) -> Listing:
    """Find pairs of sentences on the same matter, one before the day and one from that day on.

    The new sentences are from different articles, best first. Each is paired with the last sentence
    before the day that contains much of the same.

    Args:
        searcher: The search.
        query: The topic.
        since: The first day of new sentences.
    """
    pairs = await _pair_sentences(searcher, query, since)
    entries = tuple(hit.citation for pair in _drop_repeated(pairs) for hit in pair)
    return Listing(
        lookup=Lookup.CHANGED,
        entries=entries,
        total=len(entries),
        bounds=Bounds(),
        facts={SINCE_FACT: since.isoformat()},
    )


async def _pair_sentences(searcher: Searcher, query: Query, since: date) -> Sequence[SentencePair]:
    """Return the new sentences that have an earlier sentence on the same matter, as pairs."""
    max_chars = searcher.limits.max_excerpt_chars
    result = await searcher.search(query, Bounds(after=since), Sort.BEST)
    pairs: list[SentencePair] = []
    for later in _pick_new_sentences(result, max_chars):
        sentence_query = _build_sentence_query(later, searcher.index.analyser)
        # Bounds are inclusive: articles of the day itself are new, not earlier.
        before = await searcher.search_quickly(sentence_query, Bounds(before=since - _ONE_DAY))
        if earlier := _find_last_before(before, query, max_chars):
            pairs.append(SentencePair(earlier, later))
    return pairs


def _pick_new_sentences(result: SearchResult, max_chars: int) -> Sequence[SentenceHit]:
    """Return the best sentence of each article on the topic, at most MAX_PAIRS."""
    best: dict[ArticleId, SentenceHit] = {}
    for hit in iter_sentence_hits(result, result.idfs, max_chars):
        known = best.get(hit.article_id)
        if hit.coverage >= MIN_TOPIC_COVERAGE and (known is None or hit.rank_key > known.rank_key):
            best[hit.article_id] = hit
    return list(best.values())[:MAX_PAIRS]


def _build_sentence_query(hit: SentenceHit, analyser: Analyser) -> Query:
    """Build a query from all terms of the sentence."""
    terms = tuple(dict.fromkeys(analyser.extract_term_texts(hit.text)))
    return Query(terms=terms, words=terms, asked_terms=frozenset(terms))


def _find_last_before(result: SearchResult, topic: Query, max_chars: int) -> SentenceHit | None:
    """Return the newest sentence on the topic among those with most in common beside the topic.

    On the same day, the sentence with the most in common is returned.
    """
    topic_idfs, other_idfs = _split_idfs(result.idfs, topic)
    same = [
        hit
        for hit in iter_sentence_hits(result, other_idfs, max_chars)
        if idf_coverage(hit.sentence.terms, topic_idfs) >= MIN_TOPIC_COVERAGE
        and not hit.sentence.is_question
    ]
    min_coverage = max([_MIN_SHARED, *(_MIN_SHARE_OF_BEST * hit.coverage for hit in same)])
    near = [hit for hit in same if hit.coverage >= min_coverage]
    return max(near, key=lambda hit: (hit.published_on, hit.coverage), default=None)


def _split_idfs(
    idfs: Mapping[str, float], topic: Query
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Split the idfs into those of the topic's terms and the others."""
    topic_idfs = {term: idf for term, idf in idfs.items() if term in topic.terms}
    return topic_idfs, {term: idf for term, idf in idfs.items() if term not in topic_idfs}


def _drop_repeated(pairs: Sequence[SentencePair]) -> Iterator[SentencePair]:
    """Yield the pairs in order, but of pairs with the same earlier sentence only the closest."""
    for pair in pairs:
        same = [other for other in pairs if other.earlier.location == pair.earlier.location]
        if pair is max(same, key=lambda candidate: candidate.earlier.coverage):
            yield pair

"""What was said from a day on, beside the last thing that was said of it before."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bot.lookups.listing import Listing, Lookup
from bot.lookups.representative import LEAST_OF_TOPIC, Telling, tellings
from bot.lookups.search import Searcher, Sort
from bot.model.article import ArticleId
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import Bounds
from bot.retrieval.scoring.passage_analysis import support
from bot.retrieval.scoring.results import Found
from bot.retrieval.text.terms import Analyser

SINCE = "since"
"""The fact of a listing that says from which day on what was said counts as new."""

MOST_PAIRS = 15
"""Half as many as the excerpts that an answer keeps."""

_LEAST_SHARED = 0.2
"""The share of the weight of what a sentence says beside the topic that one about the same holds."""

_NEARLY_BEST = 0.7
"""What holds less than this part of the most that any sentence holds is about something else."""

_ONE_DAY = timedelta(days=1)


class Pair(NamedTuple):
    """Two sentences about the same thing; the earlier one `held` so much of what the later says."""

    earlier: Telling
    later: Telling


async def changed(searcher: Searcher, query: Query, *, since: date) -> Listing:
    """Pairs of sentences about the same thing, one from before the day and one from it on.

    Each second one is of another article; they come best first. Beside it stands the last sentence
    from before the day that holds much of what it says.

    Args:
        searcher: What is searched.
        query: The topic.
        since: The first day whose articles count as new.

    Raises:
        StoreError: The library can't be read.
    """
    max_chars = searcher.limits.max_excerpt_chars
    pairs: list[Pair] = []
    for later in _news(await searcher.found(query, Bounds(after=since), Sort.BEST), max_chars):
        said = _query_of(later, searcher.corpus.analyser)
        found = await searcher.found(said, Bounds(before=since - _ONE_DAY), Sort.BEST)
        if earlier := _last(found, query, max_chars):
            pairs.append(Pair(earlier, later))
    entries = tuple(each.citation for pair in _apart(pairs) for each in pair)
    return Listing(
        lookup=Lookup.CHANGED,
        entries=entries,
        total=len(entries),
        bounds=Bounds(),
        facts={SINCE: since.isoformat()},
    )


def _news(found: Found, max_chars: int) -> Sequence[Telling]:
    """The most telling sentence of each article that speaks of the topic, at most MOST_PAIRS."""
    best: dict[ArticleId, Telling] = {}
    for each in tellings(found, found.rarities, max_chars):
        known = best.get(each.article_id)
        if each.held >= LEAST_OF_TOPIC and (known is None or each.worth > known.worth):
            best[each.article_id] = each
    return list(best.values())[:MOST_PAIRS]


def _query_of(telling: Telling, analyser: Analyser) -> Query:
    """What searches for all that the sentence says."""
    terms = tuple(dict.fromkeys(analyser.keys(telling.text)))
    return Query(terms=terms, words=terms, asked=frozenset(terms))


def _last(found: Found, topic: Query, max_chars: int) -> Telling | None:
    """The newest of the sentences on the topic that say most of the same beside it.

    Of one day, it is the one that says most.
    """
    own, others = _parted(found.rarities, topic)
    same = [
        each
        for each in tellings(found, others, max_chars)
        if support(each.sentence.terms, own) >= LEAST_OF_TOPIC and not each.sentence.asks
    ]
    least = max([_LEAST_SHARED, *(_NEARLY_BEST * each.held for each in same)])
    near = [each for each in same if each.held >= least]
    return max(near, key=lambda each: (each.published_on, each.held), default=None)


def _parted(
    rarities: Mapping[str, float], topic: Query
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """The weights of the terms of the topic, and those of the others."""
    own = {term: rarity for term, rarity in rarities.items() if term in topic.terms}
    return own, {term: rarity for term, rarity in rarities.items() if term not in own}


def _apart(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Of the pairs with the same earlier sentence the one that shares most, in their order."""
    for pair in pairs:
        same = [other for other in pairs if other.earlier.place == pair.earlier.place]
        if pair is max(same, key=lambda each: each.earlier.held):
            yield pair

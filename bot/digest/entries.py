"""Digest entries: choosing the sentences that represent a story."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.digest.news import News
from bot.digest.stories import Story
from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.passage_analysis import PassageAnalyser, Sentence, idf_coverage
from bot.retrieval.text.passages import get_sentences
from bot.retrieval.text.statements import is_statement

MAX_QUOTE_CHARS = 400
"""The maximum length of an entry's quote; two sentences of a news article mostly fit."""

_MAX_SENTENCES = 20
"""The number of sentences considered, from the beginning of an article."""

_MIN_SENTENCE_CHARS = 40
"""A shorter line counts as a heading, a date or a place, not as a sentence of the text."""

_DEPENDENT_PENALTY = 0.4
"""Subtracted from the score of a sentence that can't stand alone"""

_MIN_SHARE_OF_BEST = 0.3
"""The lowest score of a second sentence, as a share of the best one's score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One story of a digest.

    Attributes:
        heading: The heading of its topic; empty if the digest has no topics.
        citation: The one or two sentences that carry the news, and their article.
        is_quotable: Whether the citation is short enough to quote. If not, no sentence of the
            article is.
        others: The other articles about the story, the newest first.
        is_late: Whether its article was published on a day before the window.
    """

    heading: str
    citation: Citation
    is_quotable: bool
    others: tuple[Article, ...]
    is_late: bool


def choose_story_quote(
    story: Story, news: News, topic: Query | None, *, max_chars: int
) -> Citation:
    """Return the one or two sentences of the story's first article that carry the news.

    A sentence scores by its position, its similarity to the whole story, and its terms of the title
    and the topic. Compared with plain leads in `tests/benchmarks/digest.py`.

    Args:
        story: The story.
        news: The arrivals that the story belongs to.
        topic: The topic for which it was found; None if the digest has no topics.
        max_chars: The maximum length of the quote, in characters. If no sentence is short enough,
            the first one is returned all the same.
    """
    cache_key = (story, topic, max_chars)
    return news.get_or_build(
        cache_key, lambda: _choose_story_quote(story, news, topic, max_chars=max_chars)
    )


def _choose_story_quote(
    story: Story, news: News, topic: Query | None, *, max_chars: int
) -> Citation:
    article = story[0].article
    sentences = _analyse_opening(article, frozenset(story[0].title_terms), topic, news)
    short = [sentence for sentence in sentences if _count_chars(sentence) <= max_chars]
    if not short:
        return _build_citation(article, sentences[:1], topic, news)
    scores = _score_sentences(sentences, story, topic, news)
    best = max(
        short, key=lambda sentence: (_carries_news(article, sentence), scores[sentence.span])
    )
    neighbours = [
        neighbour
        for neighbour in _iter_neighbours(sentences, sentences.index(best))
        if _can_join(article, best, neighbour, max_chars)
    ]
    second = _choose_second(best, neighbours, scores)
    return _build_citation(
        article, [best, second] if second else [best], topic, news, answering=best
    )


def _choose_second(
    best: Sentence, neighbours: Iterable[Sentence], scores: Mapping[Span, float]
) -> Sentence | None:
    """Return the neighbour to quote with the best sentence; None if none is worth it."""
    second = max(
        neighbours,
        key=lambda neighbour: (_is_antecedent(neighbour, best), scores[neighbour.span]),
        default=None,
    )
    is_worth_it = second is not None and (
        _is_antecedent(second, best)
        or scores[second.span] >= _MIN_SHARE_OF_BEST * scores[best.span]
    )
    return second if is_worth_it else None


def _analyse_opening(
    article: Article, title_terms: frozenset[str], topic: Query | None, news: News
) -> tuple[Sentence, ...]:
    """Return the first sentences, with the terms of the title and the topic that they contain."""
    terms = tuple(title_terms.union(topic.terms if topic else ()))
    passage_analyser = PassageAnalyser(Query(terms=terms, words=terms), news.analyser)
    spans = get_sentences(article)[:_MAX_SENTENCES]
    opening = Span(spans[0].start, spans[-1].end)
    return passage_analyser.analyse(article, opening, None).sentences


def _score_sentences(
    sentences: Sequence[Sentence], story: Story, topic: Query | None, news: News
) -> Mapping[Span, float]:
    """Return the score of each sentence, by its span; comparable within the story only."""
    article = story[0].article
    story_weights = _weigh_story_terms(story)
    title_idfs = news.idfs(story[0].title_terms)
    topic_idfs = news.idfs(topic.terms) if topic else {}
    scores: dict[Span, float] = {}
    statement_rank = 0
    for sentence in sentences:
        scores[sentence.span] = (
            _cosine_to_story(sentence, story_weights, news)
            + (idf_coverage(sentence.terms, title_idfs) if title_idfs else 0.0)
            + (idf_coverage(sentence.terms, topic_idfs) if topic_idfs else 0.0)
            - _DEPENDENT_PENALTY * sentence.opens_with_back_reference
        )
        if _carries_news(article, sentence):
            statement_rank += 1
            scores[sentence.span] += 1 / statement_rank
    return scores


def _weigh_story_terms(story: Story) -> Mapping[str, float]:
    """Return the term weights of all articles of the story together, as a unit vector."""
    totals: Counter[str] = Counter()
    for brief in story:
        totals.update(brief.weights)
    norm = math.hypot(*totals.values()) or 1.0
    return {term: weight / norm for term, weight in totals.items()}


def _cosine_to_story(sentence: Sentence, story_weights: Mapping[str, float], news: News) -> float:
    """Return the cosine similarity of the sentence and the story."""
    idfs = news.idfs(frozenset(sentence.term_texts))
    counts = Counter(sentence.term_texts)
    weights = {term: (1 + math.log(counts[term])) * idf for term, idf in idfs.items()}
    norm = math.hypot(*weights.values()) or 1.0
    return sum(weight * story_weights.get(term, 0.0) for term, weight in weights.items()) / norm


def _carries_news(article: Article, sentence: Sentence) -> bool:
    """Return whether a sentence is a statement, not a heading, date or place above the text."""
    text = sentence.span.extract(article.body)
    return len(text) >= _MIN_SENTENCE_CHARS and is_statement(text)


def _iter_neighbours(sentences: Sequence[Sentence], position: int) -> Iterator[Sentence]:
    """Yield the sentence before this position and the one after it, if they exist."""
    if position > 0:
        yield sentences[position - 1]
    yield from sentences[position + 1 : position + 2]


def _can_join(article: Article, best: Sentence, other: Sentence, max_chars: int) -> bool:
    chars = max(best.span.end, other.span.end) - min(best.span.start, other.span.start)
    return chars <= max_chars and _carries_news(article, other)


def _is_antecedent(other: Sentence, best: Sentence) -> bool:
    return other.span.start < best.span.start and (
        best.opens_with_back_reference or best.has_back_reference
    )


def _count_chars(sentence: Sentence) -> int:
    return sentence.span.end - sentence.span.start


def _build_citation(
    article: Article,
    sentences: Sequence[Sentence],
    topic: Query | None,
    news: News,
    answering: Sentence | None = None,
) -> Citation:
    """Return adjacent sentences as one citation; the topic's terms are its matches."""
    span = Span(
        min(sentence.span.start for sentence in sentences),
        max(sentence.span.end for sentence in sentences),
    )
    return Citation(
        article=article,
        span=span,
        answer_span=(answering or sentences[0]).span,
        matches=_find_topic_matches(article, span, topic, news) if topic else (),
        score=0.0,
    )


def _find_topic_matches(article: Article, span: Span, topic: Query, news: News) -> tuple[Span, ...]:
    return tuple(
        Span(term.start, term.end).shift(span.start)
        for term in news.analyser.extract_terms(span.extract(article.body))
        if term.text in topic.terms
    )

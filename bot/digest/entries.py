"""An entry of a digest: one story, in the words of one of its articles."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.digest.news import News
from bot.digest.stories import Story
from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.passage_analysis import PassageAnalyser, Sentence, idf_coverage
from bot.retrieval.text.passages import split_paragraphs
from bot.retrieval.text.statements import is_statement

MAX_QUOTE_CHARS = 400
"""The longest quote of an entry: two sentences of the news mostly fit."""

_MAX_SENTENCES = 20
"""The sentences from the beginning of an article that are considered."""

_MIN_SENTENCE_CHARS = 40
"""What is shorter, or ends in no stop, stands above the text: a heading, a day, a place."""

_DEPENDENT_PENALTY = 0.4
"""What a sentence loses that can't stand alone."""

_MIN_SHARE_OF_BEST = 0.3
"""The share of the best one's worth that a second sentence has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One story.

    Attributes:
        heading: The heading of its topic; empty where the digest has no topics.
        citation: The one or two sentences that carry the news, and their article.
        is_quotable: Whether they are short enough to be quoted; no sentence of the article is where
            they are not.
        others: The other articles that tell it, the newest first.
        is_late: Whether it was published on a day before the window and came in within it.
    """

    heading: str
    citation: Citation
    is_quotable: bool
    others: tuple[Article, ...]
    is_late: bool


def choose_story_quote(
    story: Story, news: News, topic: Query | None, *, max_chars: int
) -> Citation:
    """The one or two sentences of the first article that carry the news of its story.

    They are chosen by their place, by how central they are to the story, by what they hold of the
    title, and of the topic's terms. Measured against leads in `tests/benchmarks/digest.py`.

    Args:
        story: The story.
        news: What it is of.
        topic: The topic that it was found for; None where there is none.
        max_chars: The characters of the quote at most; the first sentence where none is as short.
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
    """Return the neighbour to be quoted with the best sentence; None if none is worth it."""
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
    """The first sentences, with which terms of the title and the topic they hold."""
    terms = tuple(title_terms.union(topic.terms if topic else ()))
    passage_analyser = PassageAnalyser(Query(terms=terms, words=terms), news.analyser)
    sentences = (
        sentence
        for span in split_paragraphs(article.body)
        for sentence in passage_analyser.analyse(article, span, None).sentences
    )
    return tuple(islice(sentences, _MAX_SENTENCES))


def _score_sentences(
    sentences: Sequence[Sentence], story: Story, topic: Query | None, news: News
) -> Mapping[Span, float]:
    """What speaks for each sentence, by its place; comparable within the story."""
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
    """The weights of the terms of all articles of the story together."""
    totals: Counter[str] = Counter()
    for brief in story:
        totals.update(brief.weights)
    norm = math.hypot(*totals.values()) or 1.0
    return {term: weight / norm for term, weight in totals.items()}


def _cosine_to_story(sentence: Sentence, story_weights: Mapping[str, float], news: News) -> float:
    """The cosine of the sentence and the story."""
    idfs = news.idfs(frozenset(sentence.term_texts))
    counts = Counter(sentence.term_texts)
    weights = {term: (1 + math.log(counts[term])) * idf for term, idf in idfs.items()}
    norm = math.hypot(*weights.values()) or 1.0
    return sum(weight * story_weights.get(term, 0.0) for term, weight in weights.items()) / norm


def _carries_news(article: Article, sentence: Sentence) -> bool:
    """Return whether it is a statement and no short line that stands above the text."""
    text = sentence.span.extract(article.body)
    return len(text) >= _MIN_SENTENCE_CHARS and is_statement(text)


def _iter_neighbours(sentences: Sequence[Sentence], position: int) -> Iterator[Sentence]:
    """The sentence before and the one after, where there are such."""
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
    """The sentences, which stand side by side, as a citation; the topic's terms stand out."""
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

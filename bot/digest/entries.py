"""An entry of a digest: one story, in the words of one of its articles."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.digest.news import News
from bot.digest.stories import Story
from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.passage_analysis import Reader, Sentence, support
from bot.retrieval.text.passages import paragraphs

MOST_QUOTED_CHARS = 400
"""The longest quote of an entry: two sentences of the news mostly fit."""

_MOST_READ = 20
"""The sentences from the beginning of an article that are considered."""

_LEAST_CHARS = 40
"""What is shorter, or ends in no stop, stands above the text: a heading, a day, a place."""

_LEANING = 0.4
"""What a sentence loses that can't stand alone."""

_LEAST_OF_BEST = 0.3
"""The share of the best one's worth that a second sentence has at least."""

_ENDS = re.compile(r"[.!?…][\s\"'”’)\]]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
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


def telling(story: Story, news: News, topic: Query | None, *, max_chars: int) -> Citation:
    """The one or two sentences of the first article that carry the news of its story.

    They are chosen by their place, by how central they are to the story, by what they hold of the
    title, and of the topic's terms. Measured against leads in `tests/benchmarks/digest.py`.

    Args:
        story: The story.
        news: What it is of.
        topic: The topic that it was found for; None where there is none.
        max_chars: The characters of the quote at most; the first sentence where none is as short.
    """
    kind = (story, topic, max_chars)
    return news.kept(kind, lambda: _telling(story, news, topic, max_chars=max_chars))


def _telling(story: Story, news: News, topic: Query | None, *, max_chars: int) -> Citation:
    brief = story[0]
    article = brief.article
    sentences = _read(article, frozenset(brief.title), topic, news)
    short = [each for each in sentences if _chars(each) <= max_chars]
    if not short:
        return _cited(article, sentences[:1], topic, news)
    worths = _worths(sentences, story, topic, news)
    best = max(short, key=lambda each: (_tells(article, each), worths[each.span]))
    place = sentences.index(best)
    second = max(
        (each for each in _neighbours(sentences, place) if _fits(article, best, each, max_chars)),
        key=lambda each: (_is_leant_on(each, best), worths[each.span]),
        default=best,
    )
    joins = _is_leant_on(second, best) or worths[second.span] >= _LEAST_OF_BEST * worths[best.span]
    return _cited(article, [best, second] if joins else [best], topic, news, answering=best)


def _read(
    article: Article, title: frozenset[str], topic: Query | None, news: News
) -> tuple[Sentence, ...]:
    """The first sentences, with which terms of the title and the topic they hold."""
    terms = tuple(title.union(topic.terms if topic else ()))
    reader = Reader(Query(terms=terms, words=terms), news.analyser)
    read = (
        sentence
        for span in paragraphs(article.body)
        for sentence in reader.read(article, span, None).sentences
    )
    return tuple(islice(read, _MOST_READ))


def _worths(
    sentences: Sequence[Sentence], story: Story, topic: Query | None, news: News
) -> Mapping[Span, float]:
    """What speaks for each sentence, by its place; comparable within the story."""
    article = story[0].article
    about = _weights_of(story)
    title = news.rarities(story[0].title)
    sought = news.rarities(topic.terms) if topic else {}
    worths: dict[Span, float] = {}
    before = 0
    for sentence in sentences:
        worths[sentence.span] = (
            _central(sentence, about, news)
            + (support(sentence.terms, title) if title else 0.0)
            + (support(sentence.terms, sought) if sought else 0.0)
            - _LEANING * sentence.leans
        )
        if _tells(article, sentence):
            before += 1
            worths[sentence.span] += 1 / before
    return worths


def _weights_of(story: Story) -> Mapping[str, float]:
    """The weights of the terms of all articles of the story together."""
    whole: Counter[str] = Counter()
    for brief in story:
        whole.update(brief.weights)
    length = math.hypot(*whole.values()) or 1.0
    return {term: weight / length for term, weight in whole.items()}


def _central(sentence: Sentence, about: Mapping[str, float], news: News) -> float:
    """The cosine of the sentence and the story."""
    rarities = news.rarities(frozenset(sentence.keys))
    counts = Counter(sentence.keys)
    weights = {term: (1 + math.log(counts[term])) * each for term, each in rarities.items()}
    length = math.hypot(*weights.values()) or 1.0
    return sum(weight * about.get(term, 0.0) for term, weight in weights.items()) / length


def _tells(article: Article, sentence: Sentence) -> bool:
    """Whether it is a sentence of the text, and no question."""
    text = sentence.span.of(article.body)
    return len(text) >= _LEAST_CHARS and _ENDS.search(text) is not None and not sentence.asks


def _neighbours(sentences: Sequence[Sentence], place: int) -> Iterator[Sentence]:
    """The sentence before and the one after, where there are such."""
    if place > 0:
        yield sentences[place - 1]
    yield from sentences[place + 1 : place + 2]


def _fits(article: Article, best: Sentence, other: Sentence, max_chars: int) -> bool:
    chars = max(best.span.end, other.span.end) - min(best.span.start, other.span.start)
    return chars <= max_chars and _tells(article, other)


def _is_leant_on(other: Sentence, best: Sentence) -> bool:
    return other.span.start < best.span.start and (best.leans or best.refers)


def _chars(sentence: Sentence) -> int:
    return sentence.span.end - sentence.span.start


def _cited(
    article: Article,
    chosen: Sequence[Sentence],
    topic: Query | None,
    news: News,
    answering: Sentence | None = None,
) -> Citation:
    """The sentences, which stand side by side, as a citation; the topic's terms stand out."""
    span = Span(min(each.span.start for each in chosen), max(each.span.end for each in chosen))
    sought = topic.terms if topic else ()
    return Citation(
        article=article,
        span=span,
        answering=(answering or chosen[0]).span,
        matches=tuple(
            Span(term.start, term.end).shifted(span.start)
            for term in news.analyser.terms(span.of(article.body))
            if term.text in sought
        ),
        score=0.0,
    )

"""The promise of verbatim quotes: excerpts are whole sentences of the stored article."""

import hashlib
import re
import string
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.errors import EmptyQuery
from bot.model.article import Article
from bot.retrieval.answering.answer import Answer, build_answer
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.query import parse_query
from bot.retrieval.scoring.features import MAX_SENTENCES
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.weights import BM25_ONLY, Caution, Weights
from bot.retrieval.text.sentences import split_sentences
from tests.builders import (
    PUBLISHED_ON,
    an_article,
    an_index,
    seed_articles,
    the_analyser,
    the_weights,
    what_is_found,
)

SAMPLE = (
    "river rose by two metres after the storm said Mayor Ann O’Brien of St. Petersburg it U.S. Dr. "
    "“never “again” (maybe) 2.5 million p.m. No. 7 company agreement Zoë’s Québec 河川 наводнение "
    '"quite" "so he! why? etc. \u00a0 B\u00a0. —'
)
WORD_OF = dict(zip(string.printable, SAMPLE.split(" "), strict=False))
LETTERS = "".join(WORD_OF)


def runs_of_words(least: int, most: int) -> st.SearchStrategy[str]:
    """Draw a number of words as one text with a letter per word, which is faster than a list."""
    letters = st.text(LETTERS, min_size=least, max_size=most)
    return letters.map(lambda word: " ".join(WORD_OF[letter] for letter in word))


SENTENCES = st.builds(
    lambda words, end: words.capitalize() + end,
    runs_of_words(1, 14),
    st.sampled_from([".", "?", "!", ".”", "…", ""]),
)
LONG_SENTENCES = runs_of_words(120, 180)
PARAGRAPHS = st.one_of(
    st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join),
    st.lists(SENTENCES, min_size=20, max_size=40).map(" ".join),
    LONG_SENTENCES,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
)
BODIES = st.builds(
    lambda paragraphs, border: border.join(paragraphs),
    st.lists(PARAGRAPHS, min_size=1, max_size=6),
    st.sampled_from(["\n\n", "\n", "\n \n", " "]),
).filter(str.strip)
LIMITS = st.builds(
    AnswerLimits,
    max_excerpts=st.integers(1, 4),
    max_excerpt_chars=st.integers(20, 600),
    caution=st.sampled_from(Caution),
)
WEIGHTS = st.sampled_from([the_weights(), BM25_ONLY])


def articles_of(bodies: list[str]) -> list[Article]:
    return [an_article(body, id=f"article {n}", title="News") for n, body in enumerate(bodies)]


def ask(question: str, articles: list[Article], limits: AnswerLimits, weights: Weights) -> Answer:
    try:
        query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())
    except EmptyQuery:
        assume(condition=False)
    found = what_is_found(query, an_index(*articles), limits=limits, weights=weights)
    return build_answer(query, found, limits=limits, weights=weights)


def paragraph_by_counting(body: str, offset: int) -> int:
    border = r"\n\s*\n" if re.search(r"\n\s*\n", body.strip()) else r"\n"
    *before, _ = re.split(border, body[:offset])
    return 1 + sum(bool(paragraph.strip()) for paragraph in before)


def check(excerpt: Excerpt, limits: AnswerLimits) -> None:
    """Assert that the excerpt keeps the promise."""
    body = excerpt.article.body
    start, end = excerpt.span
    whole = split_sentences(body)
    inside = [span for span in whole if start <= span.start and span.end <= end]
    signed = f"{excerpt.article.id}\n{start}\n{end}\n{excerpt.text}"
    assert excerpt.text == body[start:end]
    assert 1 <= len(inside) <= MAX_SENTENCES
    assert (start, end) == (inside[0].start, inside[-1].end)
    assert len(excerpt.text) <= limits.max_excerpt_chars
    assert excerpt.receipt == hashlib.sha256(signed.encode()).hexdigest()[:16]
    assert excerpt.answer_span in inside
    assert excerpt.paragraph == paragraph_by_counting(body, excerpt.answer_span.start)
    assert all(start <= match.start < match.end <= end for match in excerpt.matches)
    shares = [*excerpt.term_shares.values(), *excerpt.feature_shares.values()]
    assert sum(shares) == pytest.approx(excerpt.score, rel=0, abs=1e-9)
    assert excerpt.passage.start <= excerpt.answer_span.start
    assert excerpt.answer_span.end <= excerpt.passage.end


def check_all(answer: Answer, limits: AnswerLimits) -> None:
    assert bool(answer.excerpts) != bool(answer.reasons)
    for shown in (
        answer.excerpts + answer.further_excerpts,
        answer.closest_excerpts + answer.further_excerpts,
    ):
        for excerpt in shown:
            check(excerpt, limits)
        for one, other in combinations(shown, 2):
            apart = one.span.end <= other.span.start or other.span.end <= one.span.start
            assert apart or one.article.id != other.article.id


@st.composite
def questions(draw: st.DrawFn, text: str) -> str:
    """Draw words of the text as a question."""
    words = text.split()
    first = draw(st.integers(0, len(words) - 1))
    drawn = words[first : first + draw(st.integers(1, 5))] + draw(
        st.lists(st.sampled_from(words), max_size=3)
    )
    ask = draw(
        st.sampled_from(["", "Who said ", "When did ", "Why did ", "How many ", "Where is "])
    )
    return f"{ask}{' '.join(drawn)}?"


@given(
    bodies=st.lists(BODIES, min_size=1, max_size=3), limits=LIMITS, weights=WEIGHTS, data=st.data()
)
@settings(deadline=None, max_examples=80)
def test_excerpts_of_any_article_are_whole_sentences_of_it(
    bodies: list[str], limits: AnswerLimits, weights: Weights, data: st.DataObject
) -> None:
    articles = articles_of(bodies)
    question = data.draw(questions(data.draw(st.sampled_from(bodies))))

    answer = ask(question, articles, limits, weights)

    check_all(answer, limits)


@pytest.mark.parametrize("seed", seed_articles(), ids=lambda seed: seed.id)
@given(limits=LIMITS, weights=WEIGHTS, data=st.data())
@settings(deadline=None, max_examples=40)
def test_excerpts_of_a_seed_are_whole_sentences_of_it(
    seed: Article, limits: AnswerLimits, weights: Weights, data: st.DataObject
) -> None:
    question = data.draw(questions(seed.body))

    answer = ask(question, list(seed_articles()), limits, weights)

    check_all(answer, limits)

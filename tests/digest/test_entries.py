"""Choosing the quoted sentences of a story."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.entries import choose_story_quote
from bot.digest.topics import build_topic_queries
from bot.model.article import Article
from bot.retrieval.answering.excerpts import Citation
from tests.builders import an_article, seed_articles, the_analyser
from tests.digest.builders import a_subscription, briefs_of, topics

LEAD = "The river rose by two metres within one night after heavy rain."
NEXT = "Engineers opened the gates of the dam to let the water of the river out."
ASIDE = "Bakers in the old town sell their bread for less since the year began."


def choose_quote(
    body: str, *, title: str = "River rises", terms: str = "", chars: int = 400
) -> Citation:
    subscription = a_subscription(topics=topics(x=terms) if terms else ())
    (topic,) = build_topic_queries(subscription, the_analyser())
    news, briefs = briefs_of(an_article(body, title=title))
    return choose_story_quote(tuple(briefs), news, topic.query, max_chars=chars)


def test_the_first_sentences_of_a_short_article_carry_its_news() -> None:
    assert choose_quote(f"{LEAD} {NEXT}").text == f"{LEAD} {NEXT}"


def test_sentences_of_two_paragraphs_are_quoted_as_they_stand() -> None:
    assert choose_quote(f"{LEAD}\n\n{NEXT}").text == f"{LEAD}\n\n{NEXT}"


def test_what_stands_above_the_text_is_passed_over() -> None:
    body = f"Friday, January 4, 2019\nThe river\n{LEAD} {NEXT}"

    assert choose_quote(body).text == f"{LEAD} {NEXT}"


def test_a_sentence_that_says_what_the_title_says_goes_before_an_aside() -> None:
    assert choose_quote(f"{ASIDE}\n\n{LEAD}", chars=100).text == LEAD


def test_a_sentence_that_holds_the_terms_of_the_topic_goes_before_others() -> None:
    body = f"{LEAD}\n\n{ASIDE}"

    assert choose_quote(body, title="News", chars=100).text == LEAD
    assert choose_quote(body, title="News", terms="bread bakers", chars=100).text == ASIDE


def test_the_terms_of_the_topic_stand_out() -> None:
    citation = choose_quote(LEAD, terms="rain river")

    assert [match.extract(citation.article.body) for match in citation.matches] == ["river", "rain"]


def test_without_a_topic_nothing_stands_out() -> None:
    assert choose_quote(LEAD).matches == ()


def test_a_question_is_not_the_news() -> None:
    question = "Why did the river rise by two metres within one night of rain?"

    assert choose_quote(f"{question} {LEAD}", chars=100).text == LEAD


def test_a_sentence_that_leans_on_another_is_quoted_with_it() -> None:
    leaning = "It was the highest river Courier ever saw rise in a Zurich winter of rain."
    body = f"{ASIDE} {leaning} {ASIDE}"

    citation = choose_quote(
        body, title="Highest river rise that Courier Zurich ever saw in winter of rain"
    )

    assert citation.text == f"{ASIDE} {leaning}"
    assert citation.answer_span.extract(body) == leaning


def test_a_sentence_is_quoted_with_what_it_leans_on_rather_than_with_what_follows() -> None:
    leaning = "It was the highest river Courier ever saw rise in a Zurich winter of rain."
    title = f"{leaning} Engineers opened gates of the dam"
    others = "They met in the square of the town. They spoke of it to all the guests."
    body = f"{others} {ASIDE} {leaning} {NEXT}"

    assert choose_quote(body, title=title).text == f"{ASIDE} {leaning}"


def test_a_weak_second_sentence_is_left_out() -> None:
    assert choose_quote(f"{LEAD}\n\n{ASIDE}", title=LEAD).text == LEAD


def test_a_question_is_no_second_sentence() -> None:
    question = "Why did the river rise by two metres within one night of rain?"

    assert choose_quote(f"{LEAD} {question}").text == LEAD


def test_two_sentences_that_are_too_long_together_are_not_quoted_together() -> None:
    assert choose_quote(f"{LEAD} {NEXT}", chars=len(LEAD) + len(NEXT)).text == LEAD
    assert choose_quote(f"{LEAD} {NEXT}", chars=len(LEAD) + len(NEXT) + 1).text == f"{LEAD} {NEXT}"


def test_a_sentence_that_is_too_long_is_passed_over() -> None:
    long = f"The river {'rose and ' * 30}fell."

    assert choose_quote(f"{long} {NEXT}", chars=100).text == NEXT


def test_if_no_sentence_is_short_enough_the_first_represents_the_article() -> None:
    long = f"The river {'rose and ' * 30}fell."

    assert choose_quote(f"{long} {long} It.", chars=2).text == long


def test_lines_without_a_stop_are_quoted_where_there_is_nothing_else() -> None:
    assert choose_quote("The river rose by two metres in one night").text == (
        "The river rose by two metres in one night"
    )


def test_a_story_is_quoted_by_the_sentence_that_all_its_articles_share() -> None:
    leaning = ASIDE.replace("Bakers in the old town", "They")
    first = an_article(f"{leaning}\n\n{NEXT}", id="a", title="News")
    second = an_article(f"{NEXT} {LEAD}", id="b", title="The dam and the gates of engineers")
    others = [an_article(f"Word{number} is said.", id=str(number)) for number in range(9)]
    news, briefs = briefs_of(first, second, *others)

    alone = choose_story_quote(tuple(briefs[:1]), news, None, max_chars=100)
    together = choose_story_quote(tuple(briefs[:2]), news, None, max_chars=100)

    assert (alone.text, together.text) == (leaning, NEXT)


def test_a_story_is_read_once_for_all_digests_of_a_moment() -> None:
    news, briefs = briefs_of(an_article(f"{LEAD} {NEXT}"))

    first, again, shorter = (
        choose_story_quote(tuple(briefs), news, None, max_chars=chars) for chars in (400, 400, 100)
    )

    assert first is again
    assert shorter.text == LEAD


@pytest.mark.parametrize("article", seed_articles(), ids=lambda article: article.id)
def test_what_is_quoted_of_a_seed_is_whole_sentences_of_it(article: Article) -> None:
    news, briefs = briefs_of(article)

    citation = choose_story_quote(tuple(briefs), news, None, max_chars=400)

    assert citation.text in article.body
    assert 0 < len(citation.text) <= 400
    assert citation.text == citation.text.strip()


@given(body=st.text(min_size=1).filter(str.strip), chars=st.integers(1, 400))
def test_whatever_an_article_is_one_run_of_it_is_quoted(body: str, chars: int) -> None:
    citation = choose_quote(body, chars=chars)

    assert citation.text == citation.article.body[citation.span.start : citation.span.end]
    assert citation.span.start <= citation.answer_span.start
    assert citation.answer_span.end <= citation.span.end

"""Comparing articles for digests."""

import math

import pytest

from bot.digest.news import build_brief, find_name_terms
from tests.builders import an_article, the_analyser
from tests.digest.builders import an_arrival, briefs_of, news_of

FLOOD = "The river rose by two metres. Engineers opened the gates of the dam."


def test_an_article_is_as_like_itself_as_can_be() -> None:
    _, (brief,) = briefs_of(an_article(FLOOD))

    assert brief.story_similarity(brief) == pytest.approx(1)


def test_articles_without_a_term_in_common_are_not_alike() -> None:
    _, (one, other) = briefs_of(
        an_article(FLOOD, id="a"), an_article("Bakers sell bread.", id="b", title="Bread")
    )

    assert one.story_similarity(other) == 0


def test_likeness_is_the_cosine_of_the_weights() -> None:
    analyser = the_analyser()
    rarity = {"river": 1.0, "rose": 2.0, "fell": 2.0}
    one, other = (
        build_brief(
            an_article(body, title="…"),
            analyser,
            lambda terms: {term: rarity[term] for term in terms},
        )
        for body in ("river rose", "river fell")
    )

    assert one.story_similarity(other) == pytest.approx(1 / 5)  # 1·1 / (√(1² + 2²) · √(1² + 2²))


def test_a_title_in_common_makes_no_likeness_without_the_bodies() -> None:
    _, (one, other, third) = briefs_of(
        an_article(FLOOD, id="a"),
        an_article("Bakers sell bread.", id="b"),
        an_article("The river fell.", id="c"),
    )

    assert one.story_similarity(other) == 0
    assert one.story_similarity(third) > 0


def test_likeness_is_bounded_by_that_of_the_bodies() -> None:
    rarity = {"flood": 1.0, "river": 0.1, "rose": 2.0, "fell": 2.0}
    one, other = (
        build_brief(
            an_article(body),
            the_analyser(),
            lambda terms: {term: rarity[term] for term in terms},
        )
        for body in ("river rose", "river fell")
    )

    assert one.story_similarity(other) == pytest.approx(3 * 0.1**2 / (0.1**2 + 2**2))


def test_terms_of_the_title_and_of_names_count_more() -> None:
    _, (brief,) = briefs_of(
        an_article("It is said that Zeta met omega beside alpha.", title="Alpha")
    )

    weights = brief.weights
    assert weights["zeta"] / weights["omega"] == pytest.approx(1.5)
    assert weights["alpha"] / weights["omega"] == pytest.approx(3)


def test_a_repeated_term_counts_more_but_less_each_time() -> None:
    _, (brief,) = briefs_of(an_article("omega omega omega zeta", title="…"))

    weights = brief.weights
    assert weights["omega"] / weights["zeta"] == pytest.approx(1 + math.log(3))


def test_only_the_weightiest_terms_are_compared() -> None:
    _, (brief,) = briefs_of(an_article(" ".join(f"word{number}" for number in range(100))))

    assert len(brief.weights) == 40
    assert sum(weight**2 for weight in brief.weights.values()) == pytest.approx(1)


def test_text_far_below_does_not_decide_the_subject_of_an_article() -> None:
    _, (brief,) = briefs_of(an_article(f"{'The river rose. ' * 120}\n\nBakers sell bread."))

    assert "bread" not in brief.weights
    assert "bread" in brief.terms


def test_an_article_without_any_term_is_like_nothing() -> None:
    _, (brief,) = briefs_of(an_article("…", title="…"))

    assert brief.story_similarity(brief) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was Mary who came.", {"mari"}),
        ("Rivers rose.", set()),
        ("He left.\nRivers rose.", set()),
        ("He said: “Rivers rose.”", set()),
        ("The Dam broke, and the dam fell.", set()),
        ("It was in 2026.", set()),
    ],
    ids=[
        "a name",
        "a first word",
        "a first word of a line",
        "of a quotation",
        "as often small",
        "no",
    ],
)
def test_names_are_what_has_a_capital_within_a_sentence(text: str, expected: set[str]) -> None:
    assert find_name_terms(text, the_analyser()) == expected


def test_an_article_is_read_once_for_all_digests() -> None:
    article = an_article(FLOOD)
    news = news_of([an_arrival(article)])

    assert news.get_brief(article) is news.get_brief(article)


def test_likeness_is_the_same_from_both_sides() -> None:
    news, (one, other) = briefs_of(an_article(FLOOD, id="b"), an_article("The river fell.", id="a"))

    assert (
        news.story_similarity(one, other)
        == one.story_similarity(other)
        == news.story_similarity(other, one)
    )

"""Grouping articles into stories, and ranking stories."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.digest.news import ArticleBrief
from bot.digest.stories import StorySimilarity, group_into_stories, rank_stories
from tests.builders import PUBLISHED_ON, an_article
from tests.digest.builders import briefs_of

NAMES = "abcde"


def four_briefs(days: Mapping[str, date] | None = None) -> list[ArticleBrief]:
    _, found = briefs_of(
        *(
            an_article(
                f"Body{name}.",
                id=name,
                title=f"Title{name}",
                published_on=(days or {}).get(name, PUBLISHED_ON),
            )
            for name in NAMES[:4]
        )
    )
    return found


def likeness_of(**pairs: float) -> StorySimilarity:
    """Return a similarity for these pairs of ids, and 0 for all others."""

    def likeness(one: ArticleBrief, other: ArticleBrief) -> float:
        return pairs.get("".join(sorted((one.article.id, other.article.id))), 0.0)

    return likeness


def list_ids(found: tuple[tuple[ArticleBrief, ...], ...]) -> list[str]:
    return ["".join(brief.article.id for brief in story) for story in found]


def test_similar_articles_are_one_story() -> None:
    assert list_ids(group_into_stories(four_briefs(), likeness_of(ac=0.3))) == ["ac", "b", "d"]


def test_articles_that_are_less_alike_are_stories_of_their_own() -> None:
    assert list_ids(group_into_stories(four_briefs(), likeness_of(ac=0.29))) == list(NAMES[:4])


def test_an_article_joins_the_story_that_it_is_most_like() -> None:
    assert list_ids(group_into_stories(four_briefs(), likeness_of(ac=0.4, bc=0.5))) == [
        "a",
        "bc",
        "d",
    ]


def test_an_article_that_is_like_one_of_many_does_not_join_them() -> None:
    assert list_ids(group_into_stories(four_briefs(), likeness_of(ab=0.9, ac=0.59))) == [
        "ab",
        "c",
        "d",
    ]
    assert list_ids(group_into_stories(four_briefs(), likeness_of(ab=0.9, ac=0.6))) == ["abc", "d"]


def test_the_story_that_most_others_are_like_comes_first() -> None:
    assert list_ids(rank_stories(four_briefs(), likeness_of(cd=0.5, bd=0.2))) == ["dc", "b", "a"]


def test_a_story_of_many_articles_outweighs_a_more_central_one() -> None:
    likeness = likeness_of(ab=0.4, ac=0.29, cd=0.29)

    assert list_ids(rank_stories(four_briefs(), likeness))[0] == "ab"


def test_a_story_that_is_near_to_one_before_it_comes_later() -> None:
    bodies = {"a": "Storm in Oslo", "b": "Storm in Oslo", "c": "Bread in Rome"}
    _, briefs = briefs_of(
        *(an_article(f"{body}.", id=name, title=body) for name, body in bodies.items())
    )

    assert list_ids(rank_stories(briefs, likeness_of(ab=0.2))) == ["a", "c", "b"]


def test_only_the_first_stories_are_chosen_apart() -> None:
    words = {f"{number:02}": f"Word{number}" for number in range(13)} | {"10": "Word0"}
    _, briefs = briefs_of(
        *(an_article(f"{word}.", id=name, title=word) for name, word in words.items())
    )

    found = list_ids(rank_stories(briefs, likeness_of()))

    assert found == list(words)


def test_of_equal_stories_the_newer_comes_first_then_by_id() -> None:
    days = {"c": PUBLISHED_ON + timedelta(days=1)}

    assert list_ids(rank_stories(four_briefs(days), likeness_of())) == ["c", "a", "b", "d"]


def test_of_very_many_only_the_newest_are_compared_and_others_with_the_first_stories() -> None:
    days = {f"{number:03}": PUBLISHED_ON - timedelta(days=number) for number in range(203)}
    listed = [
        ArticleBrief(
            article=an_article(id=name, published_on=day),
            title_terms=(),
            body_terms=(),
            terms=frozenset(),
            weights={},
            body_weights={},
        )
        for name, day in days.items()
    ]
    likeness = {
        frozenset({"198", "199"}): 0.5,
        frozenset({"200", "201"}): 0.9,
        frozenset({"000", "202"}): 0.9,
        frozenset({"100", "201"}): 0.9,
    }

    found = rank_stories(
        reversed(listed),
        lambda one, other: likeness.get(frozenset({one.article.id, other.article.id}), 0.0),
    )

    ids = [[brief.article.id for brief in story] for story in found]
    assert ids[:2] == [["198", "199"], ["000", "202"]]
    assert ids[-2:] == [["200"], ["201"]]


def test_without_articles_there_are_no_stories() -> None:
    assert rank_stories([], likeness_of()) == ()


def test_an_article_that_repeats_another_joins_its_story() -> None:
    body = "The river rose by two metres. Engineers opened the gates of the dam at noon."
    news, briefs = briefs_of(
        an_article(body, id="a"),
        an_article(f"{body} Nobody was hurt.", id="b", title="Flood at the dam"),
        an_article("Bakers sell bread for less since March.", id="c", title="Bread"),
    )

    assert sorted(map(sorted, list_ids(group_into_stories(briefs, news.story_similarity)))) == [
        ["a", "b"],
        ["c"],
    ]

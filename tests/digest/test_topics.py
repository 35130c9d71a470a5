"""Matching articles with topics."""

import pytest

from bot.digest.topics import build_topic_queries, is_about
from bot.errors import EmptyQuery
from bot.model.subscription import DigestTopic
from tests.builders import an_article, the_analyser
from tests.digest.builders import a_subscription, briefs_of, topics


def holds(terms: str, body: str, title: str = "The flood") -> bool:
    (topic,) = build_topic_queries(a_subscription(topics=topics(x=terms)), the_analyser())
    _, (brief,) = briefs_of(an_article(body, title=title))
    assert topic.query is not None
    return is_about(brief, topic.query)


@pytest.mark.parametrize(
    ("terms", "body", "expected"),
    [
        ("river", "The river rose.", True),
        ("river dam", "The river rose. Engineers opened the dam.", True),
        ("river dam", "The river rose.", False),
        ("flood river", "The river rose.", True),
        ('"river dam"', "The dam of the river rose.", False),
        ('"river dam"', "The river dam held.", True),
        ('"the flood"', "The river rose.", True),
        ("river -dam", "The river rose. Engineers opened the dam.", False),
        ("river -flood", "The river rose.", False),
        ("multi-layered", "The dam is multi layered.", True),
    ],
    ids=[
        "one term",
        "both terms far apart",
        "one of two",
        "one in the title",
        "a phrase torn apart",
        "a phrase",
        "a phrase in the title",
        "a term that is excluded",
        "a term that is excluded in the title",
        "a hyphen or a space",
    ],
)
def test_an_article_is_about_what_holds_all_that_is_sought(
    terms: str, body: str, *, expected: bool
) -> None:
    assert holds(terms, body) is expected


def test_the_words_of_a_date_are_words_like_others() -> None:
    assert holds("river March", "The river rose in March.")
    assert not holds("river March", "The river rose.")


def test_a_topic_without_a_heading_is_headed_by_its_terms() -> None:
    subscription = a_subscription(topics=(DigestTopic(heading="", query_text="river dam"),))

    assert [topic.heading for topic in build_topic_queries(subscription, the_analyser())] == [
        "river dam"
    ]


def test_without_topics_all_that_is_new_is_sought() -> None:
    assert build_topic_queries(a_subscription(), the_analyser()) == (("", None),)


def test_a_topic_of_common_words_is_refused() -> None:
    with pytest.raises(EmptyQuery):
        build_topic_queries(a_subscription(topics=topics(x="the of")), the_analyser())

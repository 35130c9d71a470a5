"""Composing digests, and the decision on every article."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.digest.compose import MAX_STORIES, Digest, DigestLimits
from bot.digest.decisions import DecisionStep
from bot.digest.entries import MAX_QUOTE_CHARS
from bot.digest.window import DigestWindow
from bot.errors import EmptyQuery
from bot.model.arrival import Arrival
from bot.model.article import Article, ArticleId
from bot.model.shown_answer import MAX_EXCERPTS
from bot.presentation.digest import MAX_CORRECTIONS
from tests.builders import an_article
from tests.digest.builders import EIGHT, NINE, a_digest, a_subscription, an_arrival, topics

FLOOD = "The river rose by two metres within one night. Engineers opened the gates of the dam."
BREAD = "Bakers in the old town sell their bread for less since the year began."
CHESS = "The champion of chess lost his crown to a pupil of fourteen in Oslo."
DAY = timedelta(days=1)


def flood(name: str = "flood", **others: Any) -> Article:
    return replace(an_article(FLOOD, id=name, title="River rises"), **others)


def bread(name: str = "bread", **others: Any) -> Article:
    return replace(an_article(BREAD, id=name, title="Bread is cheap"), **others)


def chess(name: str = "chess", **others: Any) -> Article:
    return replace(an_article(CHESS, id=name, title="A champion falls"), **others)


def digest_of(*articles: Article, **wishes: Any) -> Digest:
    subscription = a_subscription(**wishes)
    return a_digest(*map(an_arrival, articles), subscription=subscription)


def ids(digest: Digest) -> list[str]:
    return [entry.citation.article.id for entry in digest.entries]


def list_outcomes(digest: Digest) -> dict[str, tuple[str, str]]:
    return {
        decision.article_id: (decision.step.value, decision.detail) for decision in digest.decisions
    }


def test_each_new_story_is_included_once() -> None:
    digest = digest_of(flood(), bread(), flood("again", source="The Herald"))

    assert sorted(ids(digest)) in (["again", "bread"], ["bread", "flood"])
    (story,) = [entry for entry in digest.entries if entry.others]
    assert {story.citation.article.id, story.others[0].id} == {"flood", "again"}


def test_a_story_of_two_articles_comes_before_one_of_one() -> None:
    digest = digest_of(bread("a"), flood("b"), flood("c"))

    assert ids(digest) == ["b", "a"]
    assert list_outcomes(digest)["c"] == ("duplicate_of", "b")


def test_the_other_articles_of_a_story_stand_newest_first() -> None:
    first, second, third = (
        flood(name, published_on=date(2026, 3, day)) for name, day in (("a", 2), ("b", 1), ("c", 2))
    )

    (entry,) = digest_of(first, second, third).entries

    assert [article.id for article in entry.others] == ["c", "b"]


def test_more_stories_than_wished_for_are_over_the_limit() -> None:
    digest = digest_of(flood(), bread(), chess(), max_entries=2)

    assert len(digest.entries) == 2
    assert digest.over_limit_count == 1
    assert sorted(list_outcomes(digest).values()) == [
        ("over_limit", "3"),
        ("taken", "1"),
        ("taken", "2"),
    ]


def things(count: int, name: str = "thing") -> list[Article]:
    """Build articles about as many different events."""
    return [
        an_article(f"The {name}{chr(97 + number)}um is all that was said of the {name}.", id=thing)
        for number, thing in enumerate(f"{name}{number:02}" for number in range(count))
    ]


def test_stories_over_the_limit_follow_as_far_as_they_can_be_read() -> None:
    told = digest_of(*things(23))

    steps = Counter(step for step, _ in list_outcomes(told).values())
    assert (len(told.entries), len(told.further_entries), told.over_limit_count) == (5, 15, 18)
    assert steps == {"taken": 5, "over_limit": 15, "far_over_limit": 3}
    assert {entry.citation.article.id for entry in told.further_entries}.isdisjoint(ids(told))
    assert [
        list_outcomes(told)[entry.citation.article.id][1] for entry in told.further_entries
    ] == [str(place) for place in range(6, 21)]


def test_the_other_articles_of_a_story_that_can_be_read_nowhere_are_no_duplicates() -> None:
    pairs = [
        (article, replace(article, id=ArticleId(f"{article.id}-again"))) for article in things(21)
    ]

    told = digest_of(*(article for pair in pairs for article in pair))

    far = [detail for step, detail in list_outcomes(told).values() if step == "far_over_limit"]
    assert far == ["21", "21"]
    assert sum(step == "duplicate_of" for step, _ in list_outcomes(told).values()) == 20


def test_no_topic_takes_all_the_room_from_those_after_it() -> None:
    told = digest_of(
        *things(4, "tram"),
        *things(4, "boat"),
        bread(),
        topics=topics(Trams="tram", Boats="boat", Bread="bread"),
        max_entries=4,
    )

    assert [entry.heading for entry in told.entries] == ["Trams", "Trams", "Boats", "Bread"]
    assert [entry.heading for entry in told.further_entries] == ["Trams"] * 2 + ["Boats"] * 3


def test_a_digest_with_all_its_corrections_is_no_more_than_an_answer_keeps() -> None:
    assert MAX_STORIES + 2 * MAX_CORRECTIONS <= MAX_EXCERPTS


def test_topics_come_in_their_order_with_their_headings() -> None:
    digest = digest_of(flood(), bread(), chess(), topics=topics(Games="chess", Floods="river dam"))

    assert [(entry.heading, entry.citation.article.id) for entry in digest.entries] == [
        ("Games", "chess"),
        ("Floods", "flood"),
    ]
    assert list_outcomes(digest)["bread"] == ("topic", "")


def test_an_article_is_included_under_its_first_topic() -> None:
    digest = digest_of(flood(), topics=topics(One="dam", Two="river"))

    assert [entry.heading for entry in digest.entries] == ["One"]


def test_only_the_chosen_sources_are_included_in_any_case() -> None:
    digest = digest_of(
        flood(source="The Herald"), bread(source=None), chess(), sources=("the herald",)
    )

    assert ids(digest) == ["flood"]
    assert list_outcomes(digest)["bread"] == ("source", "")
    assert list_outcomes(digest)["chess"] == ("source", "")


@pytest.mark.parametrize(
    ("article", "came_in_at", "detail"),
    [
        (flood(), NINE, "after"),
        (flood(published_on=date(2026, 2, 1)), EIGHT, "too_old"),
        (flood(published_on=date(2026, 3, 3)), EIGHT, "waits"),
        (flood(published_on=date(2026, 2, 28)), EIGHT - 2 * DAY, "before"),
    ],
    ids=["came in later", "of an archive", "of the future", "came in earlier"],
)
def test_articles_outside_the_window_are_left_out(
    article: Article, came_in_at: datetime, detail: str
) -> None:
    digest = a_digest(an_arrival(article, came_in_at))

    assert digest.is_empty
    assert list_outcomes(digest) == {"flood": ("window", detail)}


def test_an_article_of_the_future_is_named_to_the_operator() -> None:
    digest = a_digest(an_arrival(flood(published_on=date(2026, 3, 3))), an_arrival(bread()))

    assert digest.waiting_article_ids == ("flood",)


def test_an_article_that_comes_in_late_is_marked() -> None:
    late, in_time = flood(published_on=date(2026, 2, 27)), bread(published_on=date(2026, 3, 1))

    digest = a_digest(an_arrival(late), an_arrival(in_time))

    assert {entry.citation.article.id: entry.is_late for entry in digest.entries} == {
        "flood": True,
        "bread": False,
    }


def test_how_late_an_article_may_come_in_is_a_limit() -> None:
    late = an_arrival(flood(published_on=date(2026, 2, 27)))

    digest = a_digest(late, limits=DigestLimits(late_days=1))

    assert list_outcomes(digest) == {"flood": ("window", "too_old")}


def test_an_article_of_an_earlier_digest_is_not_included_again() -> None:
    digest = a_digest(an_arrival(flood()), told_before=["flood"])

    assert digest.is_empty
    assert list_outcomes(digest) == {"flood": ("window", "before")}


def a_revision(body: str, before: str, **others: Any) -> list[Arrival]:
    previous = flood(body=before, published_on=date(2026, 2, 27))
    return [
        an_arrival(
            replace(previous, body=body, revision=2, **others),
            EIGHT - 3 * DAY,
            revised_at=EIGHT,
            previous=previous,
        )
    ]


CORRECTED = FLOOD.replace("two", "three")


def test_a_correction_of_a_reported_article_is_shown_with_both_sentences() -> None:
    digest = a_digest(*a_revision(CORRECTED, FLOOD), told_before=["flood"])

    (correction,) = digest.corrections
    assert correction.before is not None
    assert correction.after is not None
    assert correction.before.text == "The river rose by two metres within one night."
    assert correction.after.text == "The river rose by three metres within one night."
    assert list_outcomes(digest) == {"flood": ("revised", "corrected")}
    assert not digest.is_empty
    assert digest.entries == ()


def test_a_revision_of_an_unreported_article_is_left_out() -> None:
    digest = a_digest(*a_revision(CORRECTED, FLOOD))

    assert digest.is_empty
    assert list_outcomes(digest) == {"flood": ("revised", "unseen")}


def test_a_revision_that_changes_no_sentence_is_left_out() -> None:
    digest = a_digest(*a_revision(FLOOD, FLOOD, title="Another title"), told_before=["flood"])

    assert digest.is_empty
    assert list_outcomes(digest) == {"flood": ("revised", "same")}


def test_an_earlier_revision_is_not_included_again() -> None:
    (arrival,) = a_revision(CORRECTED, FLOOD)

    digest = a_digest(replace(arrival, revised_at=NINE - 2 * DAY), told_before=["flood"])

    assert list_outcomes(digest) == {"flood": ("window", "before")}


def test_a_new_article_that_was_revised_is_included_in_its_current_text() -> None:
    arrival = an_arrival(flood(revision=2), EIGHT - DAY / 2, revised_at=EIGHT)

    digest = a_digest(arrival)

    assert ids(digest) == ["flood"]


def test_an_old_article_that_is_revised_stays_out() -> None:
    previous = flood(published_on=date(2019, 1, 1))
    article = replace(previous, body=CORRECTED, revision=2)

    digest = a_digest(an_arrival(article, EIGHT - DAY * 2, revised_at=EIGHT, previous=previous))

    assert list_outcomes(digest) == {"flood": ("window", "too_old")}


def test_a_quote_is_no_longer_than_the_limit() -> None:
    digest = a_digest(an_arrival(flood()), limits=DigestLimits(max_excerpt_chars=100))

    (entry,) = digest.entries
    assert entry.citation.text == "The river rose by two metres within one night."
    assert entry.is_quotable


def test_a_quote_is_no_longer_than_what_a_digest_has_room_for() -> None:
    long = f"The river {'rose and ' * 60}fell."

    digest = a_digest(an_arrival(flood(body=long)), limits=DigestLimits(max_excerpt_chars=2_000))

    (entry,) = digest.entries
    assert len(entry.citation.text) > MAX_QUOTE_CHARS
    assert not entry.is_quotable


def test_the_digest_is_of_the_day_of_its_window() -> None:
    window = DigestWindow(day=date(2026, 3, 1), starts_at=NINE - DAY, ends_at=NINE)

    digest = a_digest(window=window)

    assert digest.local_day == date(2026, 3, 1)
    assert digest.is_empty


def test_the_zone_decides_what_is_late() -> None:
    subscription = a_subscription(zone=ZoneInfo("America/Los_Angeles"))
    article = flood(published_on=date(2026, 2, 28))

    in_time = a_digest(
        an_arrival(article),
        subscription=subscription,
        window=DigestWindow(day=NINE.date(), starts_at=NINE.replace(day=1, hour=7), ends_at=NINE),
    )

    assert [entry.is_late for entry in in_time.entries] == [False]


def test_every_article_considered_has_one_choice() -> None:
    digest = digest_of(flood(), flood("again"), bread(), chess(), topics=topics(Floods="river"))

    assert [decision.article_id for decision in digest.decisions] == [
        "flood",
        "again",
        "bread",
        "chess",
    ]
    assert {decision.step for decision in digest.decisions} == {
        DecisionStep.TAKEN,
        DecisionStep.DUPLICATE_OF,
        DecisionStep.TOPIC,
    }


def test_a_topic_with_nothing_to_search_for_is_an_error() -> None:
    with pytest.raises(EmptyQuery):
        digest_of(flood(), topics=topics(Nothing="the"))

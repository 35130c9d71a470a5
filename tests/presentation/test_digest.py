"""The text of a digest."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest.compose import Digest
from bot.digest.window import DigestWindow
from bot.discord_ui.messages.components import is_sendable
from bot.model.arrival import Arrival
from bot.model.article import ArticleId
from bot.presentation.blocks import Action, Block, Button, Heading, Line, Link, Quote
from bot.presentation.digest import (
    CORRECTED_FROM,
    CORRECTED_TO,
    build_digest_blocks,
    build_digest_listing,
    digest_to_json,
)
from bot.presentation.listing import build_listing_blocks
from tests.builders import an_article
from tests.digest.builders import EIGHT, NINE, WINDOW, a_digest, a_subscription, an_arrival, topics

DAY = timedelta(days=1)
FLOOD = an_article(
    "The river rose by two metres within one night.",
    id="flood",
    title="River rises",
    url="https://courier.example/flood",
)
BREAD = an_article(
    "Bakers in the old town sell their bread for less.", id="bread", title="Bread is cheap"
)


def make_arrivals(count: int) -> list[Arrival]:
    return [
        an_arrival(an_article(f"Thing{number} is all that was said of it.", id=f"{number:02}"))
        for number in range(count)
    ]


def a_corrected_digest(count: int) -> Digest:
    arrivals = []
    for number in range(count):
        before = an_article(
            f"River{number} rose by two metres.", id=str(number), published_on=date(2026, 2, 27)
        )
        arrivals.append(
            an_arrival(
                replace(before, body=before.body.replace("two", "five"), revision=2),
                EIGHT - 3 * DAY,
                revised_at=EIGHT,
                previous=before,
            )
        )
    return a_digest(*arrivals, told_before=map(str, range(count)))


def list_lines(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Line)]


def list_quotes(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Quote)]


def list_headings(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Heading)]


def test_a_digest_says_its_name_its_day_and_its_window() -> None:
    blocks = build_digest_blocks(a_digest(an_arrival(FLOOD)))

    assert blocks[:2] == (
        Heading(text="Morning: 2 March 2026"),
        Line(text="From 1 March 2026, 09:00 to 2 March 2026, 09:00, UTC.", is_subtle=True),
    )


def test_a_window_is_shown_in_the_zone_of_the_digest() -> None:
    subscription = a_subscription(zone=ZoneInfo("Asia/Kolkata"))

    blocks = build_digest_blocks(a_digest(subscription=subscription))

    assert "From 1 March 2026, 14:30 to 2 March 2026, 14:30, Asia/Kolkata." in list_lines(blocks)


def test_an_entry_is_quoted_with_title_source_date_receipt_and_link() -> None:
    digest = a_digest(an_arrival(FLOOD))

    blocks = build_digest_blocks(digest)

    receipt = digest.entries[0].citation.receipt
    assert blocks[2:6] == (
        Quote(text=FLOOD.body),
        Line(text="River rises · The Courier"),
        Line(text=f"2 March 2026 · paragraph 1 · receipt {receipt}", is_subtle=True),
        Link(label="Open the article", url="https://courier.example/flood"),
    )


def test_each_topic_has_its_heading_once() -> None:
    subscription = a_subscription(topics=topics(Bread="bread", Water="river"))
    again = replace(
        FLOOD, id=ArticleId("dry"), body="No river was seen by anybody here.", title="Dry"
    )

    blocks = build_digest_blocks(
        a_digest(*map(an_arrival, (FLOOD, BREAD, again)), subscription=subscription)
    )

    assert list_headings(blocks) == ["Morning: 2 March 2026", "Bread", "Water"]
    assert isinstance(blocks[blocks.index(Heading(text="Bread")) + 1], Quote)


def test_the_other_articles_of_a_story_are_named_with_their_dates() -> None:
    others = [
        replace(FLOOD, id=ArticleId(name), source=source, published_on=day)
        for name, source, day in (
            ("b", "The Herald", date(2026, 3, 1)),
            ("c", None, date(2026, 2, 28)),
        )
    ]

    blocks = build_digest_blocks(a_digest(*map(an_arrival, (FLOOD, *others))))

    told = "Also in The Herald (1 March 2026) and no source (28 February 2026)."
    assert told in list_lines(blocks)


def test_very_many_other_articles_are_counted() -> None:
    others = [
        replace(FLOOD, id=ArticleId(f"z{number}"), source=f"Paper {min(number, 6)}")
        for number in range(8)
    ]

    blocks = build_digest_blocks(a_digest(*map(an_arrival, (FLOOD, *others))))

    (also,) = [line for line in list_lines(blocks) if line.startswith("Also in")]
    assert also.count("(2 March 2026)") == 5
    assert also.endswith(" and 3 more.")


def test_several_articles_of_one_source_and_day_are_named_together() -> None:
    others = [replace(FLOOD, id=ArticleId(f"z{number}")) for number in range(2)]

    blocks = build_digest_blocks(a_digest(*map(an_arrival, (FLOOD, *others))))

    assert "Also in The Courier (2 articles, 2 March 2026)." in list_lines(blocks)


def test_late_articles_are_marked() -> None:
    late = replace(FLOOD, published_on=date(2026, 2, 26))

    blocks = build_digest_blocks(
        a_digest(an_arrival(late), an_arrival(replace(late, id=ArticleId("z"))))
    )

    assert "Added to the library late. Also in The Courier (26 February 2026)." in list_lines(
        blocks
    )


def test_an_article_without_a_short_sentence_is_named_all_the_same() -> None:
    article = replace(FLOOD, body=f"The river {'rose and ' * 60}fell.")

    blocks = build_digest_blocks(a_digest(an_arrival(article)))

    assert not any(isinstance(block, Quote) for block in blocks)
    assert list_lines(blocks)[1:3] == [
        "No sentence of this article is short enough to quote.",
        "River rises · The Courier",
    ]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (5, None),
        (6, "1 more story is over the limit of 5."),
        (20, "15 more stories are over the limit of 5."),
        (22, "17 more stories are over the limit of 5; “More” shows the first 15 of them."),
    ],
)
def test_stories_over_the_limit_are_counted(count: int, expected: str | None) -> None:
    told = [
        line
        for line in list_lines(build_digest_blocks(a_digest(*make_arrivals(count))))
        if "limit" in line
    ]

    assert told == ([expected] if expected else [])


def test_entries_that_do_not_fit_are_behind_a_button() -> None:
    digest = a_digest(*make_arrivals(5))

    blocks = build_digest_blocks(digest, 3)

    assert sum(isinstance(block, Quote) for block in blocks) == 3
    (more,) = [
        block for block in blocks if isinstance(block, Button) and block.action is Action.PAGE
    ]
    assert (more.label, more.rank) == ("More", 4)


def test_if_all_entries_fit_there_is_no_more_button() -> None:
    blocks = build_digest_blocks(a_digest(*make_arrivals(3)), 3)

    assert [block.action for block in blocks if isinstance(block, Button)] == [Action.DIGEST]


def test_stories_over_the_limit_are_a_button_away() -> None:
    digest = a_digest(*make_arrivals(7))

    blocks = build_digest_blocks(digest)

    (more,) = (
        block for block in blocks if isinstance(block, Button) and block.action is Action.PAGE
    )
    further = build_listing_blocks(build_digest_listing(digest), more.rank or 0)
    assert (more.label, more.rank) == ("More", 6)
    assert list_quotes(further) == [entry.citation.text for entry in digest.further_entries]
    assert list_headings(further) == ["Further stories"]
    assert list_lines(further)[0] == "6 to 7 of 7 excerpts."


def test_a_further_page_says_how_many_stories_there_are_in_all() -> None:
    blocks = build_listing_blocks(build_digest_listing(a_digest(*make_arrivals(22))), 6)

    assert list_lines(blocks)[0] == "6 to 10 of the first 20, of 22 excerpts."


def test_corrections_stay_in_the_message_before_further_stories() -> None:
    digest = replace(a_digest(*make_arrivals(6)), corrections=a_corrected_digest(1).corrections)

    blocks = build_digest_blocks(digest)
    further = build_listing_blocks(build_digest_listing(digest), 8)

    assert list_headings(blocks)[1:] == [CORRECTED_FROM, CORRECTED_TO]
    assert list_headings(further) == ["Further stories"]
    assert list_quotes(further) == [entry.citation.text for entry in digest.further_entries]


def test_a_further_story_stands_under_its_own_topic() -> None:
    arrivals = [
        an_arrival(replace(arrival.article, body=arrival.article.body.replace("all", name)))
        for name, arrival in zip(["boat", "boat", "tram", "tram"], make_arrivals(4), strict=True)
    ]
    subscription = a_subscription(topics=topics(Boats="boat", Trams="tram"), max_entries=2)
    digest = a_digest(*arrivals, subscription=subscription)

    blocks = build_digest_blocks(digest)
    further = build_listing_blocks(build_digest_listing(digest), 3)

    assert list_headings(blocks)[1:] == list_headings(further) == ["Boats", "Trams"]


def test_a_page_that_begins_within_a_topic_says_which() -> None:
    subscription = a_subscription(topics=topics(Things="said"))
    listing = build_digest_listing(a_digest(*make_arrivals(7), subscription=subscription))

    pages = [list_headings(build_listing_blocks(listing, first)) for first in (1, 3, 6)]

    assert pages == [["Things"]] * 3


def test_a_topic_is_named_again_after_a_correction() -> None:
    subscription = a_subscription(topics=topics(Things="said"), max_entries=1)
    told = a_digest(*make_arrivals(2), subscription=subscription)
    digest = replace(told, corrections=a_corrected_digest(1).corrections)

    blocks = build_listing_blocks(build_digest_listing(digest))

    assert list_headings(blocks) == ["Things", CORRECTED_FROM, CORRECTED_TO, "Things"]


def test_what_is_said_of_an_entry_stays_with_it_where_another_is_taken_back() -> None:
    subscription = a_subscription(topics=topics(Bread="bread", Water="river"))
    listing = build_digest_listing(
        a_digest(an_arrival(BREAD), an_arrival(FLOOD), subscription=subscription)
    )

    blocks = build_listing_blocks(replace(listing, entries=listing.entries[1:], gone_count=1))

    assert list_headings(blocks) == ["Water"]


def test_a_further_page_shows_the_entries_from_there_on() -> None:
    subscription = a_subscription(topics=topics(Bread="bread", Water="river"))
    again = replace(FLOOD, id=ArticleId("z"), source="The Herald")
    digest = a_digest(*map(an_arrival, (FLOOD, BREAD, again)), subscription=subscription)

    blocks = build_listing_blocks(build_digest_listing(digest), 2)

    assert list_headings(blocks) == ["Water"]
    assert [block.text for block in blocks if isinstance(block, Quote)] == [FLOOD.body]
    assert "Also in The Herald (2 March 2026)." in list_lines(blocks)


def test_an_empty_digest_says_so() -> None:
    assert "No new articles." in list_lines(build_digest_blocks(a_digest()))


def test_an_empty_digest_of_topics_says_so() -> None:
    subscription = a_subscription(topics=topics(Bread="bread"))

    blocks = build_digest_blocks(a_digest(an_arrival(FLOOD), subscription=subscription))

    assert "No new articles on its topics." in list_lines(blocks)


def test_an_outage_is_reported() -> None:
    window = replace(
        WINDOW, starts_at=NINE - 3 * DAY, missed_days=(date(2026, 2, 28), date(2026, 3, 1))
    )

    blocks = build_digest_blocks(a_digest(window=window))

    told = (
        "There was no digest on 28 February 2026 and 1 March 2026. This one covers that time too."
    )
    assert told in list_lines(blocks)


def test_of_a_long_outage_the_days_are_counted() -> None:
    days = tuple(date(2026, 2, 1) + number * DAY for number in range(9))

    blocks = build_digest_blocks(a_digest(window=replace(WINDOW, missed_days=days)))

    (told,) = [line for line in list_lines(blocks) if line.startswith("There was no digest")]
    assert "5 February 2026 and 4 more. " in told


def test_a_late_digest_says_when_it_was_due() -> None:
    due_at = datetime(2026, 3, 1, 9, tzinfo=UTC)

    blocks = build_digest_blocks(a_digest(window=replace(WINDOW, due_at=due_at)))

    assert "Posted late. It was due on 1 March 2026, 09:00." in list_lines(blocks)


def test_a_punctual_digest_reports_no_outage() -> None:
    told = list_lines(build_digest_blocks(a_digest()))

    assert not any("late" in line or "No digest" in line for line in told)


def test_a_correction_shows_both_sentences() -> None:
    blocks = build_digest_blocks(a_corrected_digest(1))

    start = blocks.index(Heading(text="Corrected: the article said"))
    assert blocks[start + 1] == Quote(text="River0 rose by two metres.")
    assert Heading(text="Corrected: the article now says") in blocks
    assert Quote(text="River0 rose by five metres.") in blocks


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("It rained.", "It rained. Nobody was hurt.", "the article now also says"),
        ("It rained. Nobody was hurt.", "It rained.", "the article no longer says"),
    ],
    ids=["added", "taken out"],
)
def test_a_correction_of_one_side_says_which(before: str, after: str, expected: str) -> None:
    previous = replace(FLOOD, body=before, published_on=date(2026, 2, 27))
    arrival = an_arrival(
        replace(previous, body=after, revision=2),
        EIGHT - 3 * DAY,
        revised_at=EIGHT,
        previous=previous,
    )

    blocks = build_digest_blocks(a_digest(arrival, told_before=["flood"]))

    assert list_headings(blocks)[1:] == [f"Corrected: {expected}"]
    assert [block.text for block in blocks if isinstance(block, Quote)] == ["Nobody was hurt."]


@pytest.mark.parametrize(
    ("count", "expected"),
    [(5, []), (6, ["1 more article was corrected."]), (7, ["2 more articles were corrected."])],
)
def test_very_many_corrections_are_counted(count: int, expected: list[str]) -> None:
    blocks = build_digest_blocks(a_corrected_digest(count))

    assert list_headings(blocks).count("Corrected: the article now says") == 5
    assert [line for line in list_lines(blocks) if "corrected." in line] == expected


def test_a_digest_of_the_longest_quotes_fits_with_more() -> None:
    body = f"The 🌊 *river* {'_rose_ and ' * 33}fell."
    digest = a_digest(
        *(
            an_arrival(an_article(body.replace("fell", f"fell{number}"), id=f"{number:02}"))
            for number in range(10)
        ),
        subscription=a_subscription(max_entries=10),
    )
    count = len(build_digest_listing(digest).entries)

    fitting = [
        most for most in range(1, count + 1) if is_sendable(build_digest_blocks(digest, most), "")
    ]

    assert fitting
    assert fitting == list(range(1, len(fitting) + 1))


def test_the_object_contains_the_result_of_each_article() -> None:
    late = replace(FLOOD, published_on=date(2026, 2, 26))
    digest = a_digest(
        an_arrival(late),
        an_arrival(replace(late, id=ArticleId("z"), published_on=date(2026, 2, 25))),
        an_arrival(BREAD),
        subscription=a_subscription(topics=topics(Water="river")),
        window=replace(WINDOW, missed_days=(date(2026, 3, 1),)),
    )

    found = json.loads(json.dumps(digest_to_json(digest)))

    (entry,) = found["entries"]
    assert (entry["article_id"], entry["quote"]) == ("flood", FLOOD.body)
    assert (entry["heading"], entry["late"]) == ("Water", True)
    assert entry["also_in"] == [
        {
            "article_id": "z",
            "title": "River rises",
            "source": "The Courier",
            "url": "https://courier.example/flood",
            "published_on": "2026-02-25",
        }
    ]
    assert (found["day"], found["missed"]) == ("2026-03-02", ["2026-03-01"])
    assert (found["first"], found["last"]) == (
        "2026-03-01T09:00:00+00:00",
        "2026-03-02T09:00:00+00:00",
    )
    assert (found["over_limit"], found["corrections"]) == (0, [])
    assert found["considered"] == [
        {"article_id": "flood", "step": "taken", "detail": "1"},
        {"article_id": "z", "step": "duplicate_of", "detail": "flood"},
        {"article_id": "bread", "step": "topic", "detail": ""},
    ]


def test_the_object_lists_stories_over_the_limit_with_their_ranks() -> None:
    found = digest_to_json(a_digest(*make_arrivals(7)))

    assert [entry["rank"] for entry in found["further"]] == [6, 7]
    assert found["over_limit"] == 2


def test_the_object_has_both_sentences_of_a_correction() -> None:
    (found,) = digest_to_json(a_corrected_digest(1))["corrections"]

    assert found["before"]["quote"] == "River0 rose by two metres."
    assert found["after"]["quote"] == "River0 rose by five metres."


def test_the_window_of_an_object_may_be_of_any_day() -> None:
    window = DigestWindow(day=date(2026, 3, 1), starts_at=NINE - DAY, ends_at=NINE)

    assert digest_to_json(a_digest(window=window))["day"] == "2026-03-01"

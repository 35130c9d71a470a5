from datetime import time

import pytest

from bot.digest.parsing import DAY_CHOICES, MAX_TOPICS, parse_sources, parse_time, parse_topics
from bot.errors import EmptyTopic, TooManyTopics, TopicTooLong, UnknownSource, UnknownTime
from bot.model.subscription import DigestTopic

KNOWN = ("The Courier", "The Herald", "Bell", "Bell, Book and Co")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("08:30", time(8, 30)),
        ("8:30", time(8, 30)),
        (" 00:00 ", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_of_day_is_read(typed: str, expected: time) -> None:
    assert parse_time(typed) == expected


@pytest.mark.parametrize("typed", ["25:00", "24:00", "12:60", "12", "noon", "8:3", "٠٨:٣٠", ""])
def test_an_invalid_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(UnknownTime) as caught:
        parse_time(typed)

    assert caught.value.text == typed


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("flood", [("", "flood")]),
        ("flood river,  storm ,", [("", "flood river"), ("", "storm")]),
        (
            "AI:  OpenAI  Anthropic, Floods: river",
            [("AI", "OpenAI Anthropic"), ("Floods", "river")],
        ),
        (
            '"supply, chain: risk" -Google, storm',
            [("", '"supply, chain: risk" -Google'), ("", "storm")],
        ),
        ("Deals: “buys, sells” shares", [("Deals", "“buys, sells” shares")]),
        ('5" of rain, storm', [("", '5" of rain'), ("", "storm")]),
        ("flood, Flood, river", [("", "Flood"), ("", "river")]),
        ("AI:, storm", [("", "AI:"), ("", "storm")]),
        (" ALL ", []),
    ],
)
def test_commas_part_topics_and_a_colon_ends_a_heading(
    typed: str, expected: list[tuple[str, str]]
) -> None:
    found = parse_topics(typed)

    assert found == tuple(
        DigestTopic(heading=heading, query_text=terms) for heading, terms in expected
    )


@pytest.mark.parametrize("text", [",", " , ,", ""])
def test_nothing_but_commas_is_no_topic_and_no_source(text: str) -> None:
    with pytest.raises(EmptyTopic):
        parse_topics(text)
    with pytest.raises(UnknownSource):
        parse_sources(text, ["The Courier"])


@pytest.mark.parametrize("text", ["r" * 101, f"{'h' * 101}: river"], ids=["terms", "heading"])
def test_a_topic_that_is_too_long_is_refused(text: str) -> None:
    with pytest.raises(TopicTooLong):
        parse_topics(text)


def test_a_topic_may_be_as_long_as_what_can_be_offered() -> None:
    assert parse_topics("r" * 100) == (DigestTopic(heading="", query_text="r" * 100),)


def test_more_topics_than_a_digest_has_are_refused() -> None:
    most = [f"t{number}" for number in range(MAX_TOPICS)]

    assert len(parse_topics(",".join(most))) == MAX_TOPICS
    with pytest.raises(TooManyTopics, match="limit=10"):
        parse_topics(",".join([*most, "one more"]))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("the courier", ("The Courier",)),
        ("The  Herald, The Courier, the herald", ("The Herald", "The Courier")),
        ("bell, book and co, The Herald", ("Bell, Book and Co", "The Herald")),
        ("The Herald, ", ("The Herald",)),
        ("All", ()),
    ],
)
def test_sources_are_read_as_the_library_writes_them(typed: str, expected: tuple[str, ...]) -> None:
    assert parse_sources(typed, KNOWN) == expected


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("courier", ("The Courier",)), ("Book", ("Bell, Book and Co",)), ("xyz", ())],
)
def test_an_unknown_source_is_refused_with_those_that_may_be_meant(
    typed: str, nearest: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownSource) as raised:
        parse_sources(f"The Herald, {typed}", KNOWN)

    assert (raised.value.text, raised.value.nearest) == (typed, nearest)


def test_the_days_offered_are_every_day_weekdays_and_each_day_of_the_week() -> None:
    assert len(DAY_CHOICES) == 9
    assert DAY_CHOICES["weekly on Sunday"] == {6}
    assert DAY_CHOICES["weekdays"] < DAY_CHOICES["every day"]

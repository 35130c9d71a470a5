from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.retrieval.text.passages import (
    MAX_PASSAGE_CHARS,
    MIN_PASSAGE_CHARS,
    find_paragraph_number,
    get_sentences,
    split_paragraphs,
    split_passages,
)
from bot.retrieval.text.sentences import split_sentences
from tests.builders import an_article

LINE = "The river rose by two metres on Monday, and the bridge was closed."
PARAGRAPH = " ".join([LINE] * 4)
LONG = " ".join(f"Sentence number {n} says that the river rose again." for n in range(60))
BODIES = st.lists(
    st.sampled_from(
        ["\n", "\n\n", "\n \n", " ", "\t", "Byline", LINE, PARAGRAPH, LONG, "a" * 1100, "é.", "\r"]
    ),
    max_size=12,
).map("".join)


def texts(body: str) -> list[str]:
    return [span.extract(body) for span in split_paragraphs(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("one\n\ntwo", ["one", "two"]),
        ("one\nmore\n\ntwo", ["one\nmore", "two"]),
        ("one\n \t\n\n two", ["one", "two"]),
        ("one\ntwo\nthree", ["one", "two", "three"]),
        ("one\n  two", ["one", "two"]),
        ("\n\n one\ntwo \n\n", ["one", "two"]),
        ("one", ["one"]),
        (" \n\n ", []),
        ("", []),
    ],
    ids=[
        "blank line",
        "a newline within a paragraph",
        "white space on the blank line",
        "newlines only",
        "indented line",
        "blank lines around the body only",
        "one paragraph",
        "white space",
        "nothing",
    ],
)
def test_a_paragraph_ends_at_a_blank_line_or_else_at_each_newline(
    body: str, expected: list[str]
) -> None:
    assert texts(body) == expected


@given(BODIES)
@example("\n\none\n\n\n\ntwo\n\n")
def test_paragraphs_are_trimmed_ordered_and_lose_no_letter(body: str) -> None:
    spans = split_paragraphs(body)

    assert all(span.extract(body) == span.extract(body).strip() != "" for span in spans)
    assert all(one.end < other.start for one, other in pairwise(spans))
    assert "".join("".join(texts(body)).split()) == "".join(body.split())


@pytest.mark.parametrize(
    ("offset", "number"), [(0, 1), (2, 1), (3, 1), (5, 2), (7, 2), (9, 2), (10, 3), (14, 3)]
)
def test_the_paragraph_at_an_offset_is_the_one_that_began_last(offset: int, number: int) -> None:
    spans = split_paragraphs("one\n\ntwo\n\nthree")

    assert find_paragraph_number(spans, offset) == number


def test_what_stands_before_the_first_paragraph_counts_as_its_part() -> None:
    spans = split_paragraphs("  \none\n\ntwo")

    assert find_paragraph_number(spans, 0) == 1


def test_a_paragraph_is_a_passage() -> None:
    body = f"{PARAGRAPH}\n\n{PARAGRAPH}"

    assert split_passages(an_article(body)) == tuple(split_paragraphs(body))


def test_a_long_paragraph_is_split_at_sentences() -> None:
    spans = split_passages(an_article(LONG))

    ends = {span.end for span in split_sentences(LONG)}
    assert len(spans) > 1
    assert all(span.end in ends for span in spans)
    assert all(span.end - span.start <= MAX_PASSAGE_CHARS for span in spans[:-1])
    assert spans[-1].end - spans[-1].start <= MAX_PASSAGE_CHARS + MIN_PASSAGE_CHARS


def test_a_sentence_that_is_too_long_for_a_passage_is_one_by_itself() -> None:
    sentence = "Word" + " word" * 300 + "."
    body = f"{PARAGRAPH} {sentence} {PARAGRAPH}"

    assert [span.extract(body) for span in split_passages(an_article(body))] == [
        PARAGRAPH,
        sentence,
        PARAGRAPH,
    ]


def test_a_stray_short_paragraph_is_joined_to_the_next() -> None:
    first = f"By Ann Lee\n\n{PARAGRAPH}"
    body = f"{first}\n\n{PARAGRAPH}"

    assert [span.extract(body) for span in split_passages(an_article(body))] == [first, PARAGRAPH]


def test_several_stray_paragraphs_are_joined_until_they_are_no_longer_stray() -> None:
    line = "x" * 99
    body = "\n\n".join([line] * 6)

    first, second = split_passages(an_article(body))

    assert first.extract(body) == second.extract(body) == "\n\n".join([line] * 3)
    assert first.end - first.start >= MIN_PASSAGE_CHARS > 2 * len(line)


@pytest.mark.parametrize(
    ("chars", "count"), [(MIN_PASSAGE_CHARS - 1, 1), (MIN_PASSAGE_CHARS, 2)], ids=["stray", "not"]
)
def test_a_paragraph_is_stray_that_is_shorter_than_the_least(chars: int, count: int) -> None:
    body = "x" * chars + "\n\n" + PARAGRAPH

    assert len(split_passages(an_article(body))) == count


def test_a_stray_paragraph_at_the_end_is_joined_to_the_last() -> None:
    body = f"{LINE}\n\nReporting by Ann Lee"

    assert [span.extract(body) for span in split_passages(an_article(body))] == [body]


def test_a_stray_paragraph_stands_alone_before_one_that_fills_a_passage() -> None:
    full = "a" * MAX_PASSAGE_CHARS
    body = f"By Ann Lee\n\n{full}"

    assert [span.extract(body) for span in split_passages(an_article(body))] == ["By Ann Lee", full]


def test_a_body_of_one_stray_paragraph_is_one_passage() -> None:
    assert [*split_passages(an_article("Short."))] == [(0, 6)]


@pytest.mark.parametrize("body", ["", " \n "])
def test_a_body_without_text_has_no_paragraphs(body: str) -> None:
    assert list(split_paragraphs(body)) == []


@given(BODIES.filter(str.strip))
def test_passages_are_ordered_and_together_hold_every_paragraph(body: str) -> None:
    spans = split_passages(an_article(body))

    held = "".join(span.extract(body) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert "".join(held.split()) == "".join(body.split())


@given(BODIES.filter(str.strip))
def test_every_passage_is_whole_sentences(body: str) -> None:
    whole = split_sentences(body)

    for start, end in split_passages(an_article(body)):
        assert start in {span.start for span in whole}
        assert end in {span.end for span in whole}


def test_the_sentences_in_a_passage_are_those_of_the_body_at_their_place() -> None:
    body = f"By Ann Lee\n\n{LONG}\n\n{LINE}"

    held = [
        span
        for passage in split_passages(an_article(body))
        for span in get_sentences(an_article(body)).find_inside(passage)
    ]

    assert held == [*split_sentences(body)]


@given(BODIES.filter(str.strip))
def test_every_sentence_stands_in_one_passage(body: str) -> None:
    held = [
        span
        for passage in split_passages(an_article(body))
        for span in get_sentences(an_article(body)).find_inside(passage)
    ]

    assert held == [*split_sentences(body)]

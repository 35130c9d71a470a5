import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.span import Span
from bot.retrieval.answering.context import select_context
from bot.retrieval.text.passages import split_paragraphs
from bot.retrieval.text.sentences import split_sentences
from tests.builders import an_article

BODY = "\n\n".join(f"Paragraph {name} speaks." for name in ("one", "two", "three", "four", "five"))
LONG = "One went home. Two went home. Three went home. Four went home. Five went home."


def place(body: str, text: str) -> Span:
    start = body.index(text)
    return Span(start, start + len(text))


def show_context(body: str, text: str, max_chars: int) -> list[tuple[int, str]]:
    found = select_context(an_article(body), place(body, text), max_chars=max_chars)
    return [(paragraph.number, paragraph.span.extract(body)) for paragraph in found]


def test_the_context_includes_numbered_neighbours() -> None:
    assert show_context(BODY, "Paragraph three speaks.", 80) == [
        (2, "Paragraph two speaks."),
        (3, "Paragraph three speaks."),
        (4, "Paragraph four speaks."),
    ]


def test_a_whole_article_that_fits_is_shown() -> None:
    assert [number for number, _ in show_context(BODY, "Paragraph five", 1000)] == [1, 2, 3, 4, 5]


def test_a_neighbour_that_does_not_fit_is_skipped_and_the_previous_one_comes_first() -> None:
    assert [number for number, _ in show_context(BODY, "Paragraph three", 50)] == [2, 3]


def test_the_next_paragraph_is_shown_if_the_previous_one_does_not_fit() -> None:
    body = f"{'Long, ' * 20}long.\n\nThe river rose.\n\nIt fell."

    assert [number for number, _ in show_context(body, "The river rose.", 60)] == [2, 3]


def test_nothing_is_skipped_to_reach_what_would_fit() -> None:
    body = f"Short.\n\n{'Long, ' * 20}long.\n\nThe river rose."

    assert [number for number, _ in show_context(body, "The river rose.", 60)] == [3]


def test_an_excerpt_over_two_paragraphs_has_both() -> None:
    text = "two speaks.\n\nParagraph three"

    assert [number for number, _ in show_context(BODY, text, 10_000)] == [1, 2, 3, 4, 5]
    assert [number for number, _ in show_context(BODY, text, 46)] == [2, 3]


def test_a_paragraph_that_does_not_fit_is_shown_as_whole_sentences() -> None:
    assert show_context(LONG, "Three went home.", 50) == [
        (1, "Two went home. Three went home. Four went home.")
    ]


def test_the_excerpt_itself_is_always_shown() -> None:
    body = f"Before.\n\n{LONG}\n\nAfter."

    assert show_context(body, "Three went home.", 1) == [(2, "Three went home.")]


def test_two_paragraphs_that_do_not_fit_are_shown_as_sentences_of_each() -> None:
    body = f"{LONG}\n\n{LONG}"
    text = "Five went home.\n\nOne went home."

    assert show_context(body, text, 50) == [
        (1, "Four went home. Five went home."),
        (2, "One went home."),
    ]


@given(st.data())
def test_the_context_is_ordered_and_contains_the_excerpt(
    data: st.DataObject,
) -> None:
    body = data.draw(st.text("ab .\n", min_size=1).filter(lambda text: bool(text.strip())))
    number = data.draw(st.integers(0, len(split_paragraphs(body)) - 1))
    paragraph = split_paragraphs(body)[number]
    sentence = data.draw(st.sampled_from(split_sentences(paragraph.extract(body))))
    span = sentence.shift(paragraph.start)
    max_chars = data.draw(st.integers(1, 60))

    found = select_context(an_article(body), span, max_chars=max_chars)

    whole = split_paragraphs(body)
    assert [part.number for part in found] == list(range(found[0].number, found[-1].number + 1))
    for part in found:
        assert whole[part.number - 1].start <= part.span.start < part.span.end
        assert part.span.end <= whole[part.number - 1].end
    assert any(part.span.start <= span.start and span.end <= part.span.end for part in found)
    assert found == (found[0],) or found[-1].span.end - found[0].span.start <= max_chars


@pytest.mark.parametrize("text", ["Paragraph one", "Paragraph five"])
def test_an_excerpt_at_an_end_grows_to_the_other_side(text: str) -> None:
    assert len(show_context(BODY, text, 50)) == 2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookups.leading import find_lead_sentence
from bot.retrieval.answering.receipts import receipt_matches
from tests.builders import an_article, seed_articles

SENTENCE = "The river rose by two metres."


@pytest.mark.parametrize(
    "body",
    [
        f"{SENTENCE} It fell again.",
        f"Monday, 2 March 2026\n{SENTENCE} It fell again.",
        f"A HEADING\n\nBy Jo Doe\n\n{SENTENCE}",
        f"{'A word and ' * 20}an end. {SENTENCE}",
        f"“Run!”\n\n{SENTENCE}".replace("“Run!”", "(no stop)"),
    ],
    ids=["first", "behind a day", "behind headings", "behind a long one", "behind brackets"],
)
def test_the_lead_is_the_first_short_complete_sentence(body: str) -> None:
    assert find_lead_sentence(an_article(body), max_chars=100).text == SENTENCE


@pytest.mark.parametrize("end", ["?", "!", "…", ".”", ".')", '."'])
def test_a_sentence_ends_with_a_stop_and_closing_marks(end: str) -> None:
    body = f"No stop here\n“Did it rise{end}\n{SENTENCE}"

    assert find_lead_sentence(an_article(body), max_chars=100).text == f"“Did it rise{end}"


def test_without_a_full_stop_the_lead_is_the_first_short_line() -> None:
    body = f"{'long and ' * 20}\nfirst short line\nsecond short line"

    assert find_lead_sentence(an_article(body), max_chars=100).text == "first short line"


def test_without_a_short_sentence_the_lead_is_the_first_one() -> None:
    body = f"{'long and ' * 20}so on.\nAnd {'longer and ' * 20}so on."

    assert (
        find_lead_sentence(an_article(body), max_chars=100).text == body.split("\n", maxsplit=1)[0]
    )


def test_a_lead_sentence_can_be_verified() -> None:
    for article in seed_articles():
        citation = find_lead_sentence(article, max_chars=600)

        assert receipt_matches(citation.receipt, article, citation.span)
        assert citation.matches == ()


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip))
def test_a_lead_sentence_is_part_of_the_article(text: str) -> None:
    body = text.strip()

    citation = find_lead_sentence(an_article(body), max_chars=20)

    assert citation.text.strip()
    assert citation.text in body

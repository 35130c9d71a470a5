"""Finding the corrected sentence of a revised article."""

from dataclasses import replace

from bot.digest.corrections import Correction, find_correction
from tests.builders import an_article
from tests.digest.builders import briefs_of

RIVER = "The river rose by two metres within one night."
CORRECTED = "The river rose by three metres within one night."
BREAD = "Bakers sell bread for less."
LONG = f"The river {'rose and ' * 60}fell."


def correct(before: str, after: str) -> tuple[str | None, str | None] | None:
    previous = an_article(before)
    article = replace(previous, body=after, revision=2)
    news, _ = briefs_of(article)
    found = find_correction(previous, article, news, 400)
    if found is None:
        return None
    before_text, after_text = (
        citation.text if citation else None for citation in (found.before, found.after)
    )
    return before_text, after_text


def test_a_changed_sentence_is_shown_before_and_after() -> None:
    assert correct(f"{BREAD} {RIVER}", f"{BREAD} {CORRECTED}") == (RIVER, CORRECTED)


def test_both_sentences_stand_in_their_own_revisions() -> None:
    previous = an_article(f"{BREAD} {RIVER}")
    article = replace(previous, body=f"At noon: {CORRECTED}", revision=2)
    news, _ = briefs_of(article)

    found = find_correction(previous, article, news, 400)

    assert isinstance(found, Correction)
    assert found.before is not None
    assert found.after is not None
    assert (found.before.article, found.after.article) == (previous, article)


def test_a_sentence_stands_for_the_one_that_says_most_of_the_same() -> None:
    assert correct(RIVER, f"{BREAD} {CORRECTED}") == (RIVER, CORRECTED)


def test_the_first_changed_sentence_is_shown() -> None:
    assert correct(f"{BREAD} {RIVER}", CORRECTED) == (RIVER, CORRECTED)


def test_a_sentence_that_was_added_stands_alone() -> None:
    assert correct(RIVER, f"{RIVER} {BREAD}") == (None, BREAD)


def test_a_sentence_that_was_taken_out_stands_alone() -> None:
    assert correct(f"{RIVER} {BREAD}", RIVER) == (BREAD, None)


def test_sentences_about_different_things_are_shown_side_by_side() -> None:
    assert correct(RIVER, BREAD) == (RIVER, BREAD)


def test_white_space_alone_corrects_nothing() -> None:
    assert correct(f"{RIVER} {BREAD}", f"{RIVER}\n\n{BREAD.replace(' ', '  ')}") is None


def test_an_overlong_sentence_is_not_shown() -> None:
    assert correct(f"{RIVER} {LONG}", RIVER) is None


def test_sentences_without_terms_have_nothing_in_common() -> None:
    assert correct("It is so.", "It was.") == ("It is so.", "It was.")

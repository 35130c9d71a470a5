from datetime import date

import pytest

from bot.lookups.completion_matching import format_day_words, make_line, make_needles, split_words


def matches(typed: str, *listed: str) -> bool:
    """Return whether the line of these texts matches every entered word."""
    sought = make_line([word for text in listed for word in split_words(text)])
    return all(needle in sought for needle in make_needles(typed))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("OpenAI’s “deal”, signed", ["openai", "s", "deal", "signed"]),
        ("Café Zürich", ["cafe", "zurich"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("3.5% of the well-known", ["3", "5", "of", "the", "well", "known"]),
        ("🌊 flood!", ["🌊", "flood"]),
        ("東京で地震", ["東京て地震"]),
        ("«Война» — мир", ["воина", "мир"]),
        (" … ", []),
    ],
    ids=["marks", "accents", "sharp s", "numbers", "emoji", "kana", "Cyrillic", "nothing"],
)
def test_words_have_no_case_accents_or_punctuation(text: str, told: list[str]) -> None:
    assert split_words(text) == told


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("rive", "The river rose"),
        ("rose river", "The river rose"),
        ("  RIVER  ", "The river rose"),
        ("openai's d", "OpenAI deal’s end"),
        ("cafe", "The Café"),
        ("café", "The Cafe"),
        ("地震", "東京で地震"),
        ("הים", "מזג האוויר בהים"),
        ("🌊", "🌊 rises"),
        ("", "The river rose"),
        ("...", "The river rose"),
        ("2", "The 200 boats"),
        ("boats 20", "The 200 boats"),
    ],
)
def test_words_match_the_beginning_of_words(typed: str, title: str) -> None:
    assert matches(typed, title)


@pytest.mark.parametrize(
    ("typed", "title"),
    [("iver", "The river rose"), ("river fell", "The river rose"), ("20 boats", "The 200 boats")],
    ids=["inside a word", "a word is missing", "a part of a number"],
)
def test_other_words_do_not_match(typed: str, title: str) -> None:
    assert not matches(typed, title)


@pytest.mark.parametrize(
    "typed", ["2026-03-02", "2026-03", "2026-", "2 march", "2 mar 2026", "march 2026 2", "2"]
)
def test_a_day_matches_the_ways_it_is_entered(typed: str) -> None:
    sought = make_line(format_day_words(date(2026, 3, 2)))

    assert all(needle in sought for needle in make_needles(typed))


@pytest.mark.parametrize("typed", ["2026-04", "3 march", "20 march", "2 march 2025", "202 march"])
def test_another_day_does_not_match(typed: str) -> None:
    sought = make_line(format_day_words(date(2026, 3, 2)))

    assert not all(needle in sought for needle in make_needles(typed))

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookups.catalogue import MAX_KEY_CHARS, ArticleCard, Catalogue, make_key
from bot.model.article import Article, ArticleId
from bot.retrieval.index.article_table import ArticleTable
from tests.builders import an_article

UNTIL = date(2026, 3, 3)
FLOOD = an_article(id="flood", title="The river rose", source="The Courier")
FERRY = an_article(
    id="ferry", title="Ferries stop on the river", source=None, published_on=date(2026, 3, 1)
)
TOWN = an_article(id="a-town", title="A town by the sea", source="The Herald")
LATER = an_article(id="later", title="The river fell", published_on=date(2026, 3, 4))
LONG = an_article(
    id="x" * (MAX_KEY_CHARS + 1), title="Long ago", source="Bote", published_on=date(1999, 12, 31)
)


def a_catalogue(*articles: Article) -> Catalogue:
    return Catalogue.from_articles(ArticleTable.from_articles(articles))


ALL = a_catalogue(FERRY, LATER, FLOOD, LONG, TOWN)


def ids(cards: tuple[ArticleCard, ...]) -> list[str]:
    return [card.id for card in cards]


def test_articles_are_newest_first_then_by_id() -> None:
    cards = ALL.find_by_words("", until=date.max, limit=9)

    assert ids(cards) == ["later", "a-town", "flood", "ferry", LONG.id]


def test_a_card_has_title_source_and_day() -> None:
    (card,) = ALL.find_by_words("ferries", until=UNTIL, limit=9)

    assert card == ArticleCard(
        id=FERRY.id, title=FERRY.title, source=None, published_on=date(2026, 3, 1)
    )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("river", ["flood", "ferry"]),
        ("RIVER rose", ["flood"]),
        ("courier", ["flood"]),
        ("the river courier", ["flood"]),
        ("2 march", ["a-town", "flood"]),
        ("2 mar riv", ["flood"]),
        ("2026-03-01", ["ferry"]),
        ("1999", [LONG.id]),
        ("river sea", []),
        ("zyxomma", []),
    ],
)
def test_every_word_matches_the_title_the_date_or_the_source(typed: str, found: list[str]) -> None:
    assert ids(ALL.find_by_words(typed, until=UNTIL, limit=9)) == found


def test_words_of_different_articles_do_not_match_together() -> None:
    catalogue = a_catalogue(
        *(an_article(id=f"n{number}", title=title) for number, title in enumerate("ababab"))
    )

    assert catalogue.find_by_words("a b", until=UNTIL, limit=9) == ()


def test_the_limit_is_respected() -> None:
    assert ids(ALL.find_by_words("", until=UNTIL, limit=2)) == ["a-town", "flood"]


def test_articles_of_later_days_are_hidden() -> None:
    assert "later" not in ids(ALL.find_by_words("river", until=UNTIL, limit=9))
    assert ALL.find_article("later", until=UNTIL) is None
    assert ALL.find_by_words("", until=date(1999, 12, 30), limit=9) == ()


def test_an_empty_catalogue_finds_nothing() -> None:
    empty = a_catalogue()

    assert empty.find_by_words("", until=UNTIL, limit=9) == ()
    assert empty.find_by_words("river", until=UNTIL, limit=9) == ()
    assert empty.find_article("river", until=UNTIL) is None


def test_matches_beyond_one_chunk_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.lookups.catalogue._CHUNK_BYTES", 3)

    assert ids(ALL.find_by_words("river ferries", until=UNTIL, limit=9)) == ["ferry"]


def test_an_article_is_found_by_its_id() -> None:
    card = ALL.find_article("flood", until=UNTIL)

    assert card
    assert card.id == "flood"


def test_an_id_takes_precedence_over_title_words() -> None:
    catalogue = a_catalogue(
        FLOOD, an_article(id="rose", title="Another"), an_article(id="a", title="The rose")
    )

    card = catalogue.find_article("rose", until=UNTIL)

    assert card
    assert card.id == "rose"


def test_an_id_too_long_for_a_choice_has_a_key_that_finds_it() -> None:
    (card,) = ALL.find_by_words("long ago", until=UNTIL, limit=9)

    found = ALL.find_article(card.key, until=UNTIL)

    assert len(card.key) <= MAX_KEY_CHARS
    assert found == card


def test_words_find_the_newest_matching_article() -> None:
    card = ALL.find_article("the river", until=UNTIL)

    assert card
    assert card.id == "flood"


def test_words_find_a_visible_article_even_if_they_are_a_hidden_id() -> None:
    catalogue = a_catalogue(an_article(id="river", published_on=date(2026, 3, 4)), FLOOD)

    card = catalogue.find_article("river", until=UNTIL)

    assert card
    assert card.id == "flood"


@pytest.mark.parametrize(
    "text", ["", "  ", '" -', "zyxomma"], ids=["empty", "blank", "marks alone", "unknown"]
)
def test_empty_text_finds_no_article(text: str) -> None:
    assert ALL.find_article(text, until=UNTIL) is None


def test_an_id_of_maximum_length_is_its_own_key() -> None:
    fitting = ArticleId("x" * MAX_KEY_CHARS)

    assert make_key(fitting) == fitting


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_a_key_is_never_too_long(text: str) -> None:
    key = make_key(ArticleId(text))

    assert len(key) <= MAX_KEY_CHARS
    assert key == text or len(text) > MAX_KEY_CHARS


@given(
    st.lists(
        st.builds(
            an_article,
            title=st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
            source=st.sampled_from(["The Courier", "Zürcher Bote", None]),
            published_on=st.dates(date(2026, 1, 1), UNTIL),
        ),
        max_size=8,
    ),
)
def test_every_article_is_found_by_its_own_title(articles: list[Article]) -> None:
    numbered = [
        an_article(
            id=f"n{number}",
            title=article.title,
            source=article.source,
            published_on=article.published_on,
        )
        for number, article in enumerate(articles)
    ]
    catalogue = a_catalogue(*numbered)

    for article in numbered:
        cards = catalogue.find_by_words(article.title, until=UNTIL, limit=len(numbered))

        assert article.id in ids(cards)
        assert list(cards) == sorted(
            cards, key=lambda card: (-card.published_on.toordinal(), card.id)
        )

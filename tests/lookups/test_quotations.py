from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookups.quotations import (
    MAX_OTHERS,
    CheckedQuotation,
    QuotationStatus,
    check_quotations,
    find_in_articles,
    find_quotations,
)
from bot.model.article import Article, ArticleId
from bot.model.span import Span
from bot.retrieval.index.word_pairs import lower_in_place
from bot.wiring import Application
from tests.builders import NOON, PUBLISHED_ON, an_app, an_article, an_index, seed_articles

SAID = "The river rose by two metres."
FLOOD = an_article(
    f"Rain fell on Bremen.\n\n{SAID} Nobody was hurt, the mayor’s office said.\n\nThen it was dry."
)
EARLIER = replace(FLOOD, id=ArticleId("earlier"), published_on=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('He said "one two three" and left.', ("one two three",)),
        ("He said “one two three” and left.", ("one two three",)),
        ("Er sagte „one two three“ und ging.", ("one two three",)),
        ("Er sagte „one two three” und ging.", ("one two three",)),
        ("Il a dit « one two three » hier.", ("one two three",)),
        ("Er sagte »one two three« und ging.", ("one two three",)),
        ("He said ‘one can’t three’ and left.", ("one can’t three",)),
        ("“one ‘two three four’ five”", ("one ‘two three four’ five",)),
        ("“one two three,” he said, “four five six.”", ("one two three", "four five six")),
        ("“one two three!”", ("one two three!",)),
        ("“one two” and “three”", ()),
        ("“one – two”", ()),
        ("“one two three” or “one  two\nthree,”", ("one two three",)),
        ("> one two\n> three\nfour five six", ("one two three",)),
        ("before\n> one two three\n\n> four five six", ("one two three", "four five six")),
        (">>> one two three\nfour", ("one two three four",)),
        ("> “one two three”\n", ("one two three",)),
        ("> he said “one two three” twice", ("he said “one two three” twice",)),
        ("“one two three”\n> four five six", ("one two three", "four five six")),
        ('"one two three\n\n"four five six"', ("four five six",)),
        ("\u2068“one two three”\u2069", ("one two three",)),
        ("> \u2068one two\u2069\n> \u2068three\u2069", ("one two three",)),
        ("it is 5 > 4 and more", ()),
        ("the dogs’ bowls and the cats’ food", ()),
        ("", ()),
    ],
)
def test_quotations_have_at_least_three_words(text: str, found: tuple[str, ...]) -> None:
    assert find_quotations(text) == found


@given(st.text(alphabet='ab \n"“”„«»‘’>', max_size=60))
def test_a_quotation_is_returned_on_one_line(text: str) -> None:
    one_line = " ".join(text.replace(">", " ").split())

    for quotation in find_quotations(text):
        assert "\n" not in quotation
        assert " ".join(quotation.replace(">", " ").split()) in one_line


@pytest.mark.parametrize(
    "quotation",
    [
        "The river rose by two metres",
        "river rose by two metres. Nobody was hurt",
        "Rain fell on Bremen. The river rose",
        "the mayor's office said",
        "the mayor‘s office said",
    ],
    ids=["a sentence", "two sentences", "across paragraphs", "straight", "another mark"],
)
def test_a_quotation_is_found_verbatim(quotation: str) -> None:
    found = find_in_articles([FLOOD], quotation)

    assert found.status is QuotationStatus.VERBATIM
    assert found.citation
    assert found.citation.text in FLOOD.body


@pytest.mark.parametrize(
    "quotation",
    [
        "The river rose by three metres",
        "The river rose two metres",
        "he river rose by",
        "fell on Breme",
        "hurt, the mayor",
        "hurt the mayor’s office",
    ],
    ids=["a number", "a word less", "a cut start", "a cut end", "no possessive", "a comma less"],
)
def test_other_words_are_not_the_quotation(quotation: str) -> None:
    assert find_in_articles([FLOOD], quotation) == CheckedQuotation(
        quotation=quotation, status=QuotationStatus.ABSENT
    )


@pytest.mark.parametrize(
    ("body", "quotation"),
    [
        ("It cost 1.5 million dollars in all.", "5 million dollars in all"),
        ("It cost him 1,500 dollars.", "It cost him 1"),
        ("They re-elected the mayor.", "elected the mayor"),
        ("A mayor-elect spoke to all.", "A mayor"),
    ],
    ids=["another number", "a cut number", "another verb", "another office"],
)
def test_a_part_of_a_word_or_number_does_not_match(body: str, quotation: str) -> None:
    assert find_in_articles([an_article(body)], quotation).status is QuotationStatus.ABSENT


def test_a_quotation_with_other_capitals_is_reported_as_recased() -> None:
    found = find_in_articles([FLOOD], "the river rose by two")

    assert found.status is QuotationStatus.RECASED
    assert found.citation
    assert found.citation.text == SAID


@pytest.mark.parametrize(
    ("quotation", "likeness"),
    [
        ("in İzmir it rained", QuotationStatus.VERBATIM),
        ("in izmir it rained", QuotationStatus.RECASED),
    ],
)
def test_letters_with_a_longer_lower_case_shift_nothing(
    quotation: str, likeness: QuotationStatus
) -> None:
    body = "İİİ said that in İzmir it rained."

    found = find_in_articles([an_article(body)], quotation)

    assert found.status is likeness
    assert found.citation
    assert found.citation.matches[0].extract(body) == "in İzmir it rained"


def test_of_two_matches_the_one_with_the_same_case_counts() -> None:
    body = "THE RIVER ROSE AGAIN. Nobody knew why the river rose again."

    found = find_in_articles([an_article(body)], "the river rose again")

    assert found.status is QuotationStatus.VERBATIM
    assert found.citation
    assert found.citation.matches == (Span(38, 58),)


def test_a_verbatim_match_comes_before_a_recased_one() -> None:
    shouting = replace(EARLIER, body="THE RIVER ROSE BY TWO METRES.")

    found = find_in_articles([shouting, FLOOD], "The river rose by two")

    assert (found.status, found.other_count) == (QuotationStatus.VERBATIM, 0)
    assert found.citation
    assert found.citation.article == FLOOD


def test_the_first_article_is_cited_and_the_others_are_counted() -> None:
    found = find_in_articles([EARLIER, FLOOD], "The river rose by two")

    assert found.citation
    assert (found.citation.article, found.other_count) == (EARLIER, 1)


def test_whole_sentences_are_cited_with_the_quotation_as_their_match() -> None:
    citation = find_in_articles([FLOOD], "two metres. Nobody was hurt").citation

    assert citation
    assert citation.text == f"{SAID} Nobody was hurt, the mayor’s office said."
    assert [match.extract(FLOOD.body) for match in citation.matches] == [
        "two metres. Nobody was hurt"
    ]
    assert citation.paragraph == 2


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put([FLOOD, EARLIER], NOON)
        yield app


async def test_each_quotation_is_searched_in_the_library(app: Application) -> None:
    found = await check_quotations(
        ["Rain fell on Bremen", "Rain fell on Lisbon", "it was to be"],
        app.index,
        until=PUBLISHED_ON,
    )

    assert [quotation.status for quotation in found] == [
        QuotationStatus.VERBATIM,
        QuotationStatus.ABSENT,
        QuotationStatus.COMMON,
    ]
    assert found[0].citation
    assert (found[0].citation.article.id, found[0].other_count) == ("earlier", 1)


async def test_articles_after_the_clock_are_hidden(app: Application) -> None:
    (found,) = await check_quotations(["Rain fell on Bremen"], app.index, until=date(2026, 3, 1))

    assert found.citation
    assert (found.citation.article.id, found.other_count) == ("earlier", 0)


async def test_articles_with_other_capitals_are_found_among_many(app: Application) -> None:
    shouting = an_article("RAIN FELL ON BREMEN.", id="shouting", published_on=date(2026, 2, 1))
    await app.articles.put([shouting], NOON)
    await app.index.refresh()

    verbatim, recased = await check_quotations(
        ["Rain fell on Bremen", "rain FELL on Bremen"], app.index, until=PUBLISHED_ON
    )

    assert (verbatim.status, verbatim.other_count) == (QuotationStatus.VERBATIM, 1)
    assert (recased.status, recased.other_count) == (QuotationStatus.RECASED, 2)
    assert recased.citation
    assert recased.citation.article.id == "shouting"


@pytest.mark.parametrize(
    ("quotation", "status"),
    [("The river rose", QuotationStatus.VERBATIM), ("the River rose", QuotationStatus.RECASED)],
)
def test_a_stock_phrase_is_counted_up_to_a_limit(quotation: str, status: QuotationStatus) -> None:
    articles = [an_article(SAID, id=str(number)) for number in range(MAX_OTHERS + 10)]

    found = find_in_articles(articles, quotation)

    assert (found.status, found.other_count, found.has_more_others) == (status, MAX_OTHERS, True)
    assert found.citation
    assert found.citation.article.id == "0"


def test_an_article_behind_the_limit_can_still_be_the_only_verbatim_one() -> None:
    articles = [an_article(SAID, id=str(number)) for number in range(MAX_OTHERS + 10)]
    articles.append(an_article("Look, the River rose.", id="last"))

    found = find_in_articles(articles, "the River rose")

    assert found.status is QuotationStatus.VERBATIM
    assert found.citation
    assert found.citation.article.id == "last"


def random_quotations() -> st.SearchStrategy[tuple[Article, str]]:
    """Draw an article of the seeds and some consecutive words of it."""

    def words_of(article: Article) -> st.SearchStrategy[tuple[Article, str]]:
        words = article.body.split()
        return st.tuples(st.integers(0, len(words) - 4), st.integers(3, 25)).map(
            lambda cut: (article, " ".join(words[cut[0] : cut[0] + cut[1]]))
        )

    return st.sampled_from(seed_articles()).flatmap(words_of)


@given(random_quotations())
def test_any_text_of_an_article_is_found_in_it(drawn: tuple[Article, str]) -> None:
    article, quotation = drawn

    found = find_in_articles([article], quotation)

    assert found.status is QuotationStatus.VERBATIM
    index = an_index(article)
    for text in (quotation, lower_in_place(quotation)):
        ((load, indices),) = index.find_articles_with_texts([text], until=None)
        assert (load(), indices) == (article, (0,))


@pytest.mark.parametrize(
    "quotation", ["river \x1b[1mrose\x07 by\u2028two", "river ␛[1mrose␇ by␤two"]
)
def test_a_quotation_is_verbatim_with_control_characters_and_with_their_substitutes(
    quotation: str,
) -> None:
    article = an_article("The river \x1b[1mrose\x07 by\u2028two metres.")

    checked = find_in_articles([article], quotation)

    assert checked.status is QuotationStatus.VERBATIM

from datetime import date, timedelta

import pytest

from bot.model.article import Article
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import parse_query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.search_index import MAX_HITS
from tests.builders import PUBLISHED_ON, an_article, an_index, the_analyser
from tests.retrieval.builders import some_weights

DAY = timedelta(days=1)
LONGER = " ".join(["Rain fell on the fields and on the hills beyond them for weeks."] * 6)


def by_day(
    terms: str,
    *articles: Article,
    newest_first: bool = True,
    bounds: Bounds | None = None,
    until: date | None = None,
) -> SearchResult:
    return an_index(*articles).search_by_day(
        parse_query(terms, today=PUBLISHED_ON, analyser=the_analyser()),
        bounds=bounds or Bounds(),
        until=until,
        limits=AnswerLimits(),
        weights=some_weights(),
        newest_first=newest_first,
    )


def ids(found: SearchResult) -> list[str]:
    return [hit.analysis.article.id for hit in found.hits]


def article_after(body: str, days: int, id: str) -> Article:  # noqa: A002 - the attribute's name
    return an_article(body, id=id, published_on=PUBLISHED_ON + days * DAY)


LIBRARY = (
    article_after("The bridge of Lyon is old.", 2, "middle"),
    article_after("A bridge, a bridge, a bridge in Lyon!", 1, "first"),
    article_after("Lyon has a bridge.", 3, "last"),
)


@pytest.mark.parametrize(
    ("newest_first", "expected"),
    [(True, ["last", "middle", "first"]), (False, ["first", "middle", "last"])],
)
def test_articles_are_ordered_by_day_whatever_their_scores(
    *, newest_first: bool, expected: list[str]
) -> None:
    found = by_day("Lyon bridge", *LIBRARY, newest_first=newest_first)

    assert ids(found) == expected
    assert found.total == 3


def test_articles_of_one_day_keep_the_order_of_the_index() -> None:
    articles = [article_after("The bridge.", 1, name) for name in ("c", "a", "b")]

    assert ids(by_day("bridge", *articles)) == ["c", "a", "b"]


def test_an_article_is_listed_once_by_its_best_passage() -> None:
    article = an_article(
        f"A bridge. {LONGER}\n\nLyon and the bridge of Lyon. {LONGER}\n\nThe bridge. {LONGER}"
    )

    found = by_day("Lyon bridge", article)

    (hit,) = found.hits
    assert hit.analysis.passage.extract(article.body).startswith("Lyon and the bridge")
    assert found.total == 1


def test_an_article_may_contain_the_terms_far_apart() -> None:
    apart = article_after(f"A bridge. {LONGER}\n\nOf Lyon we say nothing. {LONGER}", 1, "apart")
    half = article_after("A bridge in Metz.", 2, "half")

    assert ids(by_day("Lyon bridge", apart, half)) == ["apart"]


def test_one_term_is_enough_if_no_article_contains_all() -> None:
    found = by_day("Lyon ferry", *LIBRARY, article_after("The ferry sank.", 4, "ferry"))

    assert ids(found) == ["ferry", "last", "middle", "first"]


def test_articles_out_of_bounds_do_not_decide_which_terms_are_needed() -> None:
    whole = article_after("The ferry of Lyon.", 9, "whole")

    found = by_day("Lyon ferry", *LIBRARY, whole, until=PUBLISHED_ON + 5 * DAY)

    assert ids(found) == ["last", "middle", "first"]
    assert ids(by_day("Lyon", *LIBRARY, whole, bounds=Bounds(after=PUBLISHED_ON + 3 * DAY))) == [
        "whole",
        "last",
    ]


def test_the_passage_shown_contains_the_phrase_side_by_side() -> None:
    article = article_after(
        f"The bridge was old. {LONGER}\n\nThe old bridge. {LONGER}\n\nAn old, bad bridge. {LONGER}",
        1,
        "both",
    )
    neither = article_after("The bridge is old.", 2, "neither")

    found = by_day('"old bridge"', article, neither)

    (hit,) = found.hits
    assert hit.analysis.passage.extract(article.body).startswith("The old bridge.")


def test_an_excluded_term_excludes_its_passages() -> None:
    assert ids(by_day("bridge -old", *LIBRARY)) == ["last", "first"]


def test_the_first_articles_in_order_are_returned_and_all_are_counted() -> None:
    articles = [article_after("The bridge.", day, f"n{day}") for day in range(MAX_HITS + 5)]

    found = by_day("bridge", *articles)

    assert ids(found) == [f"n{day}" for day in range(MAX_HITS + 4, 4, -1)]
    assert found.total == MAX_HITS + 5


def test_unknown_words_come_with_suggestions() -> None:
    found = by_day("Lyon brigde", *LIBRARY)

    assert found.unknown_terms == ("brigd",)
    assert found.suggestions == {"brigd": ("bridge",)}


def test_an_empty_index_gives_nothing() -> None:
    found = by_day("bridge")

    assert (found.hits, found.total, found.extent.articles) == ((), 0, 0)

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from bot.retrieval.article import Article, ArticleId
from bot.retrieval.corpus import K1, MAX_HITS, B, Bounds, Corpus, Extent, Found, Hit
from bot.retrieval.features import FEATURES
from bot.retrieval.passage import passages
from bot.retrieval.query import parse
from tests.builders import PUBLISHED_ON, a_corpus, an_article, the_analyser

DAY = timedelta(days=1)
OTHER = "Parliament passed the budget after a long debate about taxes and pensions."
RAIN = "Heavy rain fell on Lyon for two days and filled the streets near the station."
FLOOD = "The river rose by two metres in Lyon, and the old bridge was closed at noon."

WORDS = st.sampled_from(
    ["river", "bridge", "Lyon", "rain", "budget", "vote", "tax", "court", "rose", "fell"]
)
SENTENCES = st.lists(WORDS, min_size=10, max_size=14).map(lambda words: " ".join(words) + ".")
BODIES = st.lists(SENTENCES, min_size=1, max_size=3).map("\n\n".join)
LIBRARIES = st.lists(st.tuples(BODIES, st.integers(0, 3)), max_size=5).map(
    lambda drawn: [
        an_article(body, id=f"article {n}", published_on=PUBLISHED_ON - days * DAY)
        for n, (body, days) in enumerate(drawn)
    ]
)
QUESTIONS = st.lists(WORDS | st.just("comet"), min_size=1, max_size=4).map(" ".join)


def searched(
    corpus: Corpus, question: str, bounds: Bounds | None = None, until: date | None = None
) -> Found:
    query = parse(question, today=PUBLISHED_ON, analyser=the_analyser())
    return corpus.search(query, bounds=bounds or Bounds(), until=until, steer_days=14)


def ids(found: Found) -> list[str]:
    return [hit.reading.article.id for hit in found.hits]


def places(hits: Iterable[Hit]) -> set[tuple[str, int]]:
    return {(hit.reading.article.id, hit.reading.passage.start) for hit in hits}


def terms_of(hit: Hit) -> set[str]:
    return set(the_analyser().keys(hit.reading.passage.of(hit.reading.article.body)))


def test_an_empty_corpus_has_no_hits() -> None:
    found = searched(a_corpus(), "river")

    extent = Extent(articles=0, passages=0, first_date=None, last_date=None)
    assert (found.hits, found.total, found.unknown) == ((), 0, ("river",))
    assert found.extent == extent


def test_one_passage_is_found_by_a_term_that_it_holds() -> None:
    article = an_article(FLOOD)

    found = searched(a_corpus(article), "bridges")

    assert [(hit.reading.article, hit.reading.passage) for hit in found.hits] == [
        (article, (0, len(FLOOD)))
    ]
    assert found.total == 1


def test_without_a_match_there_are_no_hits() -> None:
    found = searched(a_corpus(an_article(FLOOD)), "comet")

    assert (found.hits, found.total, found.unknown) == ((), 0, ("comet",))


def test_a_term_in_every_passage_finds_them_all() -> None:
    corpus = a_corpus(an_article(FLOOD, id="a"), an_article(RAIN, id="b"))

    found = searched(corpus, "Lyon")

    assert sorted(ids(found)) == ["a", "b"]
    assert all(hit.bm25 > 0 for hit in found.hits)


@given(articles=LIBRARIES, question=QUESTIONS)
def test_a_hit_always_holds_a_term_of_the_query(articles: list[Article], question: str) -> None:
    found = searched(a_corpus(*articles), question)

    known = set(the_analyser().keys(question))
    assert all(terms_of(hit) & known for hit in found.hits)
    assert found.total == sum(
        bool(set(the_analyser().keys(span.of(article.body))) & known)
        for article in articles
        for span in passages(article.body)
    )


def test_the_passage_that_says_more_of_the_question_comes_first() -> None:
    corpus = a_corpus(an_article(RAIN, id="rain"), an_article(FLOOD, id="flood"))

    found = searched(corpus, "Which bridge was closed in Lyon?")

    assert ids(found) == ["flood", "rain"]


def test_equal_scores_are_ordered_newest_first_then_by_id() -> None:
    corpus = a_corpus(
        an_article(FLOOD, id="c"),
        an_article(FLOOD, id="old", published_on=PUBLISHED_ON - DAY),
        an_article(FLOOD, id="a"),
        an_article(FLOOD, id="undated", published_on=None),
        an_article(FLOOD, id="new", published_on=PUBLISHED_ON + DAY),
    )

    found = searched(corpus, "river")

    assert ids(found) == ["new", "a", "c", "old", "undated"]


def test_passages_of_equal_score_in_one_article_keep_their_order() -> None:
    corpus = a_corpus(an_article(f"{FLOOD}\n\n{OTHER}\n\n{FLOOD}"))

    found = searched(corpus, "river")

    starts = [hit.reading.passage.start for hit in found.hits]
    assert starts == [0, len(FLOOD) + len(OTHER) + 4]


def test_of_very_many_equal_passages_the_first_by_date_and_id_are_kept() -> None:
    names = [f"{n:03}" for n in range(150)]
    corpus = a_corpus(
        *(an_article(FLOOD, id=name) for name in reversed(names)),
        an_article(FLOOD, id="new", published_on=PUBLISHED_ON + DAY),
    )

    found = searched(corpus, "river")

    assert ids(found) == ["new", *names[: MAX_HITS - 1]]
    assert found.total == 151


@pytest.mark.parametrize(
    ("after", "before", "expected"),
    [
        (None, None, ["1", "2", "3", "undated"]),
        (PUBLISHED_ON, None, ["2", "3"]),
        (None, PUBLISHED_ON - 2 * DAY, ["undated"]),
        (PUBLISHED_ON, PUBLISHED_ON, ["2"]),
        (PUBLISHED_ON - DAY, PUBLISHED_ON, ["1", "2"]),
        (PUBLISHED_ON + 2 * DAY, None, []),
    ],
)
def test_bounds_are_days_of_publication_themselves_included(
    after: date | None, before: date | None, expected: list[str]
) -> None:
    corpus = a_corpus(
        an_article(FLOOD, id="1", published_on=PUBLISHED_ON - DAY),
        an_article(FLOOD, id="2", published_on=PUBLISHED_ON),
        an_article(FLOOD, id="3", published_on=PUBLISHED_ON + DAY),
        an_article(FLOOD, id="undated", published_on=None),
    )

    found = searched(corpus, "river", Bounds(after=after, before=before))

    assert sorted(ids(found)) == expected
    assert found.total == len(expected)
    assert found.extent.articles == 4


@pytest.mark.parametrize("source", ["The Courier", "the courier", " THE COURIER "])
def test_a_source_bounds_the_search_whatever_its_capitals(source: str) -> None:
    corpus = a_corpus(
        an_article(FLOOD, id="ours", source="The Courier"),
        an_article(FLOOD, id="other", source="Reuters"),
        an_article(FLOOD, id="none", source=None),
    )

    found = searched(corpus, "river", Bounds(source=source))

    assert ids(found) == ["ours"]


def test_an_unknown_source_bounds_everything_out() -> None:
    found = searched(a_corpus(an_article(FLOOD)), "river", Bounds(source="Nobody"))

    assert (found.hits, found.total, found.unknown) == ((), 0, ())


def test_articles_dated_after_the_last_visible_day_are_hidden() -> None:
    corpus = a_corpus(
        an_article(FLOOD, id="today"),
        an_article(f"{FLOOD}\n\n{RAIN}", id="tomorrow", published_on=PUBLISHED_ON + DAY),
        an_article(FLOOD, id="undated", published_on=None),
    )

    found = searched(corpus, "river", until=PUBLISHED_ON)

    assert ids(found) == ["today", "undated"]
    assert found.extent == Extent(
        articles=2, passages=2, first_date=PUBLISHED_ON, last_date=PUBLISHED_ON
    )


def test_the_extent_has_the_first_and_the_last_day() -> None:
    corpus = a_corpus(
        an_article(FLOOD, id="b", published_on=PUBLISHED_ON),
        an_article(f"{FLOOD}\n\n{RAIN}", id="a", published_on=PUBLISHED_ON - 9 * DAY),
    )

    extent = searched(corpus, "comet").extent

    assert extent == Extent(
        articles=2, passages=3, first_date=PUBLISHED_ON - 9 * DAY, last_date=PUBLISHED_ON
    )


def test_a_passage_with_an_excluded_term_is_no_hit() -> None:
    corpus = a_corpus(an_article(FLOOD, id="flood"), an_article(RAIN, id="rain"))

    found = searched(corpus, "Lyon -bridges")

    assert ids(found) == ["rain"]
    assert found.total == 1


def test_a_phrase_must_stand_side_by_side() -> None:
    corpus = a_corpus(
        an_article("The bridge that is old was closed when the river in Lyon rose.", id="apart"),
        an_article(FLOOD, id="together"),
        an_article(RAIN, id="neither"),
    )

    found = searched(corpus, "the “old bridges” in Lyon")

    assert ids(found) == ["together"]


def test_a_phrase_is_found_behind_any_number_of_passages_with_its_terms_apart() -> None:
    apart = "bridge river closed river " * 10
    corpus = a_corpus(
        *(an_article(apart, id=f"apart {n}") for n in range(120)),
        an_article(f"{FLOOD} {RAIN} {OTHER}", id="together"),
    )

    found = searched(corpus, "“bridge was closed”")

    assert ids(found) == ["together"]


def test_the_terms_that_no_article_holds_are_told_in_the_order_typed() -> None:
    found = searched(a_corpus(an_article(FLOOD)), "Did the comet or a meteor hit the river?")

    assert found.unknown == ("comet", "meteor", "hit")


def test_a_rarer_term_weighs_more_and_a_joined_form_nothing() -> None:
    corpus = a_corpus(an_article(FLOOD, id="a"), an_article(RAIN, id="b"))

    found = searched(corpus, "Lyon river-side")

    assert found.rarities.keys() == {"lyon", "river", "side"}
    assert found.rarities["side"] == found.rarities["river"] > found.rarities["lyon"] > 0


@given(articles=LIBRARIES.filter(bool), question=QUESTIONS)
def test_a_bm25_share_is_the_parents_score_less_what_every_passage_gets(
    articles: list[Article], question: str
) -> None:
    numbered = [(each.id, span, each.body) for each in articles for span in passages(each.body)]
    parent = BM25Plus(
        [the_analyser().keys(span.of(body)) for _, span, body in numbered], k1=K1, b=B
    )

    found = searched(a_corpus(*articles), question)

    terms = list(found.rarities)
    constant = parent.delta * sum(parent.idf.get(term, 0.0) for term in terms)
    shares = {
        (name, span.start): score - constant
        for (name, span, _), score in zip(numbered, parent.get_scores(terms), strict=True)
    }
    for hit in found.hits:
        place = (hit.reading.article.id, hit.reading.passage.start)
        assert hit.bm25 == pytest.approx(shares[place], rel=1e-9)


def test_only_a_passage_of_the_same_article_stands_before_another() -> None:
    leaning = "The company announced on Friday that the bridge in Lyon would be closed."
    corpus = a_corpus(
        an_article(leaning, id="a"),
        an_article(leaning, id="b"),
        an_article(f"{RAIN}\n\n{leaning}", id="c"),
    )

    found = searched(corpus, "bridge announced")

    before = {str(hit.reading.article.id): hit.reading.before for hit in found.hits}
    assert (before["a"], before["b"]) == (None, None)
    assert before["c"] is not None
    assert before["c"].span == (0, len(RAIN))


def test_a_score_is_the_bm25_share_plus_a_share_of_each_feature() -> None:
    (hit,) = searched(a_corpus(an_article(FLOOD)), "Which bridge was closed?").hits

    assert hit.shares.keys() == FEATURES.keys()
    assert hit.score == hit.bm25 + sum(hit.shares.values()) != hit.bm25


def test_a_date_in_the_question_steers_and_excludes_nothing() -> None:
    said = "Sam Altman said on the radio that the deal was rushed and looked bad to all."
    corpus = a_corpus(
        an_article(said, id="a", published_on=date(2025, 7, 1)),
        an_article(said, id="b", published_on=date(2026, 3, 2)),
        an_article(said, id="c", published_on=date(2026, 3, 20)),
    )

    plain = searched(corpus, "What did Altman say?")
    dated = searched(corpus, "What did Altman say in late February 2026?")

    assert ids(plain) == ["c", "b", "a"]
    assert ids(dated) == ["b", "c", "a"]


@given(articles=LIBRARIES, question=QUESTIONS)
def test_adding_an_unrelated_passage_keeps_every_hit(
    articles: list[Article], question: str
) -> None:
    corpus = a_corpus(*articles)
    unrelated = an_article("Astronomers photographed seven moons of Saturn.", id="unrelated")

    more = corpus.changed(removed=frozenset(), added=[unrelated])

    before, after = searched(corpus, question), searched(more, question)
    assert places(after.hits) == places(before.hits)
    assert after.total == before.total


@given(articles=LIBRARIES, added=LIBRARIES, question=QUESTIONS, data=st.data())
def test_a_changed_corpus_finds_what_one_built_anew_finds(
    articles: list[Article], added: list[Article], question: str, data: st.DataObject
) -> None:
    new = [replace(article, id=ArticleId(f"new {article.id}")) for article in added]
    removed = data.draw(
        st.frozensets(st.sampled_from([each.id for each in articles] or [ArticleId("")]))
    )

    changed = a_corpus(*articles).changed(removed=removed, added=new)

    anew = a_corpus(*(each for each in articles if each.id not in removed), *new)
    assert searched(changed, question) == searched(anew, question)


def test_a_revision_takes_the_place_of_the_article() -> None:
    corpus = a_corpus(an_article(FLOOD, id="flood"), an_article(RAIN, id="rain"))
    revised = an_article(OTHER, id="flood", revision=2)

    changed = corpus.changed(removed={ArticleId("flood")}, added=[revised])

    assert ids(searched(changed, "river")) == []
    assert [hit.reading.article for hit in searched(changed, "budget").hits] == [revised]


def test_the_corpus_that_was_changed_stays_as_it_was() -> None:
    corpus = a_corpus(an_article(FLOOD, id="flood"), an_article(RAIN, id="rain"))
    before = searched(corpus, "Lyon")

    corpus.changed(removed={ArticleId("flood")}, added=[an_article(FLOOD, id="other")])

    assert searched(corpus, "Lyon") == before
    assert len(before.hits) == 2


@given(articles=LIBRARIES, question=QUESTIONS)
def test_a_corpus_comes_back_from_its_arrays(articles: list[Article], question: str) -> None:
    corpus = a_corpus(*articles)

    again = Corpus.from_arrays(corpus.arrays(), the_analyser())

    assert searched(again, question) == searched(corpus, question)


def test_a_word_of_hidden_articles_alone_is_unknown() -> None:
    later = an_article("A comet was seen.", id="later", published_on=date(2026, 4, 1))
    corpus = a_corpus(an_article("The river rose."), later)
    query = parse("comet", today=PUBLISHED_ON, analyser=the_analyser())

    found = corpus.search(query, bounds=Bounds(), until=PUBLISHED_ON, steer_days=14)

    assert found.unknown == ("comet",)

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from bot.model.article import Article, ArticleId
from bot.retrieval.index.extent import Extent
from bot.retrieval.index.passage_index import K1, B
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.scoring.features import FEATURE_NAMES, FIRST_STAGE_FEATURES
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import CandidateWindow, Hit, SearchResult
from bot.retrieval.scoring.weights import BM25_ONLY, Weights
from bot.retrieval.search_index import MAX_HITS, SearchIndex
from bot.retrieval.text.passages import split_passages
from tests.builders import (
    PUBLISHED_ON,
    an_article,
    an_index,
    the_analyser,
    the_weights,
    what_is_found,
)
from tests.retrieval.builders import some_weights

DAY = timedelta(days=1)


OTHER = "Parliament passed the budget after a long debate about taxes and pensions."


RAIN = "Heavy rain fell on Lyon for two days and filled the streets near the station."


FLOOD = "The river rose by two metres in Lyon, and the old bridge was closed at noon."


AND_MORE = (
    " Astronomers photographed seven moons of Saturn with a telescope on a mountain of Chile, as far"
    " from cities and their lamps as anyone can go without leaving dry land, and put all pictures"
    " where whoever likes them may look at them for nothing at any hour."
)


TEN_WORDS = ("river", "bridge", "Lyon", "rain", "budget", "vote", "tax", "court", "rose", "fell")
WORDS = st.sampled_from(TEN_WORDS)


# Drawing one text is many times faster than drawing a list of words.
SENTENCES = st.text("0123456789", min_size=10, max_size=14).map(
    lambda digits: " ".join(TEN_WORDS[int(digit)] for digit in digits) + "."
)


PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=3).map(
    lambda sentences: " ".join(sentences) + AND_MORE
)


BODIES = st.lists(PARAGRAPHS, min_size=1, max_size=2).map("\n\n".join)


LIBRARIES = st.lists(st.tuples(BODIES, st.integers(0, 3)), max_size=5).map(
    lambda drawn: [
        an_article(body, id=f"article {n}", published_on=PUBLISHED_ON - days * DAY)
        for n, (body, days) in enumerate(drawn)
    ]
)


QUESTIONS = st.tuples(
    st.lists(WORDS | st.just("comet"), min_size=1, max_size=4).map(" ".join),
    st.sampled_from(["", "?"]),
).map("".join)


FEATURES = st.dictionaries(st.sampled_from(FEATURE_NAMES), st.floats(-1, 4))


WEIGHTS = st.builds(
    lambda candidates, features, statement: some_weights(
        candidates=candidates, features=features, statement=statement
    ),
    st.dictionaries(st.sampled_from(FIRST_STAGE_FEATURES), st.floats(-1, 4)),
    FEATURES,
    FEATURES,
)


def query_of(question: str) -> Query:
    return parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())


def search(
    index: SearchIndex,
    question: str,
    bounds: Bounds | None = None,
    until: date | None = None,
    weights: Weights | None = None,
) -> SearchResult:
    return what_is_found(query_of(question), index, bounds=bounds, until=until, weights=weights)


def ids(found: SearchResult) -> list[str]:
    return [hit.analysis.article.id for hit in found.hits]


def values_by_id(found: SearchResult) -> Mapping[str, Mapping[str, float]]:
    """Return the feature values of each article's best hit."""
    return {hit.analysis.article.id: hit.feature_values for hit in reversed(found.hits)}


def places(hits: Iterable[Hit]) -> set[tuple[str, int]]:
    return {(hit.analysis.article.id, hit.analysis.passage.start) for hit in hits}


def terms_of(hit: Hit) -> set[str]:
    return set(
        the_analyser().extract_term_texts(hit.analysis.passage.extract(hit.analysis.article.body))
    )


def test_an_empty_index_has_no_hits() -> None:
    found = search(an_index(), "river")

    extent = Extent(articles=0, passages=0, first_date=None, last_date=None)
    assert (found.hits, found.total, found.unknown_terms) == ((), 0, ("river",))
    assert found.extent == extent


def test_one_passage_is_found_by_one_of_its_terms() -> None:
    article = an_article(FLOOD)

    found = search(an_index(article), "bridges")

    assert [(hit.analysis.article, hit.analysis.passage) for hit in found.hits] == [
        (article, (0, len(FLOOD)))
    ]
    assert found.total == 1


def test_without_a_match_there_are_no_hits() -> None:
    found = search(an_index(an_article(FLOOD)), "comet")

    assert (found.hits, found.total, found.unknown_terms) == ((), 0, ("comet",))


def test_a_term_in_every_passage_finds_them_all() -> None:
    index = an_index(an_article(FLOOD, id="a"), an_article(RAIN, id="b"))

    found = search(index, "Lyon")

    assert sorted(ids(found)) == ["a", "b"]
    assert all(hit.bm25 > 0 for hit in found.hits)


@given(articles=LIBRARIES, question=QUESTIONS)
def test_a_hit_always_contains_a_query_term(articles: list[Article], question: str) -> None:
    found = search(an_index(*articles), question)

    known = set(the_analyser().extract_term_texts(question))
    assert all(terms_of(hit) & known for hit in found.hits)
    assert found.total == sum(
        bool(set(the_analyser().extract_term_texts(span.extract(article.body))) & known)
        for article in articles
        for span in split_passages(article)
    )


def test_the_passage_with_more_query_terms_comes_first() -> None:
    index = an_index(an_article(RAIN, id="rain"), an_article(FLOOD, id="flood"))

    found = search(index, "Which bridge was closed in Lyon?", weights=some_weights())

    assert ids(found) == ["flood", "rain"]


def test_equal_scores_are_ordered_newest_first_then_by_id() -> None:
    index = an_index(
        an_article(FLOOD, id="c"),
        an_article(FLOOD, id="old", published_on=PUBLISHED_ON - DAY),
        an_article(FLOOD, id="a"),
        an_article(FLOOD, id="undated", published_on=None),
        an_article(FLOOD, id="new", published_on=PUBLISHED_ON + DAY),
    )

    found = search(index, "river", weights=BM25_ONLY)

    assert ids(found) == ["new", "a", "c", "old", "undated"]


def test_passages_of_equal_score_in_one_article_keep_their_order() -> None:
    flood, other = FLOOD + AND_MORE, OTHER + AND_MORE
    index = an_index(an_article(f"{flood}\n\n{other}\n\n{flood}"))

    found = search(index, "river", weights=BM25_ONLY)

    starts = [hit.analysis.passage.start for hit in found.hits]
    assert starts == [0, len(flood) + len(other) + 4]


def test_of_many_equal_passages_the_first_by_date_and_id_are_kept() -> None:
    names = [f"{n:03}" for n in range(150)]
    index = an_index(
        *(an_article(FLOOD, id=name) for name in reversed(names)),
        an_article(FLOOD, id="new", published_on=PUBLISHED_ON + DAY),
    )

    found = search(index, "river", weights=BM25_ONLY)

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
def test_bounds_are_inclusive_publication_days(
    after: date | None, before: date | None, expected: list[str]
) -> None:
    index = an_index(
        an_article(FLOOD, id="1", published_on=PUBLISHED_ON - DAY),
        an_article(FLOOD, id="2", published_on=PUBLISHED_ON),
        an_article(FLOOD, id="3", published_on=PUBLISHED_ON + DAY),
        an_article(FLOOD, id="undated", published_on=None),
    )

    found = search(index, "river", Bounds(after=after, before=before))

    assert sorted(ids(found)) == expected
    assert found.total == len(expected)
    assert found.extent.articles == 4


@pytest.mark.parametrize("source", ["The Courier", "the courier", " THE COURIER "])
def test_a_source_limits_the_search_ignoring_case(source: str) -> None:
    index = an_index(
        an_article(FLOOD, id="ours", source="The Courier"),
        an_article(FLOOD, id="other", source="Reuters"),
        an_article(FLOOD, id="none", source=None),
    )

    found = search(index, "river", Bounds(source=source))

    assert ids(found) == ["ours"]


def test_an_unknown_source_excludes_everything() -> None:
    found = search(an_index(an_article(FLOOD)), "river", Bounds(source="Nobody"))

    assert (found.hits, found.total, found.unknown_terms) == ((), 0, ())


def test_articles_dated_after_the_last_visible_day_are_hidden() -> None:
    index = an_index(
        an_article(FLOOD, id="today"),
        an_article(FLOOD, id="tomorrow", published_on=PUBLISHED_ON + DAY),
        an_article(FLOOD, id="undated", published_on=None),
    )

    found = search(index, "river", until=PUBLISHED_ON)

    assert sorted(ids(found)) == ["today", "undated"]
    assert found.extent == Extent(
        articles=2, passages=2, first_date=PUBLISHED_ON, last_date=PUBLISHED_ON
    )


def test_the_extent_has_the_first_and_the_last_day() -> None:
    two = f"{FLOOD}{AND_MORE}\n\n{RAIN}{AND_MORE}"
    index = an_index(
        an_article(FLOOD, id="b", published_on=PUBLISHED_ON),
        an_article(two, id="a", published_on=PUBLISHED_ON - 9 * DAY),
    )

    extent = search(index, "comet").extent

    assert extent == Extent(
        articles=2, passages=3, first_date=PUBLISHED_ON - 9 * DAY, last_date=PUBLISHED_ON
    )


def test_a_passage_with_an_excluded_term_is_no_hit() -> None:
    index = an_index(an_article(FLOOD, id="flood"), an_article(RAIN, id="rain"))

    found = search(index, "Lyon -bridges")

    assert ids(found) == ["rain"]
    assert found.total == 1


def test_a_phrase_must_stand_side_by_side() -> None:
    index = an_index(
        an_article("The bridge that is old was closed when the river in Lyon rose.", id="apart"),
        an_article(FLOOD, id="together"),
        an_article(RAIN, id="neither"),
    )

    found = search(index, "the “old bridges” in Lyon")

    assert ids(found) == ["together"]


def test_a_phrase_is_found_after_any_number_of_passages_with_its_terms_apart() -> None:
    apart = "bridge river closed river " * 10
    index = an_index(
        *(an_article(apart, id=f"apart {n}") for n in range(120)),
        an_article(f"{FLOOD} {RAIN} {OTHER}", id="together"),
    )

    found = search(index, "“bridge was closed”")

    assert ids(found) == ["together"]


def test_unknown_terms_have_the_order_of_the_query() -> None:
    found = search(an_index(an_article(FLOOD)), "Did the comet or a meteor hit the river?")

    assert found.unknown_terms == ("comet", "meteor", "hit")


def test_a_rarer_term_has_a_higher_idf_and_a_joined_form_none() -> None:
    index = an_index(an_article(FLOOD, id="a"), an_article(RAIN, id="b"))

    found = search(index, "Lyon river-side")

    assert found.idfs.keys() == {"lyon", "river", "side"}
    assert found.idfs["side"] == found.idfs["river"] > found.idfs["lyon"] > 0


@given(articles=LIBRARIES.filter(bool), question=QUESTIONS)
def test_a_bm25_share_is_the_score_of_the_parent_minus_idf_times_delta(
    articles: list[Article], question: str
) -> None:
    numbered = [
        (article.id, span, article.body) for article in articles for span in split_passages(article)
    ]
    parent = BM25Plus(
        [the_analyser().extract_term_texts(span.extract(body)) for _, span, body in numbered],
        k1=K1,
        b=B,
    )

    found = search(an_index(*articles), question)

    terms = list(found.idfs)
    constant = parent.delta * sum(parent.idf.get(term, 0.0) for term in terms)
    shares = {
        (name, span.start): score - constant
        for (name, span, _), score in zip(numbered, parent.get_scores(terms), strict=True)
    }
    for hit in found.hits:
        place = (hit.analysis.article.id, hit.analysis.passage.start)
        assert hit.bm25 == pytest.approx(shares[place], rel=1e-9)


def test_the_previous_passage_belongs_to_the_same_article() -> None:
    leaning = "The company announced on Friday that the bridge in Lyon would be closed."
    index = an_index(
        an_article(leaning, id="a"),
        an_article(leaning, id="b"),
        an_article(f"{RAIN * 4} {OTHER}\n\n{leaning}{AND_MORE}", id="c"),
    )

    found = search(index, "bridge announced")

    before = {str(hit.analysis.article.id): hit.analysis.previous_sentence for hit in found.hits}
    assert (before["a"], before["b"]) == (None, None)
    assert before["c"] is not None
    assert before["c"].span.extract(index.articles[2].body) == OTHER


@given(articles=LIBRARIES, question=QUESTIONS, weights=WEIGHTS)
def test_the_shares_of_terms_and_of_features_add_up_to_the_score(
    articles: list[Article], question: str, weights: Weights
) -> None:
    found = search(an_index(*articles), question, weights=weights)

    for hit in found.hits:
        assert hit.feature_shares.keys() == weights.get_feature_weights(query_of(question)).keys()
        shares = [*hit.term_shares.values(), *hit.feature_shares.values()]
        assert sum(shares) == pytest.approx(hit.score, rel=0, abs=1e-9)


@given(articles=LIBRARIES, question=QUESTIONS, weights=WEIGHTS)
def test_a_share_is_value_times_weight_times_total_idf(
    articles: list[Article], question: str, weights: Weights
) -> None:
    found = search(an_index(*articles), question, weights=weights)

    scale = sum(found.idfs.values())
    counted = weights.get_feature_weights(query_of(question))
    for hit in found.hits:
        for name, share in hit.feature_shares.items():
            assert share == pytest.approx(hit.feature_values[name] * counted[name] * scale)


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("Which old bridge was closed?", "features"),
        ("Was the old bridge closed?", "features"),
        ("The old bridge was closed for the first time since:", "features"),
        ("The old bridge was closed at noon.", "statement"),
        ("old bridge", "statement"),
    ],
    ids=["a question", "yes or no", "a text that waits", "a claim", "terms"],
)
def test_questions_and_statements_have_their_own_weights(question: str, table: str) -> None:
    weights = some_weights(features={"covered": 1.0}, statement={"covered": 3.0, "article": 0.5})

    found = search(an_index(an_article(FLOOD)), question, weights=weights)

    (hit,) = found.hits
    scale, values = sum(found.idfs.values()), hit.feature_values
    assert (
        hit.feature_shares
        == {
            "features": {"covered": pytest.approx(values["covered"] * scale)},
            "statement": {
                "covered": pytest.approx(3 * values["covered"] * scale),
                "article": pytest.approx(0.5 * values["article"] * scale),
            },
        }[table]
    )


@given(articles=LIBRARIES, question=QUESTIONS)
def test_a_hit_has_the_value_of_every_feature(articles: list[Article], question: str) -> None:
    found = search(an_index(*articles), question)

    for hit in found.hits:
        assert hit.feature_values.keys() == set(FEATURE_NAMES)
        assert hit.feature_values["article"] > 0
        assert all(0 <= value <= 1 + 1e-9 for value in hit.feature_values.values())


def test_a_hit_too_long_to_show_has_no_window_and_only_first_stage_features() -> None:
    query, limits = (
        query_of("Which bridge was closed?"),
        AnswerLimits(max_excerpt_chars=len(FLOOD) - 1),
    )
    weights = some_weights(features={"covered": 1.0, "article": 1.0})

    (hit,) = what_is_found(query, an_index(an_article(FLOOD)), limits=limits, weights=weights).hits

    assert hit.window is None
    assert hit.feature_values.keys() == set(FIRST_STAGE_FEATURES)
    assert hit.feature_shares["covered"] == 0.0 < hit.feature_shares["article"]


@given(articles=LIBRARIES, question=QUESTIONS)
def test_a_term_has_a_share_only_in_hits_that_contain_it(
    articles: list[Article], question: str
) -> None:
    found = search(an_index(*articles), question)

    known = set(the_analyser().extract_term_texts(question))
    for hit in found.hits:
        assert hit.term_shares.keys() == terms_of(hit) & known
        assert all(type(share) is float for share in hit.term_shares.values())


def test_a_date_in_the_question_steers_and_excludes_nothing() -> None:
    said = "Sam Altman said on the radio that the deal was rushed and looked bad to all."
    index = an_index(
        an_article(said, id="a", published_on=date(2025, 7, 1)),
        an_article(said, id="b", published_on=date(2026, 3, 2)),
        an_article(said, id="c", published_on=date(2026, 3, 20)),
    )
    weights = some_weights(features={"published": 1.0})

    plain = search(index, "What did Altman say?", weights=weights)
    dated = search(index, "What did Altman say in late February 2026?", weights=weights)

    assert ids(plain) == ["c", "b", "a"]
    assert ids(dated) == ["b", "c", "a"]


@given(articles=LIBRARIES, question=QUESTIONS)
def test_adding_an_unrelated_passage_keeps_every_hit(
    articles: list[Article], question: str
) -> None:
    index = an_index(*articles)
    unrelated = an_article("Astronomers photographed seven moons of Saturn.", id="unrelated")

    more = index.with_changes(removed=frozenset(), added=[unrelated])

    before, after = search(index, question), search(more, question)
    assert places(after.hits) == places(before.hits)
    assert after.total == before.total


@given(articles=LIBRARIES, added=LIBRARIES, question=QUESTIONS, data=st.data())
def test_a_changed_index_finds_the_same_as_a_newly_built_one(
    articles: list[Article], added: list[Article], question: str, data: st.DataObject
) -> None:
    new = [replace(article, id=ArticleId(f"new {article.id}")) for article in added]
    removed = data.draw(
        st.frozensets(st.sampled_from([article.id for article in articles] or [ArticleId("")]))
    )

    changed = an_index(*articles).with_changes(removed=removed, added=new)

    anew = an_index(*(article for article in articles if article.id not in removed), *new)
    assert search(changed, question) == search(anew, question)


def test_a_revision_replaces_the_article() -> None:
    index = an_index(an_article(FLOOD, id="flood"), an_article(RAIN, id="rain"))
    revised = an_article(OTHER, id="flood", revision=2)

    changed = index.with_changes(removed={ArticleId("flood")}, added=[revised])

    assert ids(search(changed, "river")) == []
    assert [hit.analysis.article for hit in search(changed, "budget").hits] == [revised]


def test_a_change_does_not_modify_the_old_index() -> None:
    index = an_index(an_article(FLOOD, id="flood"), an_article(RAIN, id="rain"))
    before = search(index, "Lyon")

    index.with_changes(removed={ArticleId("flood")}, added=[an_article(FLOOD, id="other")])

    assert search(index, "Lyon") == before
    assert len(before.hits) == 2


@given(articles=LIBRARIES, question=QUESTIONS)
def test_an_index_survives_a_round_trip_through_arrays(
    articles: list[Article], question: str
) -> None:
    index = an_index(*articles)

    again = SearchIndex.from_arrays(index.to_arrays(), the_analyser())

    assert search(again, question) == search(index, question)


def test_a_word_only_in_hidden_articles_is_unknown() -> None:
    later = an_article("A comet was seen.", id="later", published_on=date(2026, 4, 1))
    index = an_index(an_article("The river rose."), later)

    found = search(index, "comet", until=PUBLISHED_ON)

    assert found.unknown_terms == ("comet",)


@given(articles=LIBRARIES, question=QUESTIONS)
def test_a_plain_search_gives_the_order_of_bm25(articles: list[Article], question: str) -> None:
    index = an_index(*articles)

    found = search(index, question, weights=BM25_ONLY)

    assert all(hit.feature_shares == {} and hit.score == hit.bm25 for hit in found.hits)
    assert all(one.bm25 >= other.bm25 for one, other in pairwise(found.hits))
    assert set(ids(found)) == set(index.rank_articles_by_bm25(query_of(question), until=None))


@pytest.mark.parametrize("most", [2, MAX_HITS + 10])
def test_a_search_returns_the_requested_number_of_hits(most: int) -> None:
    index = an_index(*(an_article(FLOOD, id=f"flood {number}") for number in range(50)))

    found = index.search(
        query_of("Lyon bridge"),
        bounds=Bounds(),
        until=None,
        limits=AnswerLimits(),
        weights=the_weights(),
        max_hits=most,
    )

    assert (len(found.hits), found.total) == (most, 50)


@pytest.mark.parametrize("question", ["Lyon bridge", "the “old bridge”"])
def test_a_search_analyses_only_some_of_many_passages(question: str) -> None:
    index = an_index(*(an_article(FLOOD, id=f"flood {number}") for number in range(200)))

    found = index.search(
        query_of(question),
        bounds=Bounds(),
        until=None,
        limits=AnswerLimits(),
        weights=the_weights(),
        max_hits=200,
    )

    assert MAX_HITS < len(found.hits) < found.total == 200


def test_analysed_passages_are_chosen_by_the_first_stage() -> None:
    older = an_article(FLOOD, id="older", published_on=date(2026, 2, 1))
    index = an_index(*(an_article(FLOOD, id=f"{number}") for number in range(100)), older)
    dates = {"published": 1.0}
    steered = some_weights(candidates=dates, features=dates)

    seen = search(index, "river in January 2026", weights=steered)
    unseen = search(index, "river in January 2026", weights=some_weights(features=dates))

    assert ids(seen)[0] == "older"
    assert "older" not in ids(unseen)


@pytest.mark.parametrize(
    ("question", "expected"),
    [("Why did the river rise?", RAIN), ("The river in Lyon", "Why did the river rise?")],
    ids=["what asks", "what states"],
)
def test_the_window_is_chosen_by_the_weights_of_the_query(question: str, expected: str) -> None:
    index = an_index(an_article(f"Why did the river rise? {RAIN}"))
    weights = some_weights(features={"asks": -1.0}, statement={"asks": 1.0})
    limits = AnswerLimits(max_excerpt_chars=len(RAIN))

    (hit,) = what_is_found(query_of(question), index, limits=limits, weights=weights).hits

    assert hit.window is not None
    assert hit.window.span.extract(hit.analysis.article.body) == expected


def test_recency_counts_if_no_earlier_fortnight_matches_as_well() -> None:
    new = an_article(FLOOD, id="new")
    old = an_article(FLOOD.replace("river", "lake"), id="old", published_on=PUBLISHED_ON - 25 * DAY)
    same = replace(old, body=FLOOD)
    question = "river in Lyon this week"

    better = values_by_id(search(an_index(new, old), question))
    as_good = values_by_id(search(an_index(new, same), question))

    assert (better["new"]["recent days"], better["new"]["published"]) == (1.0, 1.0)
    assert better["old"]["recent days"] == pytest.approx(math.exp(-1))
    assert (as_good["new"]["recent days"], as_good["new"]["published"]) == (0.0, 0.0)
    assert as_good["old"]["recent days"] == 0.0


def test_an_article_is_scored_by_all_its_passages() -> None:
    index = an_index(
        an_article(f"{FLOOD}{AND_MORE}\n\n{FLOOD}{AND_MORE}", id="new"),
        an_article(f"{FLOOD}{AND_MORE}", id="old", published_on=PUBLISHED_ON - 25 * DAY),
    )

    values = values_by_id(search(index, "river in Lyon"))

    assert values["new"]["recent days"] == 1.0


def test_a_passage_with_all_terms_scores_higher() -> None:
    river, lyon = "The river rose fast.", "Snow fell in Lyon."
    together = f"{river} {lyon}{AND_MORE}\n\n{OTHER} {OTHER}{AND_MORE}"
    apart = f"{river} {OTHER}{AND_MORE}\n\n{lyon} {OTHER}{AND_MORE}"
    old = PUBLISHED_ON - 25 * DAY

    better = an_index(an_article(together, id="new"), an_article(apart, id="old", published_on=old))
    worse = an_index(an_article(apart, id="new"), an_article(together, id="old", published_on=old))

    assert values_by_id(search(better, "river in Lyon"))["new"]["recent days"] == 1.0
    assert values_by_id(search(worse, "river in Lyon"))["new"]["recent days"] == 0.0


def test_articles_without_query_terms_do_not_affect_recency() -> None:
    old = [an_article(OTHER, id=f"{n}", published_on=PUBLISHED_ON - n * DAY) for n in range(99)]
    index = an_index(
        an_article(FLOOD, id="new"),
        an_article(FLOOD, id="old", published_on=PUBLISHED_ON - 25 * DAY),
        *old,
    )

    values = values_by_id(search(index, "river in Lyon"))

    assert values["new"]["recent days"] == 0.0


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        ("article", ["around", "alone"]),
        ("opening", ["alone", "around"]),
    ],
)
def test_an_article_raises_its_passages(feature: str, expected: list[str]) -> None:
    around = f"{FLOOD}{AND_MORE}\n\n{FLOOD}{AND_MORE}"
    index = an_index(
        an_article(f"{OTHER}{AND_MORE}\n\n{FLOOD}{AND_MORE}", id="alone"),
        an_article(f"{OTHER}{AND_MORE}\n\n{around}", id="around"),
    )

    found = search(index, "river", weights=some_weights(features={feature: 1.0}))

    assert list(dict.fromkeys(ids(found))) == expected


def test_the_first_passage_of_an_article_is_its_opening() -> None:
    paragraph = FLOOD + AND_MORE
    index = an_index(
        an_article("The river is long.", id="long"),
        an_article("\n\n".join([paragraph] * 3), id="flood"),
    )

    found = search(index, "river")

    flood = [hit for hit in found.hits if hit.analysis.article.id == "flood"]
    openings = {hit.analysis.passage.start: hit.feature_values["opening"] for hit in flood}
    assert openings == {
        0: pytest.approx(1 / 2),
        len(paragraph) + 2: pytest.approx(1 / 4),
        2 * len(paragraph) + 4: pytest.approx(1 / 6),
    }


def test_windows_are_no_longer_than_the_limit() -> None:
    index = an_index(an_article(f"{FLOOD} {RAIN} {OTHER}"))
    weights = some_weights(features={})

    (wide,) = what_is_found(query_of("river Lyon"), index, weights=weights).hits
    limits = AnswerLimits(max_excerpt_chars=len(FLOOD) + len(RAIN))
    (narrow,) = what_is_found(query_of("river Lyon"), index, limits=limits, weights=weights).hits

    assert wide.window is not None
    assert narrow.window is not None
    assert (len(wide.window.sentences), len(narrow.window.sentences)) == (3, 1)


def test_asked_terms_come_from_the_clause_that_asks() -> None:
    index = an_index(an_article(FLOOD))

    (asked,) = search(index, "A comet was seen. Which old bridge was closed?").hits
    (told,) = search(index, "The old bridge was closed. Which comet was seen?").hits

    assert asked.feature_values["asked"] == pytest.approx(1.0)
    assert told.feature_values["asked"] == 0.0


@given(articles=LIBRARIES, question=QUESTIONS, weights=WEIGHTS)
def test_a_hit_has_the_heaviest_window_of_its_passage(
    articles: list[Article], question: str, weights: Weights
) -> None:
    index, query = an_index(*articles), query_of(question)

    found = search(index, question, weights=weights)
    candidates = list(
        index.find_candidate_windows(query, until=None, limits=AnswerLimits(), weights=weights)
    )

    counted = weights.get_feature_weights(query)

    def weight(candidate: CandidateWindow) -> float:
        return sum(weight * candidate.feature_values[name] for name, weight in counted.items())

    scale = sum(found.idfs.values())
    hits = {(hit.analysis.article.id, hit.analysis.passage): hit for hit in found.hits}
    of_passages = groupby(
        candidates, lambda candidate: (candidate.analysis.article.id, candidate.analysis.passage)
    )
    best = {place: max(windows, key=weight) for place, windows in of_passages}
    assert best.keys() == hits.keys()
    for place, candidate in best.items():
        hit = hits[place]
        assert hit.window is not None
        assert weight(candidate) == pytest.approx(
            sum(weight * hit.feature_values[name] for name, weight in counted.items())
        )
        assert candidate.bm25 * scale == pytest.approx(hit.bm25)


def test_candidates_are_all_windows_of_visible_passages() -> None:
    index = an_index(
        an_article(f"{FLOOD} {RAIN} {OTHER} {OTHER}{AND_MORE}", id="today"),
        an_article(FLOOD, id="tomorrow", published_on=PUBLISHED_ON + DAY),
        an_article(OTHER, id="other"),
    )

    candidates = list(
        index.find_candidate_windows(
            query_of("river"), until=PUBLISHED_ON, limits=AnswerLimits(), weights=the_weights()
        )
    )

    assert {candidate.analysis.article.id for candidate in candidates} == {"today"}
    starts = [candidate.window.span.start for candidate in candidates]
    assert starts == [0, len(FLOOD) + 1, len(FLOOD) + len(RAIN) + 2]


def test_a_hyphenated_word_finds_its_joined_form() -> None:
    index = an_index(an_article("They closed the riverside road."))

    (hit,) = search(index, "river-side", weights=BM25_ONLY).hits

    assert hit.term_shares.keys() == {"riversid"}


def test_articles_are_ordered_once_by_their_best_passage() -> None:
    index = an_index(
        an_article(f"{OTHER} It was cold in Lyon.", id="cold"),
        an_article(OTHER, id="other"),
        an_article(f"{RAIN}\n\n{FLOOD}", id="flood"),
        an_article("The bridge of Lyon.", id="bridge"),
    )
    query = query_of("Lyon bridge")

    assert list(index.rank_articles_by_bm25(query, until=None)) == ["bridge", "flood", "cold"]


def test_hidden_articles_are_not_ordered() -> None:
    later = an_article(FLOOD, id="later", published_on=PUBLISHED_ON + DAY)
    index = an_index(later, an_article(FLOOD))
    query = query_of("Lyon bridge")

    assert list(index.rank_articles_by_bm25(query, until=PUBLISHED_ON)) == ["flood"]


MISSPELT = st.sampled_from(["rivver", "brigde", "Lyyon", "budgett", "Coort", "falll", "pensionss"])


@given(articles=LIBRARIES, question=st.lists(MISSPELT, min_size=1, max_size=3).map(" ".join))
def test_a_suggestion_is_in_a_visible_article_and_differs_from_the_word(
    articles: list[Article], question: str
) -> None:
    until = PUBLISHED_ON - DAY

    found = search(an_index(*articles), question, until=until)

    seen = {
        word
        for article in articles
        if article.published_on and article.published_on <= until
        for word in article.body.replace(".", "").split()
    }
    assert found.suggestions.keys() <= set(found.unknown_terms)
    for words in found.suggestions.values():
        assert seen.issuperset(words)
        assert not set(words) & set(question.split())


def test_a_word_only_in_hidden_articles_is_not_suggested() -> None:
    index = an_index(
        an_article(FLOOD), an_article(OTHER, id="older", published_on=PUBLISHED_ON - DAY)
    )

    hidden = search(index, "brigde budgett", until=PUBLISHED_ON - DAY)
    seen = search(index, "brigde budgett", until=PUBLISHED_ON)

    assert dict(hidden.suggestions) == {"budgett": ("budget",)}
    assert dict(seen.suggestions) == {"brigd": ("bridge",), "budgett": ("budget",)}


def test_the_last_articles_decide_the_spelling_of_a_suggestion() -> None:
    older = [an_article("The courts ruled in Lyon.", id=f"{n}") for n in range(10)]
    newer = [an_article("The court ruled in Lyon.", id=f"newer {n}") for n in range(10)]

    found = search(an_index(*older, *newer), "courtt")

    assert dict(found.suggestions) == {"courtt": ("court",)}


def test_a_word_entered_as_a_name_is_corrected_to_names_only() -> None:
    index = an_index(an_article("The starter fell ill at the start of the race."))

    name = search(index, "Who is Starmer?")
    word = search(index, "Who is the starmer?")

    assert (dict(name.suggestions), dict(word.suggestions)) == ({}, {"starmer": ("starter",)})

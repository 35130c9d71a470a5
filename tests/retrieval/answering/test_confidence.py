import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.article import Article
from bot.model.day_range import DayRange
from bot.retrieval.answering.answer import extract_excerpts
from bot.retrieval.answering.confidence import EVIDENCE_NAMES, ConfidenceModel
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import BM25_ONLY, INTERCEPT, Caution, Weights
from tests.builders import (
    PUBLISHED_ON,
    an_article,
    an_index,
    seed_articles,
    the_analyser,
    the_weights,
    what_is_found,
)
from tests.retrieval.builders import a_case, some_weights

FLOOD = "The river rose by two metres in Lyon, and the old bridge was closed."
RAIN = "Heavy rain fell on Lyon for two days and filled the streets near the station."
BUDGET = "Parliament passed the budget after a long debate about taxes and pensions."
SAID = "The old bridge was closed on Monday, Bob Ray said at the town hall."
BODIES = st.sampled_from(
    [FLOOD, RAIN, BUDGET, SAID, f"{FLOOD} {RAIN} {BUDGET} {SAID}", "Why did the river rise?"]
)
LIBRARIES = st.lists(BODIES, min_size=1, max_size=4).map(
    lambda bodies: [an_article(body, id=f"{n}") for n, body in enumerate(bodies)]
)
WORDS = st.sampled_from(
    ["Who", "When", "river", "Lyon", "bridge", "Bob Ray", "rain", "comet", "in 2019", "rose?"]
)
LARGE = 9_999
"""The number of passages in a library that is not small."""
QUESTIONS = st.lists(WORDS).map(lambda words: " ".join([*words, "river"]))
SURE = st.sampled_from([the_weights(), some_weights()])


def evidence_of(question: str, *articles: Article) -> Mapping[str, float]:
    """Return the evidence for the best excerpt."""
    case, excerpts = a_case(question, *articles)
    return case.compute_evidence(excerpts[0], excerpts)


def search_for(question: str, *articles: Article) -> tuple[Query, SearchResult]:
    query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())
    return query, what_is_found(query, an_index(*articles), weights=some_weights())


def case_of(query: Query, found: SearchResult, weights: Weights | None = None) -> ConfidenceModel:
    return ConfidenceModel(
        query=query, result=found, limits=AnswerLimits(), weights=weights or some_weights()
    )


def with_passages(found: SearchResult, passages: int) -> SearchResult:
    """Return the same result for a library with this number of passages."""
    return replace(found, extent=replace(found.extent, passages=passages))


def is_ruled_out(question: str, text: str, published_on: date | None = PUBLISHED_ON) -> bool:
    """Return whether the only excerpt can't answer."""
    case, (excerpt,) = a_case(question, an_article(text, published_on=published_on))
    return case.is_ruled_out(excerpt)


def is_about(question: str, text: str, *others: Article, title: str = "News") -> bool:
    """Return whether an excerpt of an article with this text is on the topic of the question."""
    case, excerpts = a_case(question, an_article(text, id="this", title=title), *others)
    (excerpt,) = (excerpt for excerpt in excerpts if excerpt.article.id == "this")
    return case.is_about(excerpt)


@given(question=QUESTIONS, articles=LIBRARIES)
def test_evidence_has_all_its_names(question: str, articles: list[Article]) -> None:
    case, excerpts = a_case(question, *articles)

    for excerpt in excerpts:
        evidence = case.compute_evidence(excerpt, excerpts)
        assert sorted(evidence) == sorted(EVIDENCE_NAMES)
        assert all(map(math.isfinite, evidence.values()))
        shares = (
            evidence[name] for name in EVIDENCE_NAMES if not name.startswith(("article", "length"))
        )
        assert all(-1 <= share <= 1 + 1e-9 for share in shares)


def test_the_shipped_weights_cover_exactly_the_evidence() -> None:
    assert the_weights().evidence.keys() == {INTERCEPT, *EVIDENCE_NAMES}


@pytest.mark.parametrize("name", ["article", "covered", "shared"])
def test_evidence_from_a_feature_has_its_value(name: str) -> None:
    case, (excerpt, other) = a_case(
        "river in Lyon", an_article(FLOOD, id="a"), an_article(RAIN, id="b")
    )
    marked = replace(excerpt, feature_values={**excerpt.feature_values, name: 0.123})

    evidence = case.compute_evidence(marked, [marked, other])

    assert evidence[name] == 0.123


def test_held_is_the_idf_coverage_of_the_excerpt() -> None:
    article = an_article(FLOOD, title="Comet")

    evidence = evidence_of("river comet meteor bridge", article)

    assert evidence["held"] == pytest.approx(2 / 4)


def test_unknown_is_the_idf_share_of_unknown_terms() -> None:
    evidence = evidence_of("river comet meteor in Lyon", an_article(FLOOD))

    assert evidence["unknown"] == pytest.approx(2 / 4)


@pytest.mark.parametrize(("day", "undated"), [(PUBLISHED_ON, 0.0), (None, 1.0)])
def test_undated_says_whether_the_article_is_undated(day: date | None, undated: float) -> None:
    assert evidence_of("river", an_article(FLOOD, published_on=day))["undated"] == undated


def test_length_grows_with_the_number_of_query_terms() -> None:
    evidence = evidence_of("river comet in Lyon", an_article(FLOOD))

    assert evidence["length"] == pytest.approx(math.log(1 + 3))


@pytest.mark.parametrize(
    ("passages", "little"), [(0, 1.0), (9, 0.75), (99, 0.5), (9_999, 0.0), (99_999, 0.0)]
)
def test_a_library_is_small_up_to_ten_thousand_passages(passages: int, little: float) -> None:
    query, found = search_for("river comet", an_article(FLOOD))
    case = case_of(query, with_passages(found, passages))
    (excerpt,) = extract_excerpts(found, AnswerLimits())

    evidence = case.compute_evidence(excerpt, [excerpt])

    assert evidence["little"] == pytest.approx(little)


@pytest.mark.parametrize("passages", [9, 9_999])
def test_evidence_has_an_extra_weight_in_small_libraries(passages: int) -> None:
    query, found = search_for("river comet", an_article(FLOOD))
    case = case_of(query, with_passages(found, passages))
    (excerpt,) = extract_excerpts(found, AnswerLimits())

    evidence = case.compute_evidence(excerpt, [excerpt])

    for name in (name for name in EVIDENCE_NAMES if name != "little" and ", little" not in name):
        again = evidence[name] * evidence["little"]
        assert evidence[f"{name}, little"] == pytest.approx(again)


def leads(own: float, *others: float) -> tuple[float, float]:
    """Return "margin" and "clear" for an excerpt with this score among others; the idf is 2."""
    bodies = (an_article(FLOOD, id=f"{n}") for n in range(1 + len(others)))
    query, found = search_for("river", *bodies)
    case = case_of(query, replace(found, idfs={"river": 2.0}))
    scores = (*others, own)
    excerpts = [
        replace(excerpt, score=score)
        for excerpt, score in zip(extract_excerpts(found, AnswerLimits()), scores, strict=True)
    ]
    evidence = case.compute_evidence(excerpts[-1], excerpts)
    return evidence["margin"], evidence["clear"]


@pytest.mark.parametrize(
    ("own", "best", "margin"),
    [(1.5, 1.0, 0.25), (1.0, 1.5, -0.25), (9.0, 1.0, 1.0), (1.0, 9.0, -1.0)],
    ids=["ahead", "behind", "far ahead", "far behind"],
)
def test_margin_is_the_lead_over_the_best_other(own: float, best: float, margin: float) -> None:
    assert leads(own, 0.1, best, 0.2)[0] == pytest.approx(margin)


@pytest.mark.parametrize(
    ("own", "third", "clear"),
    [(3.0, 2.5, 0.25), (2.0, 2.5, -0.25), (9.0, 2.5, 1.0), (0.1, 2.5, -1.0)],
    ids=["ahead", "behind", "far ahead", "far behind"],
)
def test_clear_is_the_lead_over_the_third_best_other(
    own: float, third: float, clear: float
) -> None:
    assert leads(own, 2.9, 0.1, third, 2.6)[1] == pytest.approx(clear)


def test_the_only_excerpt_leads_by_its_score() -> None:
    assert leads(1.0) == pytest.approx((0.5, 0.5))


def test_clear_is_the_whole_score_with_fewer_than_three_others() -> None:
    assert leads(1.0, 0.8, 0.8) == pytest.approx((0.1, 0.5))


@pytest.mark.parametrize(
    ("question", "denies"), [("river in Lyon", 0.0), ("What didn’t the river in Lyon do?", 1.0)]
)
def test_denies_says_whether_the_query_is_negated(question: str, denies: float) -> None:
    assert evidence_of(question, an_article(FLOOD))["denies"] == denies


def test_names_is_the_lowest_coverage_among_the_names() -> None:
    question = "Did Ann Lee meet Bob Ray at the bridge?"

    evidence = evidence_of(question, an_article(f"Lee came. {SAID}", title="News"))

    assert evidence["names"] == pytest.approx(1 / 2)


def test_a_name_in_the_context_is_covered() -> None:
    question = "What was said of the bridge by Ann Lee?"

    named = evidence_of(question, an_article(SAID, title="Ann Lee on the bridge"))
    unnamed = evidence_of(question, an_article(SAID, title="News"))

    assert (named["names"], unnamed["names"]) == (1.0, 0.0)


def test_without_names_the_coverage_is_1() -> None:
    assert evidence_of("old comet", an_article(FLOOD))["names"] == 1.0


def test_the_noun_of_the_question_is_no_missing_name() -> None:
    told = "Claude did win against Ann Lee and Bob Ray in Lyon."

    evidence = evidence_of(
        "Which AI language model did win against Ann Lee and Bob Ray in Lyon?", an_article(told)
    )

    assert evidence["names"] == 1.0


@given(question=QUESTIONS, articles=LIBRARIES, weights=SURE)
def test_a_confidence_is_a_probability_and_0_if_ruled_out(
    question: str, articles: list[Article], weights: Weights
) -> None:
    case, excerpts = a_case(question, *articles, weights=weights)

    for excerpt in excerpts:
        confidence = case.estimate_confidence(excerpt, excerpts)
        assert 0 <= confidence <= 1
        assert (confidence == 0) is case.is_ruled_out(excerpt)


def test_a_confidence_is_the_logistic_function_of_the_evidence() -> None:
    weights = some_weights(evidence={INTERCEPT: -1.0, "held": 2.0, "unknown": -3.0})
    case, excerpts = a_case("river comet in Lyon", an_article(FLOOD), weights=weights)

    confidence = case.estimate_confidence(excerpts[0], excerpts)

    # held = 2/3, unknown = 1/3: -1 + 2 * 2/3 - 3 * 1/3 = -2/3; 1 / (1 + exp(2/3)) = 0.339244
    assert confidence == pytest.approx(0.339244, abs=1e-6)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Why did the river rise?", "Why did the river rise?", True),
        ("How old is the river?", FLOOD, True),
        ("How old is the river?", "The river is 90 years old.", False),
        ("Why is the river closed?", FLOOD, False),
        ("river in May 2019", FLOOD, True),
        ("river in May 2019", "The river rose in May 2019.", False),
        ("river in February 2026", FLOOD, False),
    ],
    ids=[
        "it only asks",
        "it lacks the kind wanted",
        "it holds the kind wanted",
        "the kind wanted has no sure sign",
        "nothing is of the day",
        "it names the day",
        "articles are of soon after the day",
    ],
)
def test_an_excerpt_is_ruled_out_if_it_asks_or_lacks_the_type_or_the_day(
    question: str,
    text: str,
    expected: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert is_ruled_out(question, text) is expected


@pytest.mark.parametrize(
    ("day", "is_outside"),
    [
        (date(2026, 2, 15), True),
        (date(2026, 2, 16), False),
        (date(2026, 3, 2), False),
        (date(2026, 3, 3), True),
    ],
)
def test_articles_cover_the_days_shortly_before_their_publication(
    day: date,
    is_outside: bool,  # noqa: FBT001 - an expected value
) -> None:
    case, _ = a_case(f"Was there a river in Lyon on {day}?", an_article(FLOOD))

    assert case.days_outside_library == ((DayRange(first=day, last=day),) if is_outside else ())


def test_the_first_day_of_the_calendar_is_accepted() -> None:
    assert is_ruled_out("river in Lyon in 2019", FLOOD, published_on=date.min)


def test_an_undated_library_lacks_no_days() -> None:
    assert not is_ruled_out("river in Lyon in May 2019", FLOOD, published_on=None)


def test_an_unknown_title_noun_is_in_no_excerpt() -> None:
    told = "Mayor Ann Lee closed the old bridge over the river in Lyon."
    known, (excerpt,) = a_case("Which mayor closed the old bridge?", an_article(told))
    unknown, (other,) = a_case("Which judge closed the old bridge?", an_article(told))

    assert known.has_answer_type(excerpt)
    assert not unknown.has_answer_type(other)


@pytest.mark.parametrize(
    ("held", "expected"),
    [((6, 5, 1), 2), ((5, 6, 6), 0), ((6, 1, 5), 2), ((6, 1, 1), 1), ((6, 6, 6), 3)],
    ids=["one is not", "the first is not", "a later one is", "the first alone is", "all are"],
)
def test_further_excerpts_need_less_confidence(held: tuple[int, ...], expected: int) -> None:
    # minimum 0.5: a confidence of 0.5 has "covered" 5.5; a fifth of it, 0.1, has 3.3
    weights = some_weights(evidence={INTERCEPT: -5.5, "covered": 1.0})
    query, found = search_for("river", *(an_article(FLOOD, id=name) for name in "abc"))
    case = case_of(query, with_passages(found, LARGE), weights)
    told = [
        replace(excerpt, feature_values={"covered": float(value)})
        for excerpt, value in zip(extract_excerpts(found, AnswerLimits()), held, strict=True)
    ]

    answering = case.select_answers(told)

    assert len(answering) == expected
    assert all(excerpt.feature_values["covered"] >= 5 for excerpt in answering)


@pytest.mark.parametrize(
    ("caution", "expected"), [(Caution.CAREFUL, 0), (Caution.BALANCED, 0), (Caution.EAGER, 1)]
)
def test_the_minimum_confidence_depends_on_the_caution(caution: Caution, expected: int) -> None:
    query, found = search_for("river comet meteor moon in Lyon", an_article(FLOOD))
    case = ConfidenceModel(
        query=query,
        result=with_passages(found, LARGE),
        limits=AnswerLimits(caution=caution),
        weights=some_weights(),  # the confidence is 1 / (1 + exp(5 - 10 * 2/5)) = 0.27
    )

    assert len(case.select_answers(extract_excerpts(found, AnswerLimits()))) == expected


@pytest.mark.parametrize(("passages", "expected"), [(LARGE, 1), (10, 0)], ids=["large", "little"])
def test_a_small_library_requires_more_confidence(passages: int, expected: int) -> None:
    query, found = search_for("river", an_article(FLOOD))
    weights = some_weights(evidence={INTERCEPT: 0.2})  # a confidence of 0.55; least 0.5
    case = case_of(query, with_passages(found, passages), weights)

    assert len(case.select_answers(extract_excerpts(found, AnswerLimits()))) == expected


def test_more_caution_requires_more_confidence() -> None:
    least = the_weights().min_confidences

    careful_first = [Caution.CAREFUL, Caution.BALANCED, Caution.EAGER]
    assert all(least[more] > least[less] for more, less in pairwise(careful_first))
    assert all(0 < value < 1 for value in least.values())


def test_nothing_answers_without_excerpts() -> None:
    case, excerpts = a_case("comet", an_article(FLOOD))

    assert case.select_answers(excerpts) == ()


@given(question=QUESTIONS, articles=LIBRARIES)
def test_without_evidence_weights_everything_answers(
    question: str, articles: list[Article]
) -> None:
    case, excerpts = a_case(question, *articles, weights=BM25_ONLY)

    assert not case.is_calibrated
    assert case.select_answers(excerpts) == tuple(excerpts)


def test_a_question_is_about_nothing() -> None:
    assert is_about("Why did the river rise?", "Nobody knows why the river rose.")
    assert not is_about("Why did the river rise?", "Why did the river rise?")


def test_an_excerpt_on_the_topic_covers_a_third_of_the_predicate() -> None:
    assert is_about("river bridge tax", "A river.", an_article("A bridge. A tax.")) is False
    assert is_about("river bridge", "A river.", an_article("A bridge."))


def test_an_excerpt_on_the_topic_need_not_contain_the_noun() -> None:
    told = "Claude won in Lyon."

    assert is_about("Which big new language model won in Lyon?", told)
    assert not is_about("Did a big new language model win in Lyon?", told.replace("won", "was"))


def test_an_excerpt_on_the_topic_has_the_names_itself_or_in_its_article() -> None:
    question = "What did Ann Lee say about the old bridge that was closed?"
    other = an_article("Ann Lee spoke.", id="other")

    assert is_about(question, SAID, other, title="Ann Lee on the bridge")
    assert not is_about(question, SAID, other)


def test_half_of_a_name_is_enough() -> None:
    question = "Was the deal of Sam Altman rushed?"
    text = "The deal was rushed and looked bad, Altman said on Friday."
    others = [an_article(f"Sam Smith spoke. {BUDGET}", id=f"{n}") for n in range(2)]

    assert is_about(question, text, *others)
    assert not is_about(question, text.replace("Altman", "Sam"), *others)


@pytest.mark.parametrize("caution", Caution)
@given(data=st.data())
def test_the_first_answer_is_the_best_excerpt(caution: Caution, data: st.DataObject) -> None:
    case, excerpts = a_case(
        data.draw(QUESTIONS),
        *data.draw(LIBRARIES),
        *seed_articles(),
        limits=AnswerLimits(caution=caution),
        weights=the_weights(),
    )

    answering: tuple[Excerpt, ...] = case.select_answers(excerpts)

    assert answering[:1] in ((), tuple(excerpts[:1]))
    assert set(map(id, answering)) <= set(map(id, excerpts))

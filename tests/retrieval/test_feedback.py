import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.feedback import Feedback, closeness
from bot.retrieval.reading import Reading, Sentence
from bot.retrieval.span import Span
from tests.builders import an_article

RARITIES = {"river": 3.0, "flood": 1.0}
WORDS = st.sampled_from(["river", "flood", "Lyon", "Paris", "rain", "bridge"])
TEXTS = st.lists(st.tuples(st.lists(WORDS).map(" ".join), st.sampled_from("abc")), max_size=20)


def a_sentence(text: str) -> Sentence:
    """The sentence of these terms; those with a capital are offered as answers."""
    words = text.split()
    keys = tuple(map(str.lower, words))
    return Sentence(
        span=Span(0, 1),
        keys=keys,
        terms=frozenset(keys) & RARITIES.keys(),
        offered=tuple(place for place, word in enumerate(words) if word.istitle()),
        stands=tuple(place for place, key in enumerate(keys) if key in RARITIES),
    )


def a_reading(*sentences: str, id: str = "a", title: str = "") -> Reading:  # noqa: A002 - an article's
    return Reading(
        article=an_article(id=id),
        passage=Span(0, 1),
        sentences=tuple(map(a_sentence, sentences)),
        before=None,
        context=frozenset(),
        title=frozenset(title.split()),
    )


def feedback_of(
    *readings: Reading,
    rarities: dict[str, float] | None = None,
    associations: dict[str, float] | None = None,
) -> Feedback:
    """The feedback; terms without a rarity have 1, those without an association none."""
    return Feedback.of(
        readings,
        RARITIES,
        rarity=lambda term: (rarities or {}).get(term, 1.0),
        association=lambda term: (associations or {}).get(term, 0.0),
    )


def twice(*sentences: str, title: str = "") -> tuple[Reading, Reading]:
    """Two articles that tell the same."""
    return (
        a_reading(*sentences, id="one", title=title),
        a_reading(*sentences, id="other", title=title),
    )


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Lyon river", 3.0 / 1.2),
        ("Lyon a b c d river", 3.0 / 2),
        ("river a b c d Lyon", 3.0 / 2),
        ("river a b c d Lyon river", 3.0 / 1.2),
        ("river Lyon a b c d river", 3.0 / 1.2),
        ("river Lyon flood", 3.0 / 1.2 + 1.0 / 1.2),
        ("Lyon a b c river Lyon", 3.0 / 1.2),
        ("river Lyon a b c Lyon", 3.0 / 1.2),
    ],
    ids=[
        "beside it",
        "five terms ahead",
        "five terms behind",
        "the nearer of two places of a term, last",
        "the nearer of two places of a term, first",
        "two terms of the query",
        "the nearer of two places of a name, last",
        "the nearer of two places of a name, first",
    ],
)
def test_a_name_is_close_by_the_weights_of_the_terms_near_it(text: str, near: float) -> None:
    assert closeness(a_sentence(text), RARITIES) == {"lyon": pytest.approx(near)}


@pytest.mark.parametrize("text", ["Lyon rain", "river rain", ""])
def test_nothing_is_close_without_a_term_of_the_query_and_a_name(text: str) -> None:
    assert closeness(a_sentence(text), RARITIES) == {}


def test_only_terms_with_a_weight_bring_a_name_closer() -> None:
    sentence = a_sentence("river Lyon a b c d flood")

    assert closeness(sentence, {"flood": 1.0}) == {"lyon": pytest.approx(1.0 / 2)}


@given(st.lists(WORDS).map(" ".join))
def test_a_name_is_never_closer_than_the_weight_of_the_query(text: str) -> None:
    near = closeness(a_sentence(text), RARITIES)

    assert all(0 < value < sum(RARITIES.values()) for value in near.values())


def test_shared_terms_weigh_by_rank_length_and_rarity() -> None:
    feedback = feedback_of(
        a_reading("rain bridge", id="one"),
        a_reading("rain bridge bridge river", id="other"),
        rarities={"rain": 2.0, "bridge": 0.5},
    )

    # Rain has (1/2 / 5 + 1/4 / 6) * 2.0 = 0.283333, bridge (1/2 / 5 + 2/4 / 6) * 0.5 = 0.091667.
    assert feedback.terms == {
        "rain": pytest.approx(0.283333 / 0.375, rel=1e-4),
        "bridge": pytest.approx(0.091667 / 0.375, rel=1e-4),
    }


def test_a_passage_is_as_long_as_its_sentences_together() -> None:
    parted = feedback_of(*twice("rain bridge", "bridge"))
    whole = feedback_of(*twice("rain bridge bridge"))

    assert parted.terms == whole.terms


def test_terms_of_the_query_are_not_among_those_shared() -> None:
    assert feedback_of(*twice("river flood rain")).terms.keys() == {"rain"}


def test_what_one_article_says_alone_is_not_shared() -> None:
    feedback = feedback_of(
        a_reading("rain bridge", id="one"),
        a_reading("rain", id="one"),
        a_reading("bridge", id="other"),
    )

    assert feedback.terms.keys() == {"bridge"}


def test_passages_beyond_the_fifteenth_share_nothing() -> None:
    first = [a_reading("rain", id=f"{number}") for number in range(14)]

    feedback = feedback_of(*first, *twice("bridge"))

    assert feedback.terms.keys() == {"rain"}


def test_thirty_terms_are_shared_at_most_the_weightiest_and_then_by_name() -> None:
    names = [f"term{number:02}" for number in range(40)]

    feedback = feedback_of(*twice(" ".join(reversed(names))), rarities={"term39": 2.0})

    assert list(feedback.terms) == ["term39", *names[:29]]


def test_rare_terms_are_sought_among_the_ninety_most_frequent() -> None:
    frequent = " ".join(f"term{number} term{number}" for number in range(90))

    feedback = feedback_of(*twice(f"rare {frequent}"), rarities={"rare": 100.0})

    assert "rare" not in feedback.terms


def test_what_articles_set_near_the_terms_of_the_query_is_agreed_upon() -> None:
    feedback = feedback_of(
        a_reading("river Lyon", id="one"),
        a_reading("river Lyon a b c Paris", id="other"),
        a_reading("river Paris", id="third"),
    )

    # Lyon has 2.5 / 5 + 2.5 / 6 = 0.916667, Paris 1.5 / 6 + 2.5 / 7 = 0.607143.
    assert feedback.offered == {
        "lyon": 1.0,
        "paris": pytest.approx(0.607143 / 0.916667, rel=1e-5),
    }


def test_the_passages_of_an_article_agree_as_one_by_the_best() -> None:
    one, other = twice("river Lyon")
    better = a_reading("river Paris", "Lyon river flood", id="one")

    once = feedback_of(better, a_reading("river Paris", id="other"), other)
    again = feedback_of(better, a_reading("river Paris", id="other"), other, one)

    assert once.offered == again.offered


def test_what_one_article_offers_alone_is_agreed_upon_by_nobody() -> None:
    feedback = feedback_of(
        a_reading("river Lyon Paris", id="one"),
        a_reading("river Lyon", id="one"),
        a_reading("river Paris", id="other"),
    )

    assert feedback.offered == {"paris": 1.0, "lyon": 0.0}


def test_where_nothing_is_agreed_upon_nothing_counts() -> None:
    assert feedback_of(a_reading("river Lyon Paris")).offered == {"lyon": 0.0, "paris": 0.0}


def test_what_keeps_company_with_the_noun_asked_for_counts_more() -> None:
    feedback = feedback_of(*twice("Lyon river Paris"), associations={"paris": 0.85})

    assert feedback.offered == {"paris": 1.0, "lyon": pytest.approx(0.15)}


def test_titles_count_by_the_rank_of_their_first_passage() -> None:
    one, other = twice("Paris river Lyon", title="lyon rain")
    third = a_reading("river", id="third", title="paris")

    feedback = feedback_of(one, one, third, other)

    # Lyon has 1/5 + 1/8 = 0.325, Paris 1/7.
    assert feedback.headlines == {"lyon": 1.0, "paris": pytest.approx(1 / 7 / 0.325)}


def test_headlines_count_more_what_keeps_company_with_the_noun_asked_for() -> None:
    readings = twice("Paris river Lyon", title="lyon paris")

    feedback = feedback_of(*readings, associations={"paris": 0.85})

    assert feedback.headlines == {"paris": 1.0, "lyon": pytest.approx(0.15)}


def test_a_title_speaks_only_for_what_a_passage_offers() -> None:
    assert feedback_of(*twice("river Lyon rain", title="rain")).headlines == {}


def test_no_passages_tell_nothing() -> None:
    feedback = feedback_of()

    assert feedback == Feedback(terms={}, offered={}, headlines={})


@given(TEXTS)
def test_feedback_lies_between_0_and_1_and_shared_terms_weigh_1_together(
    texts: list[tuple[str, str]],
) -> None:
    readings = [a_reading(text, id=id_, title=text.lower()) for text, id_ in texts]

    feedback = feedback_of(*readings)

    assert sum(feedback.terms.values()) == pytest.approx(1.0 if feedback.terms else 0.0)
    assert max(feedback.headlines.values(), default=1.0) == 1.0
    assert max(feedback.offered.values(), default=1.0) in {0.0, 1.0}
    for table in (feedback.terms, feedback.offered, feedback.headlines):
        assert all(0 <= value <= 1 for value in table.values())

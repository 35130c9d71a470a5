import pytest

from bot.presentation.blocks import Sum
from bot.presentation.score_shares import FEATURE_PHRASES, build_score_sum, explain_choice
from bot.presentation.sums import format_sum
from bot.retrieval.scoring.features import FEATURE_NAMES

WORDS = [("river", 1.0), ("Lyon", 3.0)]


def test_every_feature_has_a_phrase() -> None:
    assert FEATURE_PHRASES.keys() == set(FEATURE_NAMES)


def test_no_two_features_have_one_phrase() -> None:
    assert len(set(FEATURE_PHRASES.values())) == len(FEATURE_PHRASES)


@pytest.mark.parametrize("phrase", FEATURE_PHRASES.values())
def test_a_phrase_can_stand_inside_a_sentence(phrase: str) -> None:
    assert phrase[0].islower()
    assert phrase[-1].isalpha()


@pytest.mark.parametrize("phrase", FEATURE_PHRASES.values())
def test_a_phrase_stands_on_one_line_beside_its_number(phrase: str) -> None:
    lines = format_sum(Sum(rows=((phrase, 10.0),), label="score"))

    assert lines[0] == f"10.00  {phrase}"


@pytest.mark.parametrize(
    ("words", "features", "expected"),
    [
        (WORDS[:1], {}, "its passage contains “river”"),
        (WORDS, {}, "its passage contains “Lyon” and “river”"),
        (
            [*WORDS, ("rain", 0.5), ("bridge", 2.0)],
            {},
            "its passage contains “Lyon”, “bridge” and “river”",
        ),
        (
            WORDS[:1],
            {"covered": 0.5, "opening": 0.1, "kind": 2.0},
            f"its passage contains “river”, {FEATURE_PHRASES['kind']} and {FEATURE_PHRASES['covered']}",
        ),
        (
            WORDS[:1],
            {"covered": 0.0, "asks": -1.0},
            "its passage contains “river”",
        ),
        (
            WORDS[:1],
            {"once so named": 4.0, "covered": 1.0, "kind": 2.0},
            f"its passage contains “river”, {FEATURE_PHRASES['kind']} and {FEATURE_PHRASES['covered']}",
        ),
    ],
    ids=["a word", "words", "three at most", "two features at most", "what helped", "known ones"],
)
def test_the_sentence_names_the_largest_shares(
    words: list[tuple[str, float]], features: dict[str, float], expected: str
) -> None:
    assert explain_choice(words, features) == f"This excerpt was chosen because {expected}."


def test_a_right_to_left_word_can_not_reorder_the_sentence() -> None:
    text = explain_choice([("הצפה", 1.0)], {})

    assert text == "This excerpt was chosen because its passage contains “\u2068הצפה\u2069”."


def test_words_stand_above_features_each_with_the_largest_first() -> None:
    features = {"asks": -0.5, "covered": 2.0, "kind": 4.0, "opening": 0.0}

    block = build_score_sum(WORDS, features)

    assert block.label == "score"
    assert block.rows == (
        ("Lyon", 3.0),
        ("river", 1.0),
        (FEATURE_PHRASES["kind"], 4.0),
        (FEATURE_PHRASES["covered"], 2.0),
        (FEATURE_PHRASES["asks"], -0.5),
    )
    assert block.total == pytest.approx(9.5)


def test_a_feature_of_another_version_is_shown_by_its_name() -> None:
    assert build_score_sum([], {"once so named": 4.0}).rows == (("once so named", 4.0),)

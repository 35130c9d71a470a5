import hashlib

import pytest

from bot.retrieval.article import Article
from bot.retrieval.corpus import Bounds
from bot.retrieval.excerpt import MAX_SENTENCES, Excerpt, excerpt_of
from bot.retrieval.query import parse
from tests.builders import PUBLISHED_ON, a_corpus, an_article, the_analyser

OFFERED = "OpenAI has offered more details on its new partnership with the American military."
ANNOUNCED = "The company announced that arrangement Friday (Feb. 27), though it was rushed."
OTHER = "Heavy rain fell on Lyon for two days and filled the streets near the station."


def excerpts(question: str, article: Article, max_chars: int = 600) -> list[Excerpt | None]:
    """The excerpt of each hit, the best hit first."""
    query = parse(question, today=PUBLISHED_ON, analyser=the_analyser())
    found = a_corpus(article).search(query, bounds=Bounds(), until=None, steer_days=14)
    return [excerpt_of(hit, found.rarities, max_chars=max_chars) for hit in found.hits]


def first(question: str, body: str, max_chars: int = 600) -> Excerpt:
    excerpt = excerpts(question, an_article(body), max_chars)[0]
    assert excerpt is not None
    return excerpt


def test_an_excerpt_is_the_sentence_that_answers() -> None:
    body = "It rained all week long. The river rose by two metres in Lyon. Schools were closed."

    excerpt = first("How far did the river rise in Lyon?", body)

    assert excerpt.text == "The river rose by two metres in Lyon."
    assert excerpt.answering == excerpt.span
    assert excerpt.terms == {"river", "lyon"}
    assert [match.of(body) for match in excerpt.matches] == ["river", "Lyon"]
    assert excerpt.holds_kind


def test_of_sentences_that_hold_the_same_the_first_is_taken() -> None:
    excerpt = first("river", "The river rose in the night. The river fell again in the morning.")

    assert excerpt.text == "The river rose in the night."


def test_a_sentence_with_the_thing_wanted_is_taken_before_one_without() -> None:
    body = "The bridge was closed to all traffic. The bridge was closed on Friday to all traffic."

    excerpt = first("When was the bridge closed?", body)

    assert excerpt.text == "The bridge was closed on Friday to all traffic."


def test_a_sentence_that_names_the_day_is_taken_before_one_that_does_not() -> None:
    body = "Altman spoke of a rushed deal in public. Altman spoke of it on 27 February 2026 on X."

    excerpt = first("Altman in late February 2026", body)

    assert excerpt.text == "Altman spoke of it on 27 February 2026 on X."
    assert excerpt.names_day


def test_a_sentence_that_tells_is_taken_before_one_that_asks() -> None:
    body = "Why did the bridge fall so soon? Engineers had warned that the bridge was too old."

    excerpt = first("Why the bridge?", body)

    assert excerpt.text == "Engineers had warned that the bridge was too old."
    assert not excerpt.asks


def test_an_excerpt_asks_where_nothing_tells() -> None:
    excerpt = first("bridge", "Why did the bridge over the river fall so soon, as people now ask?")

    assert excerpt.asks


def test_sentences_that_hold_different_terms_come_together() -> None:
    body = "Nobody was hurt on that day. The river rose on Monday. A dam broke near Lyon."

    excerpt = first("river dam Lyon", body)

    assert excerpt.text == "The river rose on Monday. A dam broke near Lyon."
    assert excerpt.terms == {"river", "dam", "lyon"}


def test_an_excerpt_has_no_more_than_three_sentences() -> None:
    body = "A river rose here. A dam broke near us. A bridge fell down. A tower stood still. End."

    excerpt = first("river dam bridge tower", body)

    assert excerpt.text.count(".") == MAX_SENTENCES == 3


def test_a_sentence_that_leans_brings_the_one_before_it() -> None:
    body = "A dam broke near the town of Lyon. It had been built in 1920. Schools were closed."

    excerpt = first("When was it built?", body)

    assert excerpt.text == "A dam broke near the town of Lyon. It had been built in 1920."
    assert excerpt.answering.of(body) == "It had been built in 1920."


def test_an_excerpt_may_reach_back_across_the_blank_line() -> None:
    body = f"{OTHER}\n\n{OFFERED}\n\n{ANNOUNCED}"

    excerpt = first("When was the arrangement announced?", body)

    assert excerpt.text == f"{OFFERED}\n\n{ANNOUNCED}"
    assert excerpt.paragraph == 3


def test_what_would_be_too_long_with_the_sentence_before_stands_alone() -> None:
    excerpt = first(
        "When was the arrangement announced?", f"{OFFERED}\n\n{ANNOUNCED}", len(ANNOUNCED)
    )

    assert excerpt.text == ANNOUNCED
    assert excerpt.paragraph == 2


def test_three_sentences_that_lean_stay_three() -> None:
    body = "Rain fell on us all. It broke a dam. A bridge fell down. A tower burnt. So it ended."

    excerpt = first("dam bridge tower", body)

    assert excerpt.text == "It broke a dam. A bridge fell down. A tower burnt."


def test_a_sentence_that_refers_brings_the_one_before_if_that_adds_a_term() -> None:
    wrote = "No threat at all will ever change our position, the company wrote on its blog."
    adds = "Anthropic answered the letter from the ministry on the same day in the evening."
    question = "Which position did Anthropic change?"

    assert first(question, f"{OTHER}\n\n{adds}\n\n{wrote}").text == f"{adds}\n\n{wrote}"
    assert first("Which position changed?", f"{OTHER}\n\n{adds}\n\n{wrote}").text == wrote


def test_a_first_sentence_that_leans_stands_alone() -> None:
    excerpt = first("announced arrangement", ANNOUNCED)

    assert excerpt.text == ANNOUNCED


def test_a_sentence_longer_than_the_limit_is_never_an_excerpt() -> None:
    long = "The river rose " + "and rose " * 80 + "until noon."
    body = f"{long} The river fell again."

    assert first("river rose", body).text == "The river fell again."


def test_a_hit_whose_sentences_are_all_too_long_has_no_excerpt() -> None:
    long = "The river rose " + "and rose " * 80 + "until noon."

    assert excerpts("river", an_article(long)) == [None]


@pytest.mark.parametrize("chars", [len(OTHER), len(OTHER) - 1])
def test_the_limit_itself_is_allowed(chars: int) -> None:
    (excerpt,) = excerpts("rain", an_article(OTHER), chars)

    assert (excerpt is not None) == (chars == len(OTHER))


def test_the_receipt_of_an_excerpt_can_be_recomputed() -> None:
    excerpt = first("rain", f"{OFFERED}\n\n{OTHER}")

    start = len(OFFERED) + 2
    signed = f"flood\n{start}\n{start + len(OTHER)}\n{OTHER}"
    assert excerpt.receipt == hashlib.sha256(signed.encode()).hexdigest()[:16]


def test_an_excerpt_carries_the_hits_score_and_the_articles_context() -> None:
    query = parse("rain in Lyon", today=PUBLISHED_ON, analyser=the_analyser())
    corpus = a_corpus(an_article(OTHER, title="Lyon"))
    found = corpus.search(query, bounds=Bounds(), until=None, steer_days=14)

    excerpt = excerpt_of(found.hits[0], found.rarities, max_chars=600)

    assert excerpt is not None
    assert excerpt.score == found.hits[0].score
    assert excerpt.context == {"lyon", "rain"}
    assert excerpt.support == pytest.approx(1.0)

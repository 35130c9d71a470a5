import hashlib

import pytest

from bot.model.article import Article
from bot.retrieval.answering.excerpts import Excerpt, extract_excerpt
from bot.retrieval.question.query import parse_query
from bot.retrieval.scoring.features import MAX_SENTENCES, MAX_WINDOW_CHARS
from bot.retrieval.scoring.limits import AnswerLimits
from tests.builders import PUBLISHED_ON, an_article, an_index, the_analyser, what_is_found
from tests.retrieval.builders import some_weights

OFFERED = "OpenAI has offered more details on its new partnership with the American military."
ANNOUNCED = "The company announced that arrangement Friday (Feb. 27), though it was rushed."
OTHER = "Heavy rain fell on Lyon for two days and filled the streets near the station."


FAR = f"Ann Lee {'and Bob Ray ' * 40}were not surprised when it came back again."
"""A sentence too long to share a window with the sentences around it."""


def excerpts(question: str, article: Article, max_chars: int = 600) -> list[Excerpt | None]:
    """Return the excerpt of each hit, best hit first."""
    query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())
    limits = AnswerLimits(max_excerpt_chars=max_chars)
    found = what_is_found(query, an_index(article), limits=limits, weights=some_weights())
    return [extract_excerpt(hit, found.idfs, max_chars=max_chars) for hit in found.hits]


def first(question: str, body: str, max_chars: int = 600) -> Excerpt:
    excerpt = excerpts(question, an_article(body), max_chars)[0]
    assert excerpt is not None
    return excerpt


def answering(question: str, body: str) -> str:
    """Return the sentence of the excerpt that answers."""
    return first(question, body).answer_span.extract(body)


def test_an_excerpt_is_the_sentences_that_answer() -> None:
    body = "It rained. The river rose by two metres in Lyon. Schools were closed. It is over. So."

    excerpt = first("How far did the river rise in Lyon?", body)

    assert excerpt.text == "It rained. The river rose by two metres in Lyon. Schools were closed."
    assert excerpt.answer_span.extract(body) == "The river rose by two metres in Lyon."
    assert excerpt.terms == {"river", "lyon"}
    assert [match.extract(body) for match in excerpt.matches] == ["river", "Lyon"]
    assert excerpt.has_answer_type


def test_an_excerpt_has_no_more_than_three_sentences() -> None:
    body = "A river rose here. A dam broke near us. A bridge fell down. A tower stood still. End."

    excerpt = first("river dam bridge tower", body)

    assert excerpt.text.count(".") == MAX_SENTENCES == 3


def test_a_sentence_before_distant_text_is_a_window_alone() -> None:
    sentence = "The river rose by two metres in Lyon."
    body = f"{sentence} Nobody {'and nobody ' * 40}was hurt."

    excerpt = first("river in Lyon", body)

    assert (excerpt.text, len(body) > MAX_WINDOW_CHARS) == (sentence, True)


def test_of_equal_sentences_the_first_answers() -> None:
    body = "The river rose in the night. The river fell again in the morning."

    assert answering("river", body) == "The river rose in the night."


def test_the_sentence_with_the_answer_type_answers() -> None:
    body = "The bridge was closed to all traffic. The bridge was closed on Friday to all traffic."

    excerpt = answering("When was the bridge closed?", body)

    assert excerpt == "The bridge was closed on Friday to all traffic."


def test_the_answer_type_does_not_count_without_a_query_term() -> None:
    body = "The bridge was closed to all traffic. Schools opened on Friday."

    sentence = answering("When was the bridge over the Rhone in Lyon closed by Ann Lee?", body)

    assert sentence == "The bridge was closed to all traffic."


def test_the_sentence_that_names_the_day_answers() -> None:
    body = "Altman spoke of a rushed deal in public. Altman spoke of it on 27 February 2026 on X."

    excerpt = first("Altman in late February 2026", body)

    assert excerpt.answer_span.extract(body) == "Altman spoke of it on 27 February 2026 on X."
    assert excerpt.names_day


def test_a_statement_answers_rather_than_a_question() -> None:
    body = "Why did the bridge fall so soon? Engineers had warned that the bridge was too old."

    excerpt = first("Why did the bridge fall?", body)

    assert excerpt.answer_span.extract(body) == "Engineers had warned that the bridge was too old."
    assert not excerpt.is_question


def test_an_excerpt_of_questions_is_a_question() -> None:
    excerpt = first("bridge", "Why did the bridge over the river fall so soon, as people now ask?")

    assert excerpt.is_question


@pytest.mark.parametrize(
    "leaning",
    ["It had been built in 1920.", "In 1920 the company said it had been built."],
    ids=["it leans", "it refers"],
)
def test_a_back_reference_counts_the_terms_of_the_previous_sentence(leaning: str) -> None:
    body = f"A dam broke near the town of Lyon. {leaning} Schools were closed."

    assert answering("dam of Lyon built", body) == leaning


def test_without_a_back_reference_the_previous_sentence_does_not_count() -> None:
    body = "A dam broke near the town of Lyon. Walls were built in 1920. Schools were closed."

    assert answering("dam of Lyon built", body) == "A dam broke near the town of Lyon."


def test_a_back_reference_in_the_first_sentence_counts_nothing_else() -> None:
    body = "It rose by two metres. The river rose in Lyon."

    assert answering("river rose in Lyon", body) == "The river rose in Lyon."


def test_a_back_reference_brings_the_previous_sentence() -> None:
    body = f"{FAR} A dam broke near Lyon in {'a ' * 190}storm. It had been built in 1920. {FAR}"

    excerpt = first("When was it built?", body)

    assert excerpt.text == f"A dam broke near Lyon in {'a ' * 190}storm. It had been built in 1920."


def test_an_excerpt_may_begin_in_the_previous_paragraph() -> None:
    offered = f"{OFFERED} {'So it goes on and on. ' * 10}{OFFERED}"
    body = f"{OTHER * 4}\n\n{offered}\n\n{ANNOUNCED} {FAR}"

    excerpt = first("When was the arrangement announced on Friday?", body)

    assert excerpt.text == f"{OFFERED}\n\n{ANNOUNCED}"
    assert excerpt.paragraph == 3


def test_the_previous_sentence_is_left_out_if_it_does_not_fit() -> None:
    offered = f"{OFFERED} {'So it goes on and on. ' * 10}{OFFERED}"
    body = f"{offered}\n\n{ANNOUNCED} {FAR}"

    excerpt = first("When was the arrangement announced on Friday?", body, len(ANNOUNCED))

    assert excerpt.text == ANNOUNCED
    assert excerpt.paragraph == 2


def test_three_sentences_with_back_references_stay_three() -> None:
    body = f"{FAR} Rain fell. It broke a dam. A bridge fell down. A tower burnt. {FAR}"

    excerpt = first("dam bridge tower", body)

    assert excerpt.text == "It broke a dam. A bridge fell down. A tower burnt."


def test_a_later_back_reference_brings_the_previous_sentence_if_it_adds_a_term() -> None:
    wrote = "No threat at all will ever change our position, the company wrote on its blog."
    adds = f"Anthropic answered the letter from the ministry {'very ' * 80}soon."
    body = f"{FAR}\n\n{adds} {wrote} {FAR}"

    assert first("Which position did Anthropic change?", body).text == f"{adds} {wrote}"
    assert first("Which position changed?", body).text == wrote


def test_a_back_reference_in_the_first_sentence_brings_nothing() -> None:
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
    excerpt = first("rain", f"{FAR}\n\n{OTHER} {FAR}")

    start = len(FAR) + 2
    signed = f"flood\n{start}\n{start + len(OTHER)}\n{OTHER}"
    assert excerpt.text == OTHER
    assert excerpt.receipt == hashlib.sha256(signed.encode()).hexdigest()[:16]


def test_an_excerpt_has_the_score_and_evidence_of_its_hit() -> None:
    query = parse_query("rain in Lyon", today=PUBLISHED_ON, analyser=the_analyser())
    index = an_index(an_article(OTHER, title="Lyon"))
    found = what_is_found(query, index, weights=some_weights())
    (hit,) = found.hits

    excerpt = extract_excerpt(hit, found.idfs, max_chars=600)

    assert excerpt is not None
    assert (excerpt.score, excerpt.feature_values) == (hit.score, hit.feature_values)
    assert (excerpt.term_shares, excerpt.feature_shares) == (hit.term_shares, hit.feature_shares)
    assert excerpt.context_terms == {"lyon", "rain"}
    assert excerpt.passage == (0, len(OTHER))

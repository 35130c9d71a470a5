"""Builders for the tests of retrieval: simple weights and a confidence model."""

from collections.abc import Mapping

from bot.model.article import Article
from bot.retrieval.answering.answer import extract_excerpts
from bot.retrieval.answering.confidence import EVIDENCE_NAMES, ConfidenceModel
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import parse_query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.weights import INTERCEPT, Caution, Weights
from tests.builders import PUBLISHED_ON, an_index, the_analyser, what_is_found

FEATURES = {"asked": 1.0, "asks": -1.0, "covered": 1.0, "kind": 1.0, "names day": 1.0}
HELD = {INTERCEPT: -5.0, "held": 10.0}
"""An excerpt with more than half of the question's idf is more likely than not to answer."""


def some_weights(
    *,
    candidates: Mapping[str, float] | None = None,
    features: Mapping[str, float] = FEATURES,
    statement: Mapping[str, float] | None = None,
    evidence: Mapping[str, float] = HELD,
) -> Weights:
    """Return weights of a few features and one piece of evidence; all others are 0.

    Text that is no question gets the same weights unless a test sets others.
    """
    return Weights(
        candidates=candidates or {},
        features=features,
        statement=features if statement is None else statement,
        evidence={**dict.fromkeys(EVIDENCE_NAMES, 0.0), **evidence},
        min_confidences={Caution.CAREFUL: 0.9, Caution.BALANCED: 0.5, Caution.EAGER: 0.1},
    )


def a_case(
    question: str,
    *articles: Article,
    bounds: Bounds | None = None,
    limits: AnswerLimits | None = None,
    weights: Weights | None = None,
) -> tuple[ConfidenceModel, list[Excerpt]]:
    """Return the confidence model of the question, and its excerpts, best first."""
    limits, weights = limits or AnswerLimits(), weights or some_weights()
    query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())
    found = what_is_found(query, an_index(*articles), bounds=bounds, limits=limits, weights=weights)
    case = ConfidenceModel(query=query, result=found, limits=limits, weights=weights)
    return case, extract_excerpts(found, limits)

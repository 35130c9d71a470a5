"""The files beside the settings: stop words, and what was learnt from judged questions."""

import tomllib
from pathlib import Path

from bot.errors import SettingsError
from bot.retrieval.answering.confidence import EVIDENCE_NAMES
from bot.retrieval.scoring.features import FEATURE_NAMES, FIRST_STAGE_FEATURES
from bot.retrieval.scoring.weights import INTERCEPT, Weights
from bot.retrieval.text.terms import Analyser
from bot.settings.settings import Settings


def build_analyser(settings: Settings) -> Analyser:
    """What makes terms, for passages and queries.

    Raises:
        SettingsError: The stop words can't be read.
    """
    return Analyser(load_stop_words(settings.stop_words_path))


def load_stop_words(path: Path) -> frozenset[str]:
    """The words of a file, one a line; lines that begin with `#` are comments.

    Raises:
        SettingsError: The file can't be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        remedy = "the file can't be read: restore it from the project."
        raise SettingsError(str(path), "stop words", remedy) from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def load_weights(settings: Settings) -> Weights:
    """What was learnt from judged questions.

    Raises:
        SettingsError: The file can't be read, or a number is missing or of nothing known.
    """
    path = settings.weights_path
    try:
        return _check_weights(Weights.from_tables(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError) as error:
        remedy = "the file can't be used: restore it from the project."
        raise SettingsError(str(path), "weights", remedy) from error


def _check_weights(weights: Weights) -> Weights:
    """The weights, where they are of what is weighed; none but whole evidence makes a confidence.

    Raises:
        ValueError: A name is missing among them, or unknown.
    """
    evidence = {INTERCEPT, *EVIDENCE_NAMES} if weights.evidence else set()
    is_consistent = (
        weights.candidates.keys() <= set(FIRST_STAGE_FEATURES)
        and weights.features.keys() | weights.statement.keys() <= set(FEATURE_NAMES)
        and weights.evidence.keys() == evidence
    )
    if not is_consistent:
        raise ValueError
    return weights

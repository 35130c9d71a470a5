"""Loading the stop words and the weights learnt from judged questions."""

import tomllib
from pathlib import Path

from bot.errors import SettingsError
from bot.retrieval.answering.confidence import EVIDENCE_NAMES
from bot.retrieval.scoring.features import FEATURE_NAMES, FIRST_STAGE_FEATURES
from bot.retrieval.scoring.weights import INTERCEPT, Weights
from bot.retrieval.text.terms import Analyser
from bot.settings.settings import Settings


def build_analyser(settings: Settings) -> Analyser:
    """Return the analyser that turns passages and queries into terms.

    Raises:
        SettingsError: The stop words can't be read.
    """
    return Analyser(load_stop_words(settings.stop_words_path))


def load_stop_words(path: Path) -> frozenset[str]:
    """Return the words of a file with one word per line; lines that start with `#` are comments.

    Raises:
        SettingsError: The file can't be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        remedy = "The file can't be read. Restore it from Dateline's repository."
        raise SettingsError(str(path), "the stop words", remedy) from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def load_weights(settings: Settings) -> Weights:
    """Return the weights learnt from judged questions.

    Raises:
        SettingsError: The file can't be read, or a name in it is missing or unknown.
    """
    path = settings.weights_path
    try:
        return _check_weights(Weights.from_tables(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError) as error:  # wrong UTF-8 and wrong TOML are ValueErrors, too
        remedy = "The file is damaged or missing. Restore it from Dateline's repository."
        raise SettingsError(str(path), "the weights", remedy) from error


def _check_weights(weights: Weights) -> Weights:
    """Return the weights if all their names are known.

    The evidence may be left out, which leaves answers without a confidence; if it is given, it has
    to be complete.

    Raises:
        ValueError: A name is unknown or missing.
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

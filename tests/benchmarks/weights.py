"""Learn the weights in config/weights.toml from judged questions.

Usage: `python -m tests.benchmarks.weights NEWS [FOLDER …] [--quick]`.

NEWS and each FOLDER contain judged questions. The weights of features are learnt from NEWS alone,
which is about the news. The weights for claims are learnt from folders that are judged by articles
alone; at least one is required. The weights of evidence are learnt from NEWS, from the folders with
answers, and from the questions about the seed articles, except those held back.

The program prints the value of each feature, the calibration of the probabilities, and the refusals
at each minimum probability, all on questions left out of learning. Then it writes the file. That
takes minutes, most of them for the value of each feature, which `--quick` skips.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console

from bot.evaluation.learning import (
    Flags,
    Matrix,
    TrainingSet,
    fit_calibration,
    fit_ranking_weights,
    predict_probabilities,
)
from bot.retrieval.answering.confidence import EVIDENCE_NAMES
from bot.retrieval.scoring.features import FEATURE_NAMES
from bot.retrieval.scoring.weights import INTERCEPT, Caution, Weights
from tests.benchmarks.judged_windows import (
    FirstExcerpt,
    Folder,
    QuestionWindows,
    find_claim_windows,
    find_first_excerpts,
    find_question_windows,
)
from tests.benchmarks.weights_tables import (
    ALL,
    PLAIN,
    build_calibration_table,
    build_features_table,
    build_refusals_table,
    build_reliability_table,
)
from tests.builders import PROJECT, a_json_lines_file, seed_articles

CANDIDATES = {"article": 2.2, "opening": 0.1, "recent days": 0.1}
"""Tuned by hand, so that the analysed passages contain an answer most often.

These weights were best whether 40, 80 or 150 passages are analysed.
"""

MIN_CONFIDENCES = {Caution.CAREFUL: 0.42, Caution.BALANCED: 0.245, Caution.EAGER: 0.15}
"""The minimum confidences, chosen from the printed table of refusals."""

STATEMENT_FEATURES = ("article", "covered", "shared")
"""The features for text that is no question, beside DATE_FEATURES; the others are about answers."""

DATE_FEATURES = ("names day", "published", "recent days")
"""Features that claims without a date can't teach; they have the same weights as for questions."""

QUICK = "--quick"
FOLDS = 5
RIDGE = 0.01
EVIDENCE_RIDGE = 0.04
MIN_BM25_WEIGHT = 0.3
SEED_SETS = ("seed", "seed_more")
SEED_REPEATS = 10
"""The number of times that each seed question counts: only these are about a small library."""

CONSOLE = Console(width=120)


def main(*arguments: str) -> None:
    """Learn the weights, print the tables and write the file."""
    news, *others = (Path(argument) for argument in arguments if argument != QUICK)
    is_quick = QUICK in arguments
    folder = Folder.from_path(news)
    asked = list(find_question_windows(folder, _make_weights({})))
    if not is_quick:
        title = f"{folder.name}: {len(asked)} questions, weights learnt from other questions"
        CONSOLE.print(build_features_table(title, relearn_without_each(asked)))
    learnt = learn_weights(asked)
    features = _name_weights(learnt)
    firsts = list(find_first_excerpts(folder, _make_weights(features)))
    claims: list[QuestionWindows] = []
    with tempfile.TemporaryDirectory() as seeds:
        for path in (*others, *make_seed_folders(Path(seeds))):
            other = Folder.from_path(path)
            if not is_quick:
                print_features(other, learnt)
            firsts += find_first_excerpts(other, _make_weights(features))
            claims += find_claim_windows(other, _make_weights({}))
    print_probabilities(firsts)
    evidence = learn_evidence_weights(firsts).round(4).tolist()
    statement = learn_statement_weights(claims) | {name: features[name] for name in DATE_FEATURES}
    write_weights(
        features, statement, dict(zip((INTERCEPT, *EVIDENCE_NAMES), evidence, strict=True))
    )


def _make_weights(features: Mapping[str, float]) -> Weights:
    """Build weights with these features and no evidence."""
    return Weights(
        candidates=CANDIDATES,
        features=features,
        statement={},
        evidence={},
        min_confidences=MIN_CONFIDENCES,
    )


def _name_weights(learnt: Matrix) -> dict[str, float]:
    """Return the weights of the features relative to BM25, by name."""
    return dict(zip(FEATURE_NAMES, (learnt[1:] / learnt[0]).round(3).tolist(), strict=True))


def make_seed_folders(folder: Path) -> Iterator[Path]:
    """Copy each set of seed questions to a folder with the seed articles."""
    for name in SEED_SETS:
        shutil.copytree(PROJECT / "tests" / "judged" / name, folder / name)
        a_json_lines_file(folder / name / "corpus.jsonl", seed_articles())
        yield folder / name


def learn_weights(asked: Sequence[QuestionWindows], left_out: int | None = None) -> Matrix:
    """Learn the weights of all columns from these questions; the column `left_out` gets 0."""
    columns = [column for column in range(1 + len(FEATURE_NAMES)) if column != left_out]
    training_set = TrainingSet.from_questions(
        [(choice.columns[:, columns], choice.right) for choice in asked]
    )
    weights = np.zeros(1 + len(FEATURE_NAMES))
    weights[columns] = fit_ranking_weights(
        training_set, ridge=RIDGE, min_first_weight=MIN_BM25_WEIGHT
    )
    return weights


def learn_statement_weights(claims: Sequence[QuestionWindows]) -> dict[str, float]:
    """Learn the weights for text that is no question from claims."""
    columns = [0, *(1 + FEATURE_NAMES.index(name) for name in STATEMENT_FEATURES)]
    training_set = TrainingSet.from_questions(
        [(choice.columns[:, columns], choice.right) for choice in claims]
    )
    learnt = fit_ranking_weights(training_set, ridge=RIDGE, min_first_weight=MIN_BM25_WEIGHT)
    return dict(zip(STATEMENT_FEATURES, (learnt[1:] / learnt[0]).round(3).tolist(), strict=True))


def check_found(weights: Matrix, asked: Sequence[QuestionWindows]) -> Matrix:
    """Return for each question whether it is found first, and whether among the first three."""
    return np.array([choice.check_found(weights) for choice in asked], dtype=np.float64)


def relearn_without_each(asked: Sequence[QuestionWindows]) -> Mapping[str, Matrix]:
    """Return the results with all features and without each, with weights from other questions."""
    return {
        ALL: check_left_out(asked),
        PLAIN: check_found(_make_bm25_weights(), asked),
        **{name: check_left_out(asked, place) for place, name in enumerate(FEATURE_NAMES, start=1)},
    }


def check_left_out(asked: Sequence[QuestionWindows], left_out: int | None = None) -> Matrix:
    """Return the results of each fold with weights learnt from the other folds.

    One column can be left out.
    """
    found = np.zeros((len(asked), 2))
    for own in make_folds(len(asked)):
        others = [choice for choice, is_own in zip(asked, own, strict=True) if not is_own]
        held_back = [choice for choice, is_own in zip(asked, own, strict=True) if is_own]
        found[own] = check_found(learn_weights(others, left_out), held_back)
    return found


def make_folds(count: int) -> Iterator[Flags]:
    """Yield a mask over `count` items for each fold."""
    numbers = np.random.default_rng(0).permutation(count) % FOLDS
    for fold in range(FOLDS):
        yield numbers == fold


def print_features(folder: Folder, learnt: Matrix) -> None:
    """Print the value of each feature in a folder from which nothing was learnt."""
    asked = list(find_question_windows(folder, _make_weights({})))
    if asked:
        title = f"{folder.name}: {len(asked)} questions, learnt weights, one of them set to 0"
        CONSOLE.print(build_features_table(title, check_without_each(learnt, asked)))


def check_without_each(learnt: Matrix, asked: Sequence[QuestionWindows]) -> Mapping[str, Matrix]:
    """Return the results with all weights, with BM25 alone, and with each weight set to 0."""
    without = {name: learnt.copy() for name in FEATURE_NAMES}
    for place, name in enumerate(FEATURE_NAMES, start=1):
        without[name][place] = 0.0
    weights = {ALL: learnt, PLAIN: _make_bm25_weights(), **without}
    return {name: check_found(choice_weights, asked) for name, choice_weights in weights.items()}


def _make_bm25_weights() -> Matrix:
    weights: Matrix = np.eye(1 + len(FEATURE_NAMES))[0]
    return weights


def print_probabilities(firsts: Sequence[FirstExcerpt]) -> None:
    """Print the calibration of the probabilities and the refusals that they allow."""
    chances = predict_left_out(firsts)
    CONSOLE.print(
        build_calibration_table(firsts, chances),
        build_reliability_table(firsts, chances),
        build_refusals_table(firsts, chances),
        sep="\n",
    )


def learn_evidence_weights(firsts: Sequence[FirstExcerpt]) -> Matrix:
    """Learn the weights of evidence from these excerpts, except those that are ruled out."""
    taught = [
        excerpt
        for first in firsts
        if not first.is_ruled_out
        for excerpt in [first] * (SEED_REPEATS if first.folder in SEED_SETS else 1)
    ]
    return fit_calibration(*build_evidence(taught), ridge=EVIDENCE_RIDGE)


def predict_left_out(firsts: Sequence[FirstExcerpt]) -> Matrix:
    """Return the probability of each first excerpt, with weights learnt from other folds."""
    evidence, _ = build_evidence(firsts)
    rows = np.column_stack([np.ones(len(firsts)), evidence])
    may_answer = np.array([not first.is_ruled_out for first in firsts])
    chances = np.zeros(len(firsts))
    for own in make_folds(len(firsts)):
        weights = learn_evidence_weights(
            [first for first, is_own in zip(firsts, own, strict=True) if not is_own]
        )
        chances[own] = predict_probabilities(rows[own], weights)
    return np.where(may_answer, chances, 0.0)


def build_evidence(firsts: Sequence[FirstExcerpt]) -> tuple[Matrix, Flags]:
    """Return the evidence as a row per excerpt, and whether each excerpt is right."""
    evidence = np.array([first.evidence for first in firsts])
    return evidence, np.array([first.is_right for first in firsts])


def write_weights(
    features: Mapping[str, float], statement: Mapping[str, float], evidence: Mapping[str, float]
) -> None:
    """Write config/weights.toml."""
    lines = [
        "# Weights learnt from judged questions by `python -m tests.benchmarks.weights`.",
        "",
        "# Weights of features in the choice of passages to analyse. The weight of BM25 is 1.",
        *_format_table("candidates", CANDIDATES),
        "",
        "# Weights of features in the score of a passage. The weight of BM25 is 1.",
        *_format_table("features", features),
        "",
        "# The same for text that is no question, such as a claim or search terms.",
        *_format_table("statement", statement),
        "",
        "# Weights of evidence in the probability that the first excerpt answers.",
        '# Those with ", little" count more the smaller the library is.',
        *_format_table("evidence", evidence),
        "",
        "# The minimum probability for an answer, for each value of the setting answers.caution.",
        *_format_table(
            "least", {caution.value: least for caution, least in MIN_CONFIDENCES.items()}
        ),
    ]
    path = PROJECT / "config" / "weights.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _format_table(table: str, numbers: Mapping[str, float]) -> list[str]:
    return [f"[{table}]", *(f'"{name}" = {number}' for name, number in numbers.items())]


if __name__ == "__main__":
    main(*sys.argv[1:])

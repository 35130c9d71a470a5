"""How config/weights.toml is made: `python -m tests.benchmarks.weights NEWS [FOLDER …] [--quick]`.

NEWS and each FOLDER hold judged questions. The features' weights are learnt from NEWS alone, which is
about the news; those for claims, from the folders that are judged by articles alone, of which one at
least is needed; those of the evidence from NEWS, from the folders with answers and from the seed's own questions, but
for the ones held back. Prints what each feature is worth, how far the probabilities can
be trusted, and what each least probability would refuse, all on questions left out of learning; then
writes the file. That takes minutes, most of them for what each feature is worth, which `--quick`
leaves out.
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
"""Tried by hand: with these the passages read hold an answer most often, among 40, 80 and 150."""

LEAST = {Caution.CAREFUL: 0.42, Caution.BALANCED: 0.245, Caution.EAGER: 0.15}
"""Chosen from the table of what is refused and what is kept."""

STATED = ("article", "covered", "shared")
"""What counts where nothing is asked, beside OF_DAYS: the rest is about answers."""

OF_DAYS = ("names day", "published", "recent days")
"""What no claim without a date can teach: it counts as it does for questions."""

QUICK = "--quick"
FOLDS = 5
RIDGE = 0.01
EVIDENCE_RIDGE = 0.04
LEAST_BM25 = 0.3
SEED_SETS = ("seed", "seed_more")
SEED_TIMES = 10
"""How often each of the seed's questions counts: they alone are about a little library."""

CONSOLE = Console(width=120)


def main(*arguments: str) -> None:
    """Learns, prints the tables, writes the file."""
    news, *others = (Path(argument) for argument in arguments if argument != QUICK)
    is_quick = QUICK in arguments
    folder = Folder.from_path(news)
    asked = list(find_question_windows(folder, _make_weights({})))
    if not is_quick:
        title = f"{folder.name}: {len(asked)} questions, by weights learnt without them"
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
    statement = learn_statement_weights(claims) | {name: features[name] for name in OF_DAYS}
    write_weights(
        features, statement, dict(zip((INTERCEPT, *EVIDENCE_NAMES), evidence, strict=True))
    )


def _make_weights(features: Mapping[str, float]) -> Weights:
    """The weights of these features, without any of evidence."""
    return Weights(
        candidates=CANDIDATES, features=features, statement={}, evidence={}, min_confidences=LEAST
    )


def _name_weights(learnt: Matrix) -> dict[str, float]:
    """The features' weights where BM25's is 1."""
    return dict(zip(FEATURE_NAMES, (learnt[1:] / learnt[0]).round(3).tolist(), strict=True))


def make_seed_folders(folder: Path) -> Iterator[Path]:
    """The seed's judged questions, each set in a folder with the seed's articles."""
    for name in SEED_SETS:
        shutil.copytree(PROJECT / "tests" / "judged" / name, folder / name)
        a_json_lines_file(folder / name / "corpus.jsonl", seed_articles())
        yield folder / name


def learn_weights(asked: Sequence[QuestionWindows], left_out: int | None = None) -> Matrix:
    """The weights of the columns that these questions teach, with one of them left out at 0."""
    columns = [column for column in range(1 + len(FEATURE_NAMES)) if column != left_out]
    choices = TrainingSet.from_questions(
        [(choice.columns[:, columns], choice.right) for choice in asked]
    )
    weights = np.zeros(1 + len(FEATURE_NAMES))
    weights[columns] = fit_ranking_weights(choices, ridge=RIDGE, min_first_weight=LEAST_BM25)
    return weights


def learn_statement_weights(claims: Sequence[QuestionWindows]) -> dict[str, float]:
    """The weights of what counts where nothing is asked, as claims teach them."""
    columns = [0, *(1 + FEATURE_NAMES.index(name) for name in STATED)]
    choices = TrainingSet.from_questions(
        [(choice.columns[:, columns], choice.right) for choice in claims]
    )
    learnt = fit_ranking_weights(choices, ridge=RIDGE, min_first_weight=LEAST_BM25)
    return dict(zip(STATED, (learnt[1:] / learnt[0]).round(3).tolist(), strict=True))


def check_found(weights: Matrix, asked: Sequence[QuestionWindows]) -> Matrix:
    """For each question whether it is found first, and whether among the first three."""
    return np.array([choice.check_found(weights) for choice in asked], dtype=np.float64)


def relearn_without_each(asked: Sequence[QuestionWindows]) -> Mapping[str, Matrix]:
    """What is found with all features and without each, by weights learnt from other questions."""
    return {
        ALL: check_left_out(asked),
        PLAIN: check_found(_make_bm25_weights(), asked),
        **{name: check_left_out(asked, place) for place, name in enumerate(FEATURE_NAMES, start=1)},
    }


def check_left_out(asked: Sequence[QuestionWindows], left_out: int | None = None) -> Matrix:
    """What is found of each fold by the weights learnt from the others, one column left out."""
    found = np.zeros((len(asked), 2))
    for own in make_folds(len(asked)):
        others = [choice for choice, is_own in zip(asked, own, strict=True) if not is_own]
        held_back = [choice for choice, is_own in zip(asked, own, strict=True) if is_own]
        found[own] = check_found(learn_weights(others, left_out), held_back)
    return found


def make_folds(count: int) -> Iterator[Flags]:
    """Which of so many are in each fold."""
    numbers = np.random.default_rng(0).permutation(count) % FOLDS
    for fold in range(FOLDS):
        yield numbers == fold


def print_features(folder: Folder, learnt: Matrix) -> None:
    """Prints what each feature is worth in a folder that taught none of them."""
    asked = list(find_question_windows(folder, _make_weights({})))
    if asked:
        title = f"{folder.name}: {len(asked)} questions, by the weights learnt, one set to 0"
        CONSOLE.print(build_features_table(title, check_without_each(learnt, asked)))


def check_without_each(learnt: Matrix, asked: Sequence[QuestionWindows]) -> Mapping[str, Matrix]:
    """What is found by the weights learnt, by BM25 alone, and with each feature's weight at 0."""
    without = {name: learnt.copy() for name in FEATURE_NAMES}
    for place, name in enumerate(FEATURE_NAMES, start=1):
        without[name][place] = 0.0
    weights = {ALL: learnt, PLAIN: _make_bm25_weights(), **without}
    return {name: check_found(choice_weights, asked) for name, choice_weights in weights.items()}


def _make_bm25_weights() -> Matrix:
    weights: Matrix = np.eye(1 + len(FEATURE_NAMES))[0]
    return weights


def print_probabilities(firsts: Sequence[FirstExcerpt]) -> None:
    """Prints how far the probabilities can be trusted, and what could be refused by them."""
    chances = predict_left_out(firsts)
    CONSOLE.print(
        build_calibration_table(firsts, chances),
        build_reliability_table(firsts, chances),
        build_refusals_table(firsts, chances),
        sep="\n",
    )


def learn_evidence_weights(firsts: Sequence[FirstExcerpt]) -> Matrix:
    """The weights of evidence that these excerpts teach, those that are ruled out left aside."""
    taught = [
        excerpt
        for first in firsts
        if not first.is_ruled_out
        for excerpt in [first] * (SEED_TIMES if first.folder in SEED_SETS else 1)
    ]
    return fit_calibration(*build_evidence(taught), ridge=EVIDENCE_RIDGE)


def predict_left_out(firsts: Sequence[FirstExcerpt]) -> Matrix:
    """The probability of each first excerpt by the weights learnt from other folds."""
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
    """The evidence as a row an excerpt, and whether each is right."""
    evidence = np.array([first.evidence for first in firsts])
    return evidence, np.array([first.is_right for first in firsts])


def write_weights(
    features: Mapping[str, float], statement: Mapping[str, float], evidence: Mapping[str, float]
) -> None:
    """Writes the file."""
    lines = [
        "# What was learnt from judged questions, by `python -m tests.benchmarks.weights`.",
        "",
        "# How much a feature counts in the choice of passages to read; BM25 counts 1.",
        *_format_table("candidates", CANDIDATES),
        "",
        "# How much a feature counts in the score; BM25 counts 1.",
        *_format_table("features", features),
        "",
        "# The same where nothing is asked, as for a claim or terms to search for.",
        *_format_table("statement", statement),
        "",
        "# How evidence gives the probability that the first excerpt answers.",
        *_format_table("evidence", evidence),
        "",
        "# The least probability with which a question is answered, for each caution.",
        *_format_table("least", {caution.value: least for caution, least in LEAST.items()}),
    ]
    path = PROJECT / "config" / "weights.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _format_table(table: str, numbers: Mapping[str, float]) -> list[str]:
    return [f"[{table}]", *(f'"{name}" = {number}' for name, number in numbers.items())]


if __name__ == "__main__":
    main(*sys.argv[1:])

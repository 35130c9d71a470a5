"""The command that measures answers against judged questions."""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import AsJson
from bot.cli.output import print_json, print_lines, show_progress
from bot.cli.program import get_invocation
from bot.errors import JudgedFileError, QueryError, WrongUsage
from bot.evaluation.judged import JudgedCollection, read_judged_collection
from bot.evaluation.outcome import QuestionOutcome, read_outcomes
from bot.evaluation.report import build_report, format_report, report_to_json
from bot.evaluation.runner import EvaluatedQuestion, ask_all, build_index
from bot.presentation.answer import answer_to_json, refusal_to_json
from bot.presentation.errors import describe_error
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.text.terms import Analyser
from bot.runtime.disk_errors import describe_reason
from bot.settings.data_files import build_analyser, load_weights

WriteObject = Callable[[dict[str, Any]], None]
"""Writes one JSON object on a line."""


def evaluate(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="Folder with corpus.jsonl, queries.jsonl and qrels.tsv"
        ),
    ],
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write the answers to, as JSON Lines"),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="Earlier --answers file to compare with"),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Rank with BM25 alone")] = False,  # noqa: FBT002
    no_dates: Annotated[  # noqa: FBT002
        bool, typer.Option("--no-dates", help="Ask every question as of the last day of the corpus")
    ] = False,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Measure the answers to judged questions.

    answer@k is the share of answerable questions with an answer in one of the first k excerpts.
    found@k also counts the closest passages of an abstention.

    Example: dateline eval judged/news --against yesterday.jsonl
    """
    invocation = get_invocation(context)
    if invocation.options.as_of is not None:
        complaint = "The folder gives the day of each question. Leave out --as-of."
        raise WrongUsage(complaint)
    judged = read_judged_collection(folder)
    earlier_outcomes = None if against is None else read_outcomes(against)
    settings = invocation.load_settings()
    analyser, weights = build_analyser(settings), None if plain else load_weights(settings)
    outcomes: dict[str, QuestionOutcome] = {}
    with _open_output(answers) as write:
        evaluated_questions = _ask_questions(judged, analyser, weights, by_date=not no_dates)
        # Closed here, so that the progress bar is gone before an error is printed.
        with closing(evaluated_questions):
            for evaluated in evaluated_questions:
                outcomes[evaluated.question.id] = evaluated.outcome
                write(_evaluated_to_json(evaluated))
    report = build_report(judged, outcomes, earlier_outcomes)
    if as_json:
        print_json(report_to_json(report))
    else:
        print_lines(format_report(report))


def _ask_questions(
    judged: JudgedCollection, analyser: Analyser, weights: Weights | None, *, by_date: bool
) -> Generator[EvaluatedQuestion]:
    """Ask each judged question, with a progress bar, and yield the results."""
    with show_progress("Indexing articles") as progress:
        index = build_index(judged.articles, analyser, progress)
    with show_progress("Asking questions") as progress:
        yield from ask_all(
            judged.questions, index, weights=weights, by_date=by_date, progress=progress
        )


def _evaluated_to_json(evaluated: EvaluatedQuestion) -> dict[str, Any]:
    """Return the object that `ask --json` prints, with the question's id."""
    text, answer = evaluated.question.text, evaluated.answer
    value = (
        refusal_to_json(text, describe_error(answer), evaluated.elapsed_ms)
        if isinstance(answer, QueryError)
        else answer_to_json(text, answer, evaluated.elapsed_ms)
    )
    return {"id": evaluated.question.id, **value}


@contextmanager
def _open_output(path: Path | None) -> Iterator[WriteObject]:
    """Open a file for JSON Lines; without a path, nothing is written."""
    if path is None:
        yield lambda _: None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        reason = f"it can't be written ({describe_reason(error)}). Choose another file."
        raise JudgedFileError(path, None, reason) from error
    with file:
        yield lambda value: print(json.dumps(value, ensure_ascii=False), file=file)

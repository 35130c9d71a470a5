"""The commands of `dateline`: thin, each calls one function of app.py and shows what it gives."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli import terminal
from bot.cli.runner import ExitCode
from bot.errors import JudgedFileError, QueryError, WrongUsage
from bot.evaluation.judged import read_judged_collection as read_judged
from bot.evaluation.outcome import QuestionOutcome, read_outcomes
from bot.evaluation.report import build_report, format_report, report_to_json
from bot.evaluation.runner import EvaluatedQuestion, ask_all, build_index
from bot.presentation.answer import (
    answer_to_json,
    build_answer_blocks,
    build_explained_blocks,
    refusal_to_json,
)
from bot.presentation.ingest_report import format_ingest_lines, ingest_to_json
from bot.presentation.verification import build_verification_blocks, verification_to_json
from bot.presentation.wording import format_count
from bot.services.services import Services
from bot.settings import model_files as config_files
from bot.settings.loading import load_settings
from bot.wiring import open_configured

commands = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@commands.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The settings, instead of config/dateline.toml."),
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the database is, instead of data/.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|INSTANT",
            help="The clock: a date, or an instant in ISO form. Articles dated later are hidden.",
        ),
    ] = None,
) -> None:
    """Answers questions from dated articles, with verbatim, dated excerpts.

    The options below are taken after the command, too. Exit codes: 0 done or answered, 1 error,
    2 wrong usage or input, 3 the articles do not answer or the quote no longer stands.
    """
    context.obj = (config, data_dir, as_of)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@commands.command()
def ask(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    question: Annotated[
        list[str], typer.Argument(metavar="QUESTION", help="Best in quotation marks.")
    ],
    after: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only articles published on this day or later."),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only articles published on this day or earlier."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only articles of this source.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=10, metavar="N", help="Excerpts at most.")
    ] = None,
    explain: Annotated[  # noqa: FBT002 - a flag on the command line
        bool, typer.Option("--explain", help="Show what each excerpt's score is the sum of.")
    ] = False,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """One answer, as Discord would show it.

    Example: dateline ask "Why did OpenAI reach an agreement where Anthropic could not?"
    """
    started = time.perf_counter()
    text = " ".join(question)

    async def ask_and_print(services: Services) -> None:
        question_parsed = services.ask.parse(text, after=after, before=before, source=source)
        await services.library.ingest_seeds()
        await refresh_with_progress(services)
        answer = await services.ask.answer(question_parsed, max_excerpts=limit)
        if as_json:
            elapsed_ms = (time.perf_counter() - started) * 1000
            print_json(answer_to_json(text, answer, elapsed_ms, explain=explain))
        else:
            build_blocks = build_explained_blocks if explain else build_answer_blocks
            terminal.show(build_blocks(answer, question_parsed.bounds.days), make_console())
        raise typer.Exit(ExitCode.DONE if answer.is_answered else ExitCode.ABSTAINED)

    run(context, ask_and_print)


@commands.command()
def verify(
    context: typer.Context,
    receipt: Annotated[
        str, typer.Argument(metavar="RECEIPT", help="The 16 digits shown below an excerpt.")
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Whether the quote of a receipt still stands.

    Example: dateline verify 0123456789abcdef
    """

    async def verify_and_print(services: Services) -> None:
        verification = await services.verify.verify(receipt)
        if as_json:
            print_json(verification_to_json(verification))
        else:
            terminal.show(build_verification_blocks(verification), make_console())
        raise typer.Exit(ExitCode.DONE if verification.is_valid else ExitCode.ABSTAINED)

    run(context, verify_and_print)


@commands.command()
def ingest(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Files, and folders with all below.")
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Add articles from dated text files and JSON Lines.

    A text file begins with "date 2026-03-02", and its name is the article's id. JSON Lines, plain or
    gzipped, have id, date, text, and where known title, source and url.

    Example: dateline ingest articles/ more.jsonl.gz
    """

    async def ingest_and_print(services: Services) -> None:
        with _show_progress("Reading") as progress:
            outcomes = await services.library.add_articles(paths, progress)
        await refresh_with_progress(services)
        if as_json:
            print_json(ingest_to_json(outcomes))
        else:
            for line in format_ingest_lines(outcomes):
                typer.echo(terminal.escape_controls(line).replace("\n", "␊"))
        if any(outcome.reason for outcome in outcomes):
            raise typer.Exit(ExitCode.WRONG_INPUT)

    run(context, ingest_and_print)


@commands.command()
def remove(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The article's id.")],
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; people who verify a receipt read it.")
    ],
) -> None:
    """Take an article back for good.

    It is gone from search at once and all its revisions are deleted; its receipts say so.

    Example: dateline remove 2026-03-02-openai --reason "Published in error."
    """
    if not reason.strip():
        complaint = "The reason is blank"
        raise WrongUsage(complaint)

    async def remove_and_print(services: Services) -> None:
        await services.library.withdraw(article_id, reason)
        await refresh_with_progress(services)
        typer.echo(f"Removed {terminal.escape_controls(article_id)}; its receipts now say so.")

    run(context, remove_and_print)


@commands.command(name="forget-server")
def forget_server(
    context: typer.Context,
    server_id: Annotated[int, typer.Argument(metavar="ID", min=1, help="The server's id.")],
) -> None:
    """Delete at once all that is kept about a Discord server, also while the bot runs.

    Its settings are the usual ones from then on, and the buttons of answers shown there stop
    working. Where the bot is still in the server, what is done there afterwards is kept anew.

    Example: dateline forget-server 81384788765712384
    """

    async def forget_and_print(services: Services) -> None:
        rows = format_count(await services.privacy.forget_guild(str(server_id)), "row")
        typer.echo(f"Nothing is kept about the server {server_id} now: {rows} deleted.")

    run(context, forget_and_print)


@commands.command(name="eval")
def evaluate(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="corpus.jsonl, queries.jsonl and qrels.tsv.")
    ],
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write each answer there, as ask --json prints it."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="Compare with a run that --answers wrote earlier."),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Rank by BM25 alone.")] = False,  # noqa: FBT002
    no_dates: Annotated[  # noqa: FBT002
        bool, typer.Option("--no-dates", help="The clock is the corpus's last day throughout.")
    ] = False,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """How good the answers to judged questions are.

    answer@k is the share of the questions with an answer for which one of the first k excerpts
    holds it; found@k counts the nearest passages of an abstention as well.

    Example: dateline eval judged/news --answers today.jsonl --against yesterday.jsonl
    """
    config, data_dir, as_of = context.obj
    if as_of is not None:
        complaint = "eval takes the day of each question from its folder, not from --as-of"
        raise WrongUsage(complaint)
    judged = read_judged(folder)
    earlier_outcomes = None if against is None else read_outcomes(against)
    settings = load_settings(config, data_dir, os.environ, Path.cwd())
    analyser = config_files.build_analyser(settings)
    weights = None if plain else config_files.load_weights(settings)
    outcomes: dict[str, QuestionOutcome] = {}
    with _open_output(answers) as write:
        with _show_progress("Indexing") as progress:
            index = build_index(judged.articles, analyser, progress)
        with _show_progress("Asking") as progress:
            asked_questions = ask_all(
                judged.questions, index, weights=weights, by_date=not no_dates, progress=progress
            )
            for asked_question in asked_questions:
                outcomes[asked_question.question.id] = asked_question.outcome
                write(_asked_to_json(asked_question))
    report = build_report(judged, outcomes, earlier_outcomes)
    if as_json:
        print_json(report_to_json(report))
    else:
        for line in format_report(report):
            typer.echo(terminal.escape_controls(line))


def run(context: typer.Context, work: Callable[[Services], Coroutine[Any, Any, None]]) -> None:
    """Does the work with the app that the global options ask for."""

    async def work_with_app() -> None:
        async with open_configured(*context.obj, notify=_notify) as application:
            await work(application.services)

    asyncio.run(work_with_app())


async def refresh_with_progress(services: Services) -> None:
    """Brings the corpus in step with the library, with a progress bar."""
    with _show_progress("Indexing") as progress:
        await services.library.refresh_index(progress)


def make_console() -> Console:
    """Standard output; with a usual width where the terminal tells none."""
    console = Console()
    return console if console.width > 0 else Console(width=80)


def _notify(sentence: str) -> None:
    typer.echo(terminal.escape_controls(sentence), err=True)


def print_json(value: dict[str, Any]) -> None:
    """Prints one JSON object on a line."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def _asked_to_json(asked_question: EvaluatedQuestion) -> dict[str, Any]:
    """What `ask --json` prints, with the question's id."""
    text, answer = asked_question.question.text, asked_question.answer
    value = (
        refusal_to_json(text, str(answer), asked_question.elapsed_ms)
        if isinstance(answer, QueryError)
        else answer_to_json(text, answer, asked_question.elapsed_ms)
    )
    return {"id": asked_question.question.id, **value}


@contextmanager
def _open_output(path: Path | None) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Writes an object a line into the file; nothing where none is named."""
    if path is None:
        yield lambda _: None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise JudgedFileError(path, None, f"it can't be written: {error.strerror}") from error
    with file:
        yield lambda value: print(json.dumps(value, ensure_ascii=False), file=file)


@contextmanager
def _show_progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on a terminal; None elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)

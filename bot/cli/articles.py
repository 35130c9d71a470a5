"""The commands that add and remove articles."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.library import refresh_index
from bot.cli.options import AsJson
from bot.cli.output import print_json, print_lines, show_progress
from bot.cli.runner import ExitCode, run_with_services
from bot.errors import WrongUsage
from bot.presentation.ingest_report import format_ingest_lines, ingest_to_json
from bot.services.services import Services


def ingest(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Files, or folders with all files below them"),
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Add articles from text files and JSON Lines files.

    A text file starts with "date 2026-03-02", and its name is the article's id. In a JSON Lines
    file (.jsonl or .ndjson, plain or gzipped), each line has an id, a date and a text, and
    optionally a title, a source and a url.

    Example: dateline ingest articles/ more.jsonl.gz
    """

    async def ingest_and_print(services: Services) -> ExitCode:
        with show_progress("Reading articles") as progress:
            outcomes = await services.library.add_articles(paths, progress)
        await refresh_index(services)
        if as_json:
            print_json(ingest_to_json(outcomes))
        else:
            # One line per result, although the name of a file can contain a line break.
            print_lines(line.replace("\n", "␊") for line in format_ingest_lines(outcomes))
        is_refused = any(outcome.reason for outcome in outcomes)
        return ExitCode.WRONG_INPUT if is_refused else ExitCode.DONE

    run_with_services(context, ingest_and_print)


def remove(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID", help="Article ID")],
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Reason, shown to anyone who verifies a receipt")
    ],
) -> None:
    """Remove an article from the library.

    All its revisions are deleted, and searches no longer find it. Anyone who verifies one of its
    receipts sees that it was withdrawn, and the reason. Delete it from your files first: the next
    ingest of a file that contains it would add it again.

    Example: dateline remove 2026-03-02-openai --reason "Published in error."
    """
    if not reason.strip():
        complaint = "The reason is empty. Say why the article is removed."
        raise WrongUsage(complaint)

    async def remove_and_print(services: Services) -> ExitCode:
        await services.library.withdraw(article_id, reason)
        await refresh_index(services)
        print_lines([f"Removed {article_id}. Its receipts now show the reason."])
        return ExitCode.DONE

    run_with_services(context, remove_and_print)

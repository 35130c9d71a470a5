"""The commands that change the library."""

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
        list[Path], typer.Argument(metavar="PATH", help="Files, and folders with all below.")
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Add articles from dated text files and JSON Lines.

    A text file begins with "date 2026-03-02", and its name is the article's id. JSON Lines, plain or
    gzipped, have id, date, text, and where known title, source and url.

    Example: dateline ingest articles/ more.jsonl.gz
    """

    async def ingest_and_print(services: Services) -> ExitCode:
        with show_progress("Reading") as progress:
            outcomes = await services.library.add_articles(paths, progress)
        await refresh_index(services)
        if as_json:
            print_json(ingest_to_json(outcomes))
        else:
            print_lines(line.replace("\n", "␊") for line in format_ingest_lines(outcomes))
        is_refused = any(outcome.reason for outcome in outcomes)
        return ExitCode.WRONG_INPUT if is_refused else ExitCode.DONE

    run_with_services(context, ingest_and_print)


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

    async def remove_and_print(services: Services) -> ExitCode:
        await services.library.withdraw(article_id, reason)
        await refresh_index(services)
        print_lines([f"Removed {article_id}; its receipts now say so."])
        return ExitCode.DONE

    run_with_services(context, remove_and_print)

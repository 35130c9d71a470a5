"""The command that answers a question."""

import time
from typing import Annotated

import typer

from bot.cli.library import prepare_library
from bot.cli.options import After, AsJson, Before, Source
from bot.cli.output import print_blocks, print_json
from bot.cli.runner import ExitCode, run_with_services
from bot.presentation.answer import (
    answer_to_json,
    build_answer_blocks,
    build_explained_answer_blocks,
)
from bot.services.services import Services


def ask(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    question: Annotated[
        list[str], typer.Argument(metavar="QUESTION", help="Question, best in quotation marks")
    ],
    after: After = None,
    before: Before = None,
    source: Source = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=10, metavar="N", help="Maximum number of excerpts")
    ] = None,
    explain: Annotated[  # noqa: FBT002 - a flag on the command line
        bool, typer.Option("--explain", help="Show how each excerpt was scored")
    ] = False,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """Answer a question with excerpts from the articles.

    Example: dateline ask "Why did OpenAI reach an agreement with the Pentagon?"
    """
    started = time.perf_counter()
    text = " ".join(question)

    async def ask_and_print(services: Services) -> ExitCode:
        parsed_question = services.ask.parse(text, after=after, before=before, source=source)
        await prepare_library(services)
        answer = await services.ask.ask_in_any_script(parsed_question, max_excerpts=limit)
        if as_json:
            elapsed_ms = (time.perf_counter() - started) * 1000
            print_json(answer_to_json(text, answer, elapsed_ms, includes_shares=explain))
        else:
            build_blocks = build_explained_answer_blocks if explain else build_answer_blocks
            print_blocks(build_blocks(answer, parsed_question.bounds.days))
        return ExitCode.DONE if answer.is_answered else ExitCode.ABSTAINED

    run_with_services(context, ask_and_print)

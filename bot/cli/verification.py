"""The commands that check receipts and quotations against the articles."""

import sys
from typing import Annotated

import typer

from bot.cli.library import prepare_library
from bot.cli.options import AsJson
from bot.cli.output import print_blocks, print_json
from bot.cli.runner import ExitCode, run_with_services
from bot.lookups.quotations import QuotationStatus, find_quotations
from bot.presentation.quotations import build_quotation_blocks, quotations_to_json
from bot.presentation.verification import build_verification_blocks, verification_to_json
from bot.services.services import Services


def verify(
    context: typer.Context,
    receipt: Annotated[
        str, typer.Argument(metavar="RECEIPT", help="Receipt shown below an excerpt")
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Check that the excerpt of a receipt is still in its article.

    Example: dateline verify 0123456789abcdef
    """

    async def verify_and_print(services: Services) -> ExitCode:
        verification = await services.verify.verify(receipt)
        if as_json:
            print_json(verification_to_json(verification))
        else:
            print_blocks(build_verification_blocks(verification))
        return ExitCode.DONE if verification.is_valid else ExitCode.ABSTAINED

    run_with_services(context, verify_and_print)


def verify_quotes(
    context: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="Text with quotations (default: standard input)"),
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Check which quotations in a text are in the articles.

    Quotations are text in quotation marks and lines that start with ">". The exit code is 3 if a
    quotation is not found word for word, or if there is none.

    Example: dateline verify-quotes 'He said "we will not be moved" and left.'
    """

    async def check_and_print(services: Services) -> ExitCode:
        quoted_texts = find_quotations(_read_stdin() if text is None else text)
        await prepare_library(services)
        quotations = await services.browse.check_quotations(quoted_texts)
        await services.shown_answers.record_receipts(
            [quotation.citation for quotation in quotations if quotation.citation]
        )
        if as_json:
            print_json(quotations_to_json(quotations, len(quoted_texts)))
        else:
            blocks = build_quotation_blocks(
                quotations,
                await services.browse.compute_extent(),
                quotation_count=len(quoted_texts),
                max_excerpt_chars=services.settings.answers.max_excerpt_chars,
            )
            print_blocks(blocks)
        is_verbatim = quoted_texts and all(
            quotation.status is QuotationStatus.VERBATIM for quotation in quotations
        )
        return ExitCode.DONE if is_verbatim else ExitCode.ABSTAINED

    run_with_services(context, check_and_print)


def _read_stdin() -> str:
    """Read the standard input, which can hold any bytes, as text."""
    return sys.stdin.buffer.read().decode(errors="replace")

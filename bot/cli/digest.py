"""The command that previews a digest."""

from typing import Annotated

import typer

from bot.cli.library import prepare_library
from bot.cli.options import AsJson
from bot.cli.output import print_blocks, print_json
from bot.cli.runner import ExitCode, run_with_services
from bot.dates.grammar import parse_first_day
from bot.errors import WrongUsage
from bot.presentation.digest import (
    build_digest_blocks,
    build_digest_listing,
    count_shown_entries,
    digest_to_json,
)
from bot.services.services import Services


def digest(
    context: typer.Context,
    preview: Annotated[  # noqa: FBT002 - a flag on the command line
        bool, typer.Option("--preview", help="Show the digest without posting it")
    ] = False,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day of the digest (default: today)")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """Preview the digest of a day.

    It covers articles published from 09:00 on the day before until 09:00 on that day; an article
    counts as published at the start of its day. The exit code is 3 if there is nothing to report.

    Example: dateline digest --preview --date "2 March 2026"
    """

    async def preview_and_print(services: Services) -> ExitCode:
        if not preview:
            complaint = "Digests are posted by dateline run. Add --preview to see one here."
            raise WrongUsage(complaint)
        today = services.clock.today()
        day = parse_first_day(date, today) if date else today
        await prepare_library(services)
        subscription = services.digests.build_default("", services.settings.dates.zone)
        day_digest = await services.digest_history.preview(subscription, day)
        entries = build_digest_listing(day_digest).entries
        shown_entries = entries if as_json else entries[: count_shown_entries(day_digest)]
        await services.shown_answers.record_receipts(shown_entries)
        if as_json:
            print_json(digest_to_json(day_digest))
        else:
            print_blocks(build_digest_blocks(day_digest))
        return ExitCode.ABSTAINED if day_digest.is_empty else ExitCode.DONE

    run_with_services(context, preview_and_print)

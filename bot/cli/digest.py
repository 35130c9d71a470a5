"""The command of `dateline` that shows what a digest would be, on the terminal."""

from typing import Annotated

import typer

from bot.cli import terminal
from bot.cli.commands import AsJson, commands, console, print_json, run
from bot.cli.lookups import ready
from bot.cli.runner import ExitCode
from bot.dates.grammar import first_day
from bot.digest.preview import preview as previewed
from bot.errors import WrongUsage
from bot.presentation.digest import digest_blocks, digest_listing, digest_object, shown_count
from bot.services import app as running
from bot.services.digests import usual


@commands.command()
def digest(
    context: typer.Context,
    preview: Annotated[  # noqa: FBT002 - a flag on the command line
        bool, typer.Option("--preview", help="Show it; nothing is posted.")
    ] = False,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day instead of today.")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """The digest of a day: what was published from 09:00 on the day before up to 09:00 of it.

    An article counts from the first moment of the day on which it was published. Exit code 3 says
    that there is nothing to tell.

    Example: dateline digest --preview --date "2 March 2026"
    """

    async def shown(app: running.App) -> None:
        if not preview:
            complaint = "digests are posted by dateline run, and shown with --preview"
            raise WrongUsage(complaint)
        day = first_day(date, app.today) if date else app.today
        await ready(app)
        found = await previewed(
            app.corpus,
            usual(app, "", app.settings.dates.zone),
            day,
            until=app.today,
            limits=running.digest_limits(app),
        )
        entries = digest_listing(found).entries
        await running.record_shown(app, entries if as_json else entries[: shown_count(found)])
        if as_json:
            print_json(digest_object(found))
        else:
            terminal.show(digest_blocks(found), console())
        raise typer.Exit(ExitCode.ABSTAINED if found.is_empty else ExitCode.DONE)

    run(context, shown)

"""The commands of an operator: running the bot, and looking after what runs."""

from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli.failure import print_failure
from bot.cli.options import AsJson
from bot.cli.output import print_json, print_lines
from bot.cli.program import Invocation, get_invocation
from bot.cli.runner import ExitCode, run_with_services
from bot.errors import SettingsError
from bot.presentation.findings import findings_to_json, format_findings, has_no_problem
from bot.presentation.wording import format_count
from bot.runtime.clock import read_system_clock
from bot.runtime.heartbeats import check_health
from bot.services.diagnostics import report_error
from bot.services.finding import Finding
from bot.services.services import Services


def run(context: typer.Context) -> None:
    """The Discord bot, until SIGTERM or Ctrl-C.

    Example: DISCORD_TOKEN_FILE=token dateline run
    """
    invocation = get_invocation(context)
    invocation.program.run_bot(invocation.options)


def health(context: typer.Context) -> None:
    """Whether the bot of the data folder is alive: exit code 0, or 1 with what is not.

    Example: dateline health
    """
    bot_health = check_health(get_invocation(context).load_settings().data_dir, read_system_clock())
    if bot_health.is_healthy:
        typer.echo("The bot is well.")
        return
    silent_parts = ", ".join(bot_health.silent_parts)
    print_failure(
        f"The bot is not well; it is silent in: {silent_parts}."
        if bot_health.is_running
        else "No bot runs on this data folder."
    )
    raise typer.Exit(ExitCode.ERROR)


def doctor(
    context: typer.Context,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """Whether the set-up is right: exit code 0, or 1 with what to do.

    It looks at the settings, the token, the database, the disk and the clock, and asks Discord
    about the application, its commands and its permissions. It changes nothing.

    Example: DISCORD_TOKEN_FILE=token dateline doctor
    """
    findings = _examine_setup(get_invocation(context))
    if as_json:
        print_json(findings_to_json(findings))
    else:
        print_lines(format_findings(findings))
    raise typer.Exit(ExitCode.DONE if has_no_problem(findings) else ExitCode.ERROR)


def _examine_setup(invocation: Invocation) -> Sequence[Finding]:
    """Return how each part of the set-up is; settings that can't be loaded are a finding, too."""
    try:
        return invocation.program.examine_setup(invocation.options)
    except SettingsError as error:
        return [report_error("settings", error)]


def forget_server(
    context: typer.Context,
    server_id: Annotated[int, typer.Argument(metavar="ID", min=1, help="The server's id.")],
) -> None:
    """Delete at once all that is kept about a Discord server, also while the bot runs.

    Its settings are the usual ones from then on, and the buttons of answers shown there stop
    working. Where the bot is still in the server, what is done there afterwards is kept anew.

    Example: dateline forget-server 81384788765712384
    """

    async def forget_and_print(services: Services) -> ExitCode:
        row_count = format_count(await services.privacy.forget_guild(str(server_id)), "row")
        typer.echo(f"Nothing is kept about the server {server_id} now: {row_count} deleted.")
        return ExitCode.DONE

    run_with_services(context, forget_and_print)


def local_discord(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="P", help="The port; 0 for a free one.")
    ] = 0,
) -> None:
    """A Discord on this machine to try the bot with; it prints what to set.

    Example: dateline local-discord --port 8123
    """
    get_invocation(context).program.serve_local_discord(port)

"""The operator's commands: running the bot and checking on it."""

from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli.failure import print_failure
from bot.cli.options import AsJson
from bot.cli.output import print_json, print_lines
from bot.cli.program import Invocation, get_invocation
from bot.cli.runner import ExitCode, run_with_services
from bot.errors import SettingsError
from bot.model.counts import format_count
from bot.presentation.findings import findings_to_json, format_findings, has_no_problem
from bot.runtime.clock import read_system_clock
from bot.runtime.heartbeats import check_health
from bot.services.diagnostics import describe_silence, report_error
from bot.services.finding import Finding
from bot.services.services import Services


def run(context: typer.Context) -> None:
    """Run the Discord bot.

    It needs a token in DISCORD_TOKEN, or the name of a file that contains one in DISCORD_TOKEN_FILE.
    SIGTERM and Ctrl-C stop it.

    Example: DISCORD_TOKEN_FILE=token dateline run
    """
    invocation = get_invocation(context)
    invocation.program.run_bot(invocation.options)


def health(context: typer.Context) -> None:
    """Check that the bot is running and responding.

    The exit code is 1 if it is not.

    Example: dateline health
    """
    bot_health = check_health(get_invocation(context).load_settings().data_dir, read_system_clock())
    if bot_health.is_healthy:
        typer.echo("The bot is running.")
        return
    print_failure(
        describe_silence(bot_health)
        if bot_health.is_running
        else "No bot is running on this data folder. Start one with dateline run."
    )
    raise typer.Exit(ExitCode.ERROR)


def doctor(
    context: typer.Context,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """Check the setup and say what to fix.

    It checks the settings, the token, the database, the disk and the clock, and asks Discord
    about the application, its commands and its permissions. It changes nothing. The exit code is
    1 if something needs to be fixed.

    Example: DISCORD_TOKEN_FILE=token dateline doctor
    """
    findings = _examine_setup(get_invocation(context))
    if as_json:
        print_json(findings_to_json(findings))
    else:
        print_lines(format_findings(findings))
    raise typer.Exit(ExitCode.DONE if has_no_problem(findings) else ExitCode.ERROR)


def _examine_setup(invocation: Invocation) -> Sequence[Finding]:
    """Return the findings about the setup; invalid settings are a finding, too."""
    try:
        return invocation.program.examine_setup(invocation.options)
    except SettingsError as error:
        return [report_error("settings", error)]


def forget_server(
    context: typer.Context,
    server_id: Annotated[int, typer.Argument(metavar="ID", min=1, help="Server ID")],
) -> None:
    """Delete everything stored about a Discord server.

    This also works while the bot runs. The server's settings return to their defaults, and the
    buttons of answers shown there stop working. If the bot is still in the server, later activity
    there is stored again.

    Example: dateline forget-server 81384788765712384
    """

    async def forget_and_print(services: Services) -> ExitCode:
        row_count = format_count(await services.privacy.forget_guild(str(server_id)), "row")
        typer.echo(f"Deleted {row_count}. Nothing is stored about the server {server_id} now.")
        return ExitCode.DONE

    run_with_services(context, forget_and_print)


def local_discord(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="Port; 0 for any free port")
    ] = 0,
) -> None:
    """Start a local Discord to try the bot with.

    It prints the settings that connect the bot to it.

    Example: dateline local-discord --port 8123
    """
    get_invocation(context).program.serve_local_discord(port)

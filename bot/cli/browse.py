"""The commands that list articles and sources."""

from typing import Annotated

import typer

from bot.cli.library import prepare_library
from bot.cli.listing import print_listing
from bot.cli.options import AsJson, Source
from bot.cli.output import print_blocks, print_json
from bot.cli.runner import ExitCode, run_with_services
from bot.dates.grammar import parse_day_range
from bot.lookups.latest import DEFAULT_LATEST, MAX_LATEST
from bot.presentation.library import (
    build_sources_blocks,
    build_status_blocks,
    sources_to_json,
    status_to_json,
)
from bot.services.services import Services


def latest(
    context: typer.Context,
    count: Annotated[
        int, typer.Option(min=1, max=MAX_LATEST, metavar="N", help="Maximum number of articles")
    ] = DEFAULT_LATEST,
    source: Source = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """List the newest articles, each with its leading sentence.

    Example: dateline latest --count 3 --source Reuters
    """

    async def list_and_print(services: Services) -> ExitCode:
        await prepare_library(services)
        listing = await services.browse.list_latest(count=count, source=source)
        return await print_listing(services, listing, as_json=as_json)

    run_with_services(context, list_and_print)


def on(
    context: typer.Context,
    date: Annotated[
        list[str],
        typer.Argument(metavar="DATE", help="Day or days, such as 2 March or last week"),
    ],
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """List the articles of a day or a range of days.

    If there are none, the closest days with articles are shown.

    Example: dateline on 21 to 28 February
    """

    async def list_and_print(services: Services) -> ExitCode:
        days = parse_day_range(" ".join(date), services.clock.today())
        await prepare_library(services)
        listing = await services.browse.list_published_on(days)
        return await print_listing(services, listing, as_json=as_json)

    run_with_services(context, list_and_print)


def sources(
    context: typer.Context,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """List the sources with their article counts and dates.

    Example: dateline sources --json
    """

    async def list_and_print(services: Services) -> ExitCode:
        await prepare_library(services)
        source_counts = await services.browse.list_sources()
        if as_json:
            print_json(sources_to_json(source_counts))
        else:
            print_blocks(build_sources_blocks(source_counts))
        return ExitCode.DONE if source_counts else ExitCode.ABSTAINED

    run_with_services(context, list_and_print)


def status(
    context: typer.Context,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """Show the size of the library and when it last changed.

    Example: dateline status
    """

    async def get_and_print(services: Services) -> ExitCode:
        await prepare_library(services)
        library_status = await services.browse.get_status()
        if as_json:
            print_json(status_to_json(library_status))
        else:
            print_blocks(build_status_blocks(library_status, services.settings.dates.zone))
        return ExitCode.DONE

    run_with_services(context, get_and_print)

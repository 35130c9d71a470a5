"""The commands that follow a topic over time."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.library import prepare_library
from bot.cli.listing import print_listing
from bot.cli.options import After, AsJson, Before, Source, Topic
from bot.cli.output import print_blocks, print_json
from bot.cli.runner import ExitCode, run_with_services
from bot.dates.grammar import parse_first_day
from bot.errors import WrongUsage
from bot.lookups.timeline import TimelineStep
from bot.lookups.trend import DEFAULT_WEEKS, MAX_WEEKS, MIN_WEEKS
from bot.presentation.trend import build_trend_blocks, draw_trend, trend_to_json
from bot.runtime.disk_errors import describe_reason
from bot.services.services import Services


def timeline(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    topic: Topic,
    after: After = None,
    before: Before = None,
    source: Source = None,
    step: Annotated[
        TimelineStep | None,
        typer.Option(help="Length of a step (default: depends on the dates)"),
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """Follow a story over time.

    Each step shows one dated sentence; gaps between steps are marked.

    Example: dateline timeline "supply chain" --after February --step week
    """

    async def build_and_print(services: Services) -> ExitCode:
        query = services.browse.parse_query(" ".join(topic))
        bounds = services.browse.parse_bounds(after, before, source)
        await prepare_library(services)
        listing = await services.browse.build_timeline(query, bounds, step=step)
        return await print_listing(services, listing, as_json=as_json)

    run_with_services(context, build_and_print)


def changed(
    context: typer.Context,
    topic: Topic,
    since: Annotated[str, typer.Option(metavar="DATE", help="First day that counts as new")],
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """See what changed since a date.

    New sentences are shown next to the last sentence before that date.

    Example: dateline changed "Anthropic Pentagon" --since "1 March 2026"
    """

    async def find_and_print(services: Services) -> ExitCode:
        query = services.browse.parse_query(" ".join(topic))
        first_day = parse_first_day(since, services.clock.today())
        await prepare_library(services)
        listing = await services.browse.find_changes(query, since=first_day)
        return await print_listing(services, listing, as_json=as_json)

    run_with_services(context, find_and_print)


def trend(
    context: typer.Context,
    terms: Annotated[
        list[str], typer.Argument(metavar="TOPICS", help="Up to 4 topics, separated by commas")
    ],
    weeks: Annotated[
        int, typer.Option(min=MIN_WEEKS, max=MAX_WEEKS, metavar="N", help="Number of weeks")
    ] = DEFAULT_WEEKS,
    png: Annotated[
        Path | None, typer.Option(metavar="FILE", help="PNG file to write the chart to")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """Chart the coverage of topics.

    It counts the articles of each week that contain all words of a topic.

    Example: dateline trend "Anthropic, OpenAI" --weeks 8 --png trend.png
    """

    async def count_and_print(services: Services) -> ExitCode:
        queries = services.browse.parse_trend_terms(" ".join(terms))
        await prepare_library(services)
        weekly_trend = await services.browse.build_trend(queries, weeks=weeks)
        if png:
            _write_file(png, draw_trend(weekly_trend).png)
        if as_json:
            print_json(trend_to_json(weekly_trend))
        else:
            print_blocks(build_trend_blocks(weekly_trend))
        return ExitCode.ABSTAINED if weekly_trend.is_empty else ExitCode.DONE

    run_with_services(context, count_and_print)


def _write_file(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        complaint = f"Can't write the file {path} ({describe_reason(error)}). Choose another one."
        raise WrongUsage(complaint) from error

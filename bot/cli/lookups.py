"""The commands of `dateline` that look things up: what Discord shows, on the terminal."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import terminal
from bot.cli.commands import AsJson, commands, make_console, print_json, refresh_with_progress, run
from bot.cli.runner import ExitCode
from bot.dates.grammar import parse_day_range, parse_first_day
from bot.errors import WrongUsage
from bot.lookups.catalogue import Catalogue
from bot.lookups.latest import DEFAULT_LATEST, MAX_LATEST
from bot.lookups.listing import Listing
from bot.lookups.quotations import QuotationStatus, find_quotations
from bot.lookups.search import Detail, Sort
from bot.lookups.timeline import TimelineStep
from bot.lookups.trend import DEFAULT_WEEKS, MAX_WEEKS, MIN_WEEKS
from bot.presentation.article import article_to_json, build_article_blocks, build_unmatched_blocks
from bot.presentation.library import (
    build_sources_blocks,
    build_status_blocks,
    sources_to_json,
    status_to_json,
)
from bot.presentation.listing import build_listing_blocks, listing_to_json
from bot.presentation.quotations import build_quotation_blocks, quotations_to_json
from bot.presentation.trend import build_trend_blocks, draw_trend, trend_to_json
from bot.services.services import Services

AfterOption = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles published on this day or later."),
]
BeforeOption = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles published on this day or earlier."),
]
TopicArgument = Annotated[
    list[str], typer.Argument(metavar="TOPIC", help="What it is about, in a few words.")
]
SourceOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Only articles of this source.")
]


async def print_listing(
    services: Services, listing: Listing, *, max_entries: int | None = None, as_json: bool
) -> None:
    """Prints what a lookup found, and ends with whether it found anything.

    Args:
        services: The use cases.
        listing: What it found.
        max_entries: The entries at most; None for all.
        as_json: Whether as an object.
    """
    max_entries = len(listing.entries) if max_entries is None else max_entries
    await services.shown_answers.record_receipts(listing.entries[:max_entries])
    if as_json:
        print_json(listing_to_json(listing, max_entries))
    else:
        terminal.show(build_listing_blocks(listing, 1, max_entries), make_console())
    raise typer.Exit(ExitCode.DONE if listing.entries else ExitCode.ABSTAINED)


async def prepare_library(services: Services) -> None:
    """Fills an empty library from the seeds, and brings the corpus in step with it."""
    await services.library.ingest_seeds()
    await refresh_with_progress(services)


@commands.command()
def search(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    terms: Annotated[
        list[str],
        typer.Argument(metavar="TERMS", help="Words, in one pair of quotation marks."),
    ],
    after: AfterOption = None,
    before: BeforeOption = None,
    source: SourceOption = None,
    sort: Annotated[Sort, typer.Option(help="The order.")] = Sort.BEST,
    detail: Annotated[
        Detail, typer.Option(help="One sentence a passage, or more of it.")
    ] = Detail.FULL,
    limit: Annotated[int, typer.Option(min=1, max=30, metavar="N", help="Passages at most.")] = 5,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Passages that hold your words; a "phrase" holds them side by side, -word leaves out.

    Sorted by their days, the best passage of each article that holds all the words stands for it.

    Example: dateline search 'Anthropic "supply chain" -Google' --sort newest
    """

    async def look_up_and_print(services: Services) -> None:
        query = services.browse.parse_terms(" ".join(terms))
        bounds = services.browse.parse_bounds(after, before, source)
        await prepare_library(services)
        listing = await services.browse.search(query, bounds, sort=sort, detail=detail)
        await print_listing(services, listing, max_entries=limit, as_json=as_json)

    run(context, look_up_and_print)


@commands.command()
def article(
    context: typer.Context,
    title: Annotated[
        list[str],
        typer.Argument(metavar="TITLE", help="Its id, or words of its title, day or source."),
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """One article, word for word, with its paragraphs numbered.

    Of several that fit, the newest is shown.

    Example: dateline article "supply chain Reuters"
    """
    text = " ".join(title)

    async def look_up_and_print(services: Services) -> None:
        await prepare_library(services)
        catalogue = Catalogue.from_articles(await services.library.refresh())
        card = catalogue.find_article(text, until=services.clock.today())
        article = await services.browse.find_article(card.id) if card else None
        if as_json:
            print_json({"article": article_to_json(article) if article else None})
        else:
            blocks = build_article_blocks(article) if article else build_unmatched_blocks()
            terminal.show(blocks, make_console())
        raise typer.Exit(ExitCode.DONE if article else ExitCode.ABSTAINED)

    run(context, look_up_and_print)


@commands.command()
def latest(
    context: typer.Context,
    count: Annotated[
        int, typer.Option(min=1, max=MAX_LATEST, metavar="N", help="Articles at most.")
    ] = DEFAULT_LATEST,
    source: SourceOption = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """The newest articles, each with the sentence that it leads with.

    Example: dateline latest --count 3 --source Reuters
    """

    async def look_up_and_print(services: Services) -> None:
        await prepare_library(services)
        listing = await services.browse.list_latest(count=count, source=source)
        await print_listing(services, listing, as_json=as_json)

    run(context, look_up_and_print)


@commands.command()
def on(
    context: typer.Context,
    date: Annotated[
        list[str], typer.Argument(metavar="DATE", help="2026-03-02, 2 March, last week and so on.")
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """What the library has for a day or days, and the nearest days that it has.

    Example: dateline on 21 to 28 February
    """

    async def look_up_and_print(services: Services) -> None:
        days = parse_day_range(" ".join(date), services.clock.today())
        await prepare_library(services)
        listing = await services.browse.list_published_on(days)
        await print_listing(services, listing, as_json=as_json)

    run(context, look_up_and_print)


@commands.command()
def sources(
    context: typer.Context,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """The sources that the library has, with how many articles and of which days.

    Example: dateline sources --json
    """

    async def look_up_and_print(services: Services) -> None:
        await prepare_library(services)
        library_sources = await services.browse.list_sources()
        if as_json:
            print_json(sources_to_json(library_sources))
        else:
            terminal.show(build_sources_blocks(library_sources), make_console())
        raise typer.Exit(ExitCode.DONE if library_sources else ExitCode.ABSTAINED)

    run(context, look_up_and_print)


@commands.command()
def status(
    context: typer.Context,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """What the library holds, when it last changed, and which Dateline this is.

    Example: dateline status
    """

    async def look_up_and_print(services: Services) -> None:
        await prepare_library(services)
        library_status = await services.browse.get_status()
        if as_json:
            print_json(status_to_json(library_status))
        else:
            terminal.show(
                build_status_blocks(library_status, services.settings.dates.zone), make_console()
            )

    run(context, look_up_and_print)


@commands.command()
def timeline(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    topic: TopicArgument,
    after: AfterOption = None,
    before: BeforeOption = None,
    source: SourceOption = None,
    step: Annotated[
        TimelineStep | None,
        typer.Option(help="How long a step is, instead of what suits the dates."),
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """What was said of a topic over time: a dated sentence a step, and the gaps between them.

    Example: dateline timeline "Anthropic supply chain" --after February --step week
    """

    async def look_up_and_print(services: Services) -> None:
        query = services.browse.parse_terms(" ".join(topic))
        bounds = services.browse.parse_bounds(after, before, source)
        await prepare_library(services)
        listing = await services.browse.build_timeline(query, bounds, step=step)
        await print_listing(services, listing, as_json=as_json)

    run(context, look_up_and_print)


@commands.command()
def changed(
    context: typer.Context,
    topic: TopicArgument,
    since: Annotated[
        str, typer.Option(metavar="DATE", help="The day from which on it counts as new.")
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """What was said since a day, beside the last thing that was said before it.

    Example: dateline changed "Anthropic Pentagon" --since "1 March 2026"
    """

    async def look_up_and_print(services: Services) -> None:
        query = services.browse.parse_terms(" ".join(topic))
        first = parse_first_day(since, services.clock.today())
        await prepare_library(services)
        listing = await services.browse.find_changes(query, since=first)
        await print_listing(services, listing, as_json=as_json)

    run(context, look_up_and_print)


@commands.command()
def trend(
    context: typer.Context,
    terms: Annotated[
        list[str], typer.Argument(metavar="TERMS", help="Up to 4, with commas between them.")
    ],
    weeks: Annotated[
        int, typer.Option(min=MIN_WEEKS, max=MAX_WEEKS, metavar="N", help="How many weeks back.")
    ] = DEFAULT_WEEKS,
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the chart there.")] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """How many articles a week hold all the words of each term.

    Example: dateline trend "Anthropic, OpenAI, supply chain" --weeks 8 --png trend.png
    """

    async def look_up_and_print(services: Services) -> None:
        queries = services.browse.parse_trend_terms(" ".join(terms))
        await prepare_library(services)
        weekly_trend = await services.browse.build_trend(queries, weeks=weeks)
        if png:
            _write_file(png, draw_trend(weekly_trend).png)
        if as_json:
            print_json(trend_to_json(weekly_trend))
        else:
            terminal.show(build_trend_blocks(weekly_trend), make_console())
        raise typer.Exit(ExitCode.ABSTAINED if weekly_trend.is_empty else ExitCode.DONE)

    run(context, look_up_and_print)


def _write_file(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        complaint = f"{path} can't be written: {error.strerror}"
        raise WrongUsage(complaint) from error


@commands.command(name="verify-quotes")
def verify_quotes(
    context: typer.Context,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="Standard input where it is left out.")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Which quotations in a text an article has word for word.

    Quotations are what stands in quotation marks and in lines that begin with ">". Exit code 3
    says that not all of them are found word for word, or that there is none.

    Example: dateline verify-quotes 'He said "we will not be moved" and left.'
    """

    async def check_and_print(services: Services) -> None:
        quoted_texts = find_quotations(_read_stdin() if text is None else text)
        await prepare_library(services)
        checked_quotations = await services.browse.check_quotations(quoted_texts)
        await services.shown_answers.record_receipts(
            [quotation.citation for quotation in checked_quotations if quotation.citation]
        )
        if as_json:
            print_json(quotations_to_json(checked_quotations, len(quoted_texts)))
        else:
            blocks = build_quotation_blocks(
                checked_quotations,
                await services.browse.compute_extent(),
                quotation_count=len(quoted_texts),
                max_excerpt_chars=services.settings.answers.max_excerpt_chars,
            )
            terminal.show(blocks, make_console())
        is_verbatim = quoted_texts and all(
            quotation.status is QuotationStatus.VERBATIM for quotation in checked_quotations
        )
        raise typer.Exit(ExitCode.DONE if is_verbatim else ExitCode.ABSTAINED)

    run(context, check_and_print)


def _read_stdin() -> str:
    """All of the standard input."""
    return sys.stdin.buffer.read().decode(errors="replace")

"""The commands of `dateline` that look things up: what Discord shows, on the terminal."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import terminal
from bot.cli.commands import AsJson, commands, console, in_step, print_json, run
from bot.cli.runner import ExitCode
from bot.dates.grammar import day_range, first_day
from bot.errors import WrongUsage
from bot.lookups.catalogue import Catalogue
from bot.lookups.changed import changed as changed_since
from bot.lookups.latest import MOST_LATEST, USUAL_LATEST
from bot.lookups.latest import latest as newest
from bot.lookups.latest import on as of_days
from bot.lookups.listing import Listing
from bot.lookups.quotations import Likeness, checked, quotations
from bot.lookups.search import Detail, Sort
from bot.lookups.search import search as found_by
from bot.lookups.source_counts import sources_held
from bot.lookups.status import status as status_of
from bot.lookups.timeline import Step
from bot.lookups.timeline import timeline as told_in_steps
from bot.lookups.trend import LEAST_WEEKS, MOST_WEEKS, USUAL_WEEKS, terms_typed
from bot.lookups.trend import trend as trend_of
from bot.presentation.article import article_blocks, article_object, unmatched_blocks
from bot.presentation.library import sources_blocks, sources_object, status_blocks, status_object
from bot.presentation.listing import listing_blocks, listing_object
from bot.presentation.quotations import checked_blocks, checked_object
from bot.presentation.trend import trend_blocks, trend_object, trend_picture
from bot.services import app as running
from bot.services import parsing as typed

After = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles published on this day or later."),
]
Before = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles published on this day or earlier."),
]
Topic = Annotated[
    list[str], typer.Argument(metavar="TOPIC", help="What it is about, in a few words.")
]
Source = Annotated[str | None, typer.Option(metavar="NAME", help="Only articles of this source.")]


async def show_listing(
    app: running.App, listing: Listing, *, most: int | None = None, as_json: bool
) -> None:
    """Prints what a lookup found, and ends with whether it found anything.

    Args:
        app: The app.
        listing: What it found.
        most: The entries at most; None for all.
        as_json: Whether as an object.
    """
    most = len(listing.entries) if most is None else most
    await running.record_shown(app, listing.entries[:most])
    if as_json:
        print_json(listing_object(listing, most))
    else:
        terminal.show(listing_blocks(listing, 1, most), console())
    raise typer.Exit(ExitCode.DONE if listing.entries else ExitCode.ABSTAINED)


async def ready(app: running.App) -> None:
    """Fills an empty library from the seeds, and brings the corpus in step with it."""
    await running.take_seeds(app)
    await in_step(app)


@commands.command()
def search(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    terms: Annotated[
        list[str],
        typer.Argument(metavar="TERMS", help="Words, in one pair of quotation marks."),
    ],
    after: After = None,
    before: Before = None,
    source: Source = None,
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

    async def searched(app: running.App) -> None:
        query = typed.query_of_terms(app, " ".join(terms))
        bounds = typed.bounds_of(app, after, before, source)
        await ready(app)
        listing = await found_by(running.searcher(app), query, bounds, sort=sort, detail=detail)
        await show_listing(app, listing, most=limit, as_json=as_json)

    run(context, searched)


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

    async def shown(app: running.App) -> None:
        await ready(app)
        catalogue = Catalogue.of((await app.corpus.refresh()).articles)
        card = catalogue.named(text, until=app.today)
        article = await app.articles.current_one(card.id) if card else None
        if as_json:
            print_json({"article": article_object(article) if article else None})
        else:
            blocks = article_blocks(article) if article else unmatched_blocks()
            terminal.show(blocks, console())
        raise typer.Exit(ExitCode.DONE if article else ExitCode.ABSTAINED)

    run(context, shown)


@commands.command()
def latest(
    context: typer.Context,
    count: Annotated[
        int, typer.Option(min=1, max=MOST_LATEST, metavar="N", help="Articles at most.")
    ] = USUAL_LATEST,
    source: Source = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """The newest articles, each with the sentence that it leads with.

    Example: dateline latest --count 3 --source Reuters
    """

    async def shown(app: running.App) -> None:
        await ready(app)
        listing = await newest(
            app.corpus,
            count=count,
            source=source,
            until=app.today,
            max_chars=app.settings.answers.max_excerpt_chars,
        )
        await show_listing(app, listing, as_json=as_json)

    run(context, shown)


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

    async def shown(app: running.App) -> None:
        days = day_range(" ".join(date), app.today)
        await ready(app)
        listing = await of_days(
            app.corpus,
            days=days,
            until=app.today,
            max_chars=app.settings.answers.max_excerpt_chars,
        )
        await show_listing(app, listing, as_json=as_json)

    run(context, shown)


@commands.command()
def sources(
    context: typer.Context,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """The sources that the library has, with how many articles and of which days.

    Example: dateline sources --json
    """

    async def shown(app: running.App) -> None:
        await ready(app)
        held = sources_held(await app.corpus.articles(), until=app.today)
        if as_json:
            print_json(sources_object(held))
        else:
            terminal.show(sources_blocks(held), console())
        raise typer.Exit(ExitCode.DONE if held else ExitCode.ABSTAINED)

    run(context, shown)


@commands.command()
def status(
    context: typer.Context,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """What the library holds, when it last changed, and which Dateline this is.

    Example: dateline status
    """

    async def shown(app: running.App) -> None:
        await ready(app)
        found = await status_of(app.corpus, app.articles, until=app.today)
        if as_json:
            print_json(status_object(found))
        else:
            terminal.show(status_blocks(found, app.settings.dates.zone), console())

    run(context, shown)


@commands.command()
def timeline(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    topic: Topic,
    after: After = None,
    before: Before = None,
    source: Source = None,
    step: Annotated[
        Step | None,
        typer.Option(help="How long a step is, instead of what suits the dates."),
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """What was said of a topic over time: a dated sentence a step, and the gaps between them.

    Example: dateline timeline "Anthropic supply chain" --after February --step week
    """

    async def shown(app: running.App) -> None:
        query = typed.query_of_terms(app, " ".join(topic))
        bounds = typed.bounds_of(app, after, before, source)
        await ready(app)
        listing = await told_in_steps(running.searcher(app), query, bounds, step=step)
        await show_listing(app, listing, as_json=as_json)

    run(context, shown)


@commands.command()
def changed(
    context: typer.Context,
    topic: Topic,
    since: Annotated[
        str, typer.Option(metavar="DATE", help="The day from which on it counts as new.")
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """What was said since a day, beside the last thing that was said before it.

    Example: dateline changed "Anthropic Pentagon" --since "1 March 2026"
    """

    async def shown(app: running.App) -> None:
        query = typed.query_of_terms(app, " ".join(topic))
        first = first_day(since, app.today)
        await ready(app)
        listing = await changed_since(running.searcher(app), query, since=first)
        await show_listing(app, listing, as_json=as_json)

    run(context, shown)


@commands.command()
def trend(
    context: typer.Context,
    terms: Annotated[
        list[str], typer.Argument(metavar="TERMS", help="Up to 4, with commas between them.")
    ],
    weeks: Annotated[
        int, typer.Option(min=LEAST_WEEKS, max=MOST_WEEKS, metavar="N", help="How many weeks back.")
    ] = USUAL_WEEKS,
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the chart there.")] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """How many articles a week hold all the words of each term.

    Example: dateline trend "Anthropic, OpenAI, supply chain" --weeks 8 --png trend.png
    """

    async def shown(app: running.App) -> None:
        queries = terms_typed(" ".join(terms), app.corpus.analyser)
        await ready(app)
        found = await trend_of(app.corpus, queries, weeks=weeks, today=app.today)
        if png:
            _write(png, trend_picture(found).png)
        if as_json:
            print_json(trend_object(found))
        else:
            terminal.show(trend_blocks(found), console())
        raise typer.Exit(ExitCode.ABSTAINED if found.is_empty else ExitCode.DONE)

    run(context, shown)


def _write(path: Path, data: bytes) -> None:
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

    async def verified(app: running.App) -> None:
        quoted = quotations(_typed() if text is None else text)
        await ready(app)
        found = await checked(quoted, app.corpus, until=app.today)
        await running.record_shown(app, [each.citation for each in found if each.citation])
        if as_json:
            print_json(checked_object(found, len(quoted)))
        else:
            blocks = checked_blocks(
                found,
                await app.corpus.extent(until=app.today),
                quoted=len(quoted),
                max_excerpt_chars=app.settings.answers.max_excerpt_chars,
            )
            terminal.show(blocks, console())
        stand = quoted and all(each.likeness is Likeness.VERBATIM for each in found)
        raise typer.Exit(ExitCode.DONE if stand else ExitCode.ABSTAINED)

    run(context, verified)


def _typed() -> str:
    """All of the standard input."""
    return sys.stdin.buffer.read().decode(errors="replace")

"""The commands that search for passages and show an article."""

from typing import Annotated

import typer

from bot.cli.library import prepare_library
from bot.cli.listing import print_listing
from bot.cli.options import After, AsJson, Before, Source
from bot.cli.output import print_blocks, print_json
from bot.cli.runner import ExitCode, run_with_services
from bot.lookups.catalogue import Catalogue
from bot.lookups.search import Detail, Sort
from bot.model.article import Article
from bot.presentation.article import article_to_json, build_article_blocks, build_no_article_blocks
from bot.services.services import Services


def search(  # noqa: PLR0913, PLR0917 - the command's options
    context: typer.Context,
    terms: Annotated[
        list[str],
        typer.Argument(metavar="TERMS", help="Words to search for, as one quoted argument"),
    ],
    after: After = None,
    before: Before = None,
    source: Source = None,
    sort: Annotated[Sort, typer.Option(help="Order of the results")] = Sort.BEST,
    detail: Annotated[
        Detail, typer.Option(help="One sentence per passage, or more of its text")
    ] = Detail.FULL,
    limit: Annotated[
        int, typer.Option(min=1, max=30, metavar="N", help="Maximum number of passages")
    ] = 5,
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """Search articles for words or a phrase.

    Write a phrase in double quotation marks, and -word to exclude a word. Sorted by
    date, the results are the articles that contain all the words, each with its best passage.

    Example: dateline search 'Anthropic "supply chain" -Google' --sort newest
    """

    async def search_and_print(services: Services) -> ExitCode:
        query = services.browse.parse_query(" ".join(terms))
        bounds = services.browse.parse_bounds(after, before, source)
        await prepare_library(services)
        listing = await services.browse.search(query, bounds, sort=sort, detail=detail)
        return await print_listing(services, listing, max_entries=limit, as_json=as_json)

    run_with_services(context, search_and_print)


def article(
    context: typer.Context,
    title: Annotated[
        list[str],
        typer.Argument(metavar="TITLE", help="Article ID, or words of its title, day or source"),
    ],
    as_json: AsJson = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """Show a whole article with numbered paragraphs.

    If several articles match, the newest is shown.

    Example: dateline article "supply chain Reuters"
    """

    async def find_and_print(services: Services) -> ExitCode:
        await prepare_library(services)
        found_article = await _find_article(services, " ".join(title))
        if as_json:
            value = article_to_json(found_article) if found_article else None
            print_json({"article": value})
        else:
            print_blocks(
                build_article_blocks(found_article) if found_article else build_no_article_blocks()
            )
        return ExitCode.DONE if found_article else ExitCode.ABSTAINED

    run_with_services(context, find_and_print)


async def _find_article(services: Services, text: str) -> Article | None:
    """Return the newest visible article that matches the id or the words."""
    catalogue = Catalogue.from_articles(await services.library.refresh())
    card = catalogue.find_article(text, until=services.clock.today())
    return await services.browse.find_article(card.id) if card else None

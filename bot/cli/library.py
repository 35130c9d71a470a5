"""Updating the library and its index before a command reads them."""

from bot.cli.output import show_progress
from bot.services.services import Services


async def prepare_library(services: Services) -> None:
    """Fill an empty library from the seeds, and update the index."""
    await services.library.ingest_seeds()
    await refresh_index(services)


async def refresh_index(services: Services) -> None:
    """Update the index from the library, with a progress bar."""
    with show_progress("Indexing articles") as progress:
        await services.library.refresh_and_save_index(progress)

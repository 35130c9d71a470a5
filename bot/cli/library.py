"""Bringing the library up to date before a command reads it."""

from bot.cli.output import show_progress
from bot.services.services import Services


async def prepare_library(services: Services) -> None:
    """Fill an empty library from the seeds, and bring the index in step with it."""
    await services.library.ingest_seeds()
    await refresh_index(services)


async def refresh_index(services: Services) -> None:
    """Bring the index in step with the library, with a progress bar."""
    with show_progress("Indexing") as progress:
        await services.library.refresh_and_save_index(progress)

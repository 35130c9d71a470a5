"""Printing what a lookup found."""

from bot.cli.output import print_blocks, print_json
from bot.cli.runner import ExitCode
from bot.lookups.listing import Listing
from bot.presentation.listing import build_listing_blocks, listing_to_json
from bot.services.services import Services


async def print_listing(
    services: Services, listing: Listing, *, max_entries: int | None = None, as_json: bool
) -> ExitCode:
    """Print what a lookup found, and return whether it found anything.

    Args:
        services: The services.
        listing: What it found.
        max_entries: The most entries; None for all.
        as_json: Whether to print one JSON object.
    """
    max_entries = len(listing.entries) if max_entries is None else max_entries
    await services.shown_answers.record_receipts(listing.entries[:max_entries])
    if as_json:
        print_json(listing_to_json(listing, max_entries))
    else:
        print_blocks(build_listing_blocks(listing, 1, max_entries))
    return ExitCode.DONE if listing.entries else ExitCode.ABSTAINED

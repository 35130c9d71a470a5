"""Printing the results of a lookup."""

from bot.cli.output import print_blocks, print_json
from bot.cli.runner import ExitCode
from bot.lookups.listing import Listing
from bot.presentation.listing import build_listing_blocks, listing_to_json
from bot.services.services import Services


async def print_listing(
    services: Services, listing: Listing, *, max_entries: int | None = None, as_json: bool
) -> ExitCode:
    """Print the results of a lookup, and return the exit code: abstained if there are none.

    Args:
        services: Records the receipts of the printed excerpts.
        listing: The results.
        max_entries: The maximum number of entries; None for all.
        as_json: Whether to print one JSON object.
    """
    max_entries = len(listing.entries) if max_entries is None else max_entries
    await services.shown_answers.record_receipts(listing.entries[:max_entries])
    if as_json:
        print_json(listing_to_json(listing, max_entries))
    else:
        print_blocks(build_listing_blocks(listing, 1, max_entries))
    return ExitCode.DONE if listing.entries else ExitCode.ABSTAINED

"""What people do with what a lookup found, below Discord: turn its pages, open its articles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import ArticleWithdrawn
from bot.lookups.listing import Listing, Lookup
from bot.model.ids import Pseudonym, generate_key
from bot.model.shown_answer import ShownAnswer, ShownExcerpt, ShownListing
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds
from bot.services.app import App
from bot.services.shown_answers import (
    build_shown_excerpts,
    get_retention_period,
    get_shown_answer,
    load_citation,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredListing:
    """What a lookup found, as its buttons know it.

    Attributes:
        key: What its buttons carry.
        listing: What it found, without what was taken back since.
        ranks: For each entry, its rank when it was found, which its buttons carry.
    """

    key: str
    listing: Listing
    ranks: tuple[int, ...]

    def get_rank(self, number: int) -> int:
        """The rank of the entry of this number, from 1; the paragraphs of an article keep theirs."""
        return number if self._is_article else self.ranks[number - 1]

    def find_entry_number(self, rank: int) -> int:
        """The number, from 1, of the first entry that is still there from this rank on."""
        return rank if self._is_article else 1 + sum(entry_rank < rank for entry_rank in self.ranks)

    @property
    def _is_article(self) -> bool:
        return self.listing.lookup is Lookup.ARTICLE


async def store_listing(
    app: App, listing: Listing, asker: Pseudonym, guild: str | None, *, key: str | None = None
) -> StoredListing:
    """Keeps what the buttons of a listing need.

    Args:
        app: The app.
        listing: What a lookup found.
        asker: Who asked for it.
        guild: The server that it is shown in; None where that is to be kept nowhere.
        key: What its buttons carry; None for a new key.

    Raises:
        StoreError: The database can't be used.
    """
    now = app.clock()
    row = ShownAnswer(
        key=key or generate_key(),
        excerpts=build_shown_excerpts(app, listing.entries),
        answering_count=len(listing.entries),
        total=listing.total,
        dates=listing.dates,
        asker=asker,
        shown_at=now,
        expires_at=now + get_retention_period(app),
        listing=ShownListing(
            lookup=listing.lookup,
            after=listing.bounds.after,
            before=listing.bounds.before,
            facts=listing.facts,
        ),
        undated_excerpts=build_shown_excerpts(app, listing.undated),
        undated_answering_count=len(listing.undated),
        undated_total=listing.undated_total,
        guild=guild,
    )
    await app.answers.add(row)
    ranks = tuple(range(1, len(listing.entries) + 1))
    return StoredListing(key=row.key, listing=listing, ranks=ranks)


async def load_listing(app: App, key: str) -> StoredListing | None:
    """What a lookup found that was shown under this key, each entry from its revision then.

    What it found without the dates stays in the database until it is asked for.

    Returns:
        None where an answer to a question was shown under it.

    Raises:
        AnswerExpired: It is not kept, or no longer.
        ArticleWithdrawn: It is an article that was taken back meanwhile.
        StoreError: The database can't be used.
    """
    row = await get_shown_answer(app, key)
    if row.listing is None:
        return None
    lookup = Lookup(row.listing.lookup)
    entries, ranks = await _load_citations(app, row.excerpts)
    if lookup is Lookup.ARTICLE and not entries:
        raise ArticleWithdrawn
    listing = Listing(
        lookup=lookup,
        entries=entries,
        total=row.total,
        bounds=Bounds(after=row.listing.after, before=row.listing.before),
        facts=row.listing.facts,
        dates=row.dates,
        undated_total=row.undated_total,
        gone_count=len(row.excerpts) - len(entries),
    )
    return StoredListing(key=key, listing=listing, ranks=ranks)


async def _load_citations(
    app: App, excerpts: Sequence[ShownExcerpt]
) -> tuple[tuple[Citation, ...], tuple[int, ...]]:
    """The excerpts whose articles are still held, and their ranks."""
    citations = [await load_citation(app, excerpt) for excerpt in excerpts]
    ranked_citations = [
        (rank, citation) for rank, citation in enumerate(citations, start=1) if citation
    ]
    return tuple(citation for _, citation in ranked_citations), tuple(
        rank for rank, _ in ranked_citations
    )


async def store_undated(app: App, key: str, asker: Pseudonym, guild: str | None) -> str:
    """The key of what was found without the dates; from now on it stands for itself.

    Raises:
        AnswerExpired: What was shown under `key` is not kept, or no longer.
        StoreError: The database can't be used.
    """
    row = await get_shown_answer(app, key)
    now = app.clock()
    listing = replace(row.listing, after=None, before=None) if row.listing else None
    undated = replace(
        row,
        key=generate_key(),
        excerpts=row.undated_excerpts,
        answering_count=row.undated_answering_count,
        total=row.undated_total,
        dates=(),
        asker=asker,
        shown_at=now,
        expires_at=now + get_retention_period(app),
        listing=listing,
        undated_excerpts=(),
        undated_answering_count=0,
        undated_total=0,
        guild=guild,
    )
    await app.answers.add(undated)
    return undated.key

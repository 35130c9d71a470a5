"""Lookup results, stored for the buttons that turn their pages and open their articles."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.errors import ArticleWithdrawn, UnknownButton
from bot.lookups.article import split_into_pieces
from bot.lookups.listing import Listing, Lookup
from bot.model.ids import Pseudonym, generate_key
from bot.model.shown_answer import ShownAnswer, ShownExcerpt, ShownListing
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds
from bot.runtime.clock import Clock
from bot.services.shown_answers import ShownAnswerService


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredListing:
    """A stored lookup result.

    Attributes:
        key: The key in its buttons.
        listing: The result, without articles withdrawn since.
        ranks: For each entry its rank at the time of the lookup, which its buttons carry.
    """

    key: str
    listing: Listing
    ranks: tuple[int, ...]

    def get_rank(self, number: int) -> int:
        """Return the rank of the entry with this number, from 1; an article's are the same."""
        return number if self._is_article else self.ranks[number - 1]

    def find_entry_number(self, rank: int) -> int:
        """Return the number, from 1, of the first remaining entry with this rank or a later one.

        Raises:
            UnknownButton: The listing never had an entry with this rank.
        """
        if rank > self._original_count:
            raise UnknownButton
        return rank if self._is_article else 1 + sum(entry_rank < rank for entry_rank in self.ranks)

    @property
    def _original_count(self) -> int:
        if self._is_article:
            return len(split_into_pieces(self.listing.entries[0].article))
        return len(self.listing.entries) + self.listing.gone_count

    @property
    def _is_article(self) -> bool:
        return self.listing.lookup is Lookup.ARTICLE


class ListingService:
    """Stores lookup results, and loads them again for their buttons."""

    def __init__(
        self, *, shown_answers: ShownAnswerService, clock: Clock, retention: timedelta
    ) -> None:
        """Store listings beside the answers, for `retention`."""
        self._shown_answers = shown_answers
        self._clock = clock
        self._retention = retention

    async def store(
        self, listing: Listing, asker: Pseudonym, guild: str | None, *, key: str | None = None
    ) -> StoredListing:
        """Store the data behind the buttons of a listing.

        Args:
            listing: The result of a lookup.
            asker: The person who asked for it.
            guild: The server it is shown in; None outside servers.
            key: The key in its buttons; None for that of the same listing if the person has been
                shown it before, else for a new key.
        """
        await _split_article(listing)
        shown_answer = await self._build_shown_answer(listing, asker, guild, key or generate_key())
        if key is None:
            key = await self._shown_answers.add_or_renew(shown_answer)
        else:
            await self._shown_answers.add(shown_answer)
        ranks = tuple(range(1, len(listing.entries) + 1))
        return StoredListing(key=key, listing=listing, ranks=ranks)

    async def _build_shown_answer(
        self, listing: Listing, asker: Pseudonym, guild: str | None, key: str
    ) -> ShownAnswer:
        now = self._clock.now()
        return ShownAnswer(
            key=key,
            excerpts=await self._shown_answers.build_shown_excerpts(listing.entries),
            answering_count=len(listing.entries),
            total=listing.total,
            dates=listing.dates,
            asker=asker,
            shown_at=now,
            expires_at=now + self._retention,
            listing=ShownListing(
                lookup=listing.lookup,
                after=listing.bounds.after,
                before=listing.bounds.before,
                facts=listing.facts,
            ),
            undated_excerpts=await self._shown_answers.build_shown_excerpts(listing.undated),
            undated_answering_count=len(listing.undated),
            undated_total=listing.undated_total,
            guild=guild,
        )

    async def load(self, key: str) -> StoredListing | None:
        """Return the stored listing, each entry from the revision it was found in.

        The result without dates is not loaded.

        Returns:
            None if the key belongs to an answer.

        Raises:
            AnswerExpired: The listing is no longer stored.
            ArticleWithdrawn: The listing is of one article, which was withdrawn.
        """
        shown_answer = await self._shown_answers.get(key)
        if shown_answer.listing is None:
            return None
        lookup = Lookup(shown_answer.listing.lookup)
        entries, ranks = await self._load_citations(shown_answer.excerpts)
        if lookup is Lookup.ARTICLE and not entries:
            raise ArticleWithdrawn
        listing = Listing(
            lookup=lookup,
            entries=entries,
            total=shown_answer.total,
            bounds=Bounds(after=shown_answer.listing.after, before=shown_answer.listing.before),
            facts=shown_answer.listing.facts,
            dates=shown_answer.dates,
            undated_total=shown_answer.undated_total,
            gone_count=len(shown_answer.excerpts) - len(entries),
        )
        await _split_article(listing)
        return StoredListing(key=key, listing=listing, ranks=ranks)

    async def _load_citations(
        self, excerpts: Sequence[ShownExcerpt]
    ) -> tuple[tuple[Citation, ...], tuple[int, ...]]:
        """Return the excerpts from articles still in the library, and their ranks."""
        citations = [await self._shown_answers.load_citation(excerpt) for excerpt in excerpts]
        ranked = [(rank, citation) for rank, citation in enumerate(citations, start=1) if citation]
        return tuple(citation for _, citation in ranked), tuple(rank for rank, _ in ranked)

    async def store_undated(self, key: str, asker: Pseudonym, guild: str | None) -> str:
        """Store the result without dates as a listing of its own, and return its key.

        Raises:
            AnswerExpired: The listing with `key` is no longer stored.
        """
        shown_answer = await self._shown_answers.get(key)
        now = self._clock.now()
        listing = (
            replace(shown_answer.listing, after=None, before=None) if shown_answer.listing else None
        )
        undated = replace(
            shown_answer,
            key=generate_key(),
            excerpts=shown_answer.undated_excerpts,
            answering_count=shown_answer.undated_answering_count,
            total=shown_answer.undated_total,
            dates=(),
            asker=asker,
            shown_at=now,
            expires_at=now + self._retention,
            listing=listing,
            undated_excerpts=(),
            undated_answering_count=0,
            undated_total=0,
            guild=guild,
        )
        return await self._shown_answers.add_or_renew(undated)


async def _split_article(listing: Listing) -> None:
    """Split a listed article now, in a thread, since its pages are built on the event loop."""
    if listing.lookup is Lookup.ARTICLE:
        await asyncio.to_thread(split_into_pieces, listing.entries[0].article)

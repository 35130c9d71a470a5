"""The message of a digest, and the pages behind its buttons, as blocks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from bot.dates.calendar import format_day
from bot.digest.compose import Digest
from bot.digest.corrections import Correction
from bot.digest.decisions import Decision
from bot.digest.entries import DigestEntry
from bot.lookups.listing import Listing, Lookup
from bot.model.article import Article
from bot.model.counts import format_count
from bot.presentation.answer import build_excerpt_blocks, citation_to_json
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line, Quote
from bot.presentation.subscription import format_instant
from bot.presentation.wording import (
    format_name,
    format_publication_day,
    format_source,
    join_parts,
)
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds

MAX_CORRECTIONS = 5
"""The maximum number of corrections shown; the rest are counted."""

DIGEST_PAGE_SIZE = 5
_MAX_NAMED = 5
"""The maximum number of other sources, and of missed days, that are named; the rest are counted."""

_HEADING = "heading"
_ABOVE = "above"
_BELOW = "below"
_UNQUOTED = "unquoted"
"""The keys of `Listing.facts`; each is followed by a space and the receipt of an entry."""

FURTHER_HEADING = "Further stories"
NOT_QUOTED = Line(text="No sentence of this article is short enough to quote.")
ARRIVED_LATE = "Added to the library late."
CORRECTED_FROM = "Corrected: the article said"
CORRECTED_TO = "Corrected: the article now says"
CORRECTION_ADDS = "Corrected: the article now also says"
CORRECTION_REMOVES = "Corrected: the article no longer says"


class _DigestItem(NamedTuple):
    """A citation with its group heading, and the texts above and below it; "" for none."""

    citation: Citation
    heading: str = ""
    above: str = ""
    below: str = ""
    is_quotable: bool = True


def build_digest_blocks(digest: Digest, max_entries: int | None = None) -> tuple[Block, ...]:
    """Return the message of a digest.

    Args:
        digest: The digest.
        max_entries: The maximum number of listing entries in the message; “More” shows the rest.
            None for `count_shown_entries(digest)`.
    """
    return tuple(_build_message(digest, max_entries))


def count_shown_entries(digest: Digest) -> int:
    """Return how many listing entries, from the first on, belong in the message."""
    return len(digest.entries) + len(list(_make_correction_items(digest)))


def build_digest_listing(digest: Digest) -> Listing:
    """Return the listing stored for the buttons: the message's entries, then further stories."""
    items = [
        *map(_make_entry_item, digest.entries),
        *_make_correction_items(digest),
        *map(_make_further_item, digest.further_entries),
    ]
    return Listing(
        lookup=Lookup.DIGEST,
        entries=tuple(item.citation for item in items),
        total=len(items) + digest.over_limit_count - len(digest.further_entries),
        bounds=Bounds(),
        facts=_build_facts(items),
    )


def build_digest_entry_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """Yield the entries at these positions, from 0; a heading appears once for its entries."""
    last_heading = ""
    for position in positions:
        citation = listing.entries[position]
        heading, above, below, unquoted = (
            listing.facts.get(f"{fact} {citation.receipt}", "")
            for fact in (_HEADING, _ABOVE, _BELOW, _UNQUOTED)
        )
        yield from (
            Heading(text=text) for text in (heading, above) if text not in {"", last_heading}
        )
        last_heading = heading
        for block in build_excerpt_blocks(citation):
            yield NOT_QUOTED if unquoted and isinstance(block, Quote) else block
        if below:
            yield Line(text=below, is_subtle=True)


def _build_facts(items: Iterable[_DigestItem]) -> dict[str, str]:
    return {
        f"{fact} {item.citation.receipt}": text
        for item in items
        for fact, text in (
            (_HEADING, item.heading),
            (_ABOVE, item.above),
            (_BELOW, item.below),
            (_UNQUOTED, "" if item.is_quotable else "true"),
        )
        if text
    }


def digest_to_json(digest: Digest) -> dict[str, Any]:
    """Return the digest as a JSON object, with the decision on each article considered."""
    return {
        "day": digest.local_day.isoformat(),
        "first": digest.window.starts_at.isoformat(),
        "last": digest.window.ends_at.isoformat(),
        "missed": [day.isoformat() for day in digest.window.missed_days],
        "entries": _entries_to_json(digest.entries, first_rank=1),
        "over_limit": digest.over_limit_count,
        "further": _entries_to_json(digest.further_entries, first_rank=1 + len(digest.entries)),
        "corrections": [_correction_to_json(correction) for correction in digest.corrections],
        "considered": [_decision_to_json(decision) for decision in digest.decisions],
    }


def _build_message(digest: Digest, max_entries: int | None) -> Iterator[Block]:
    listing = build_digest_listing(digest)
    count = count_shown_entries(digest) if max_entries is None else max_entries
    yield Heading(text=f"{digest.subscription.name or 'Digest'}: {format_day(digest.local_day)}")
    yield from _build_window_lines(digest)
    if digest.is_empty:
        yield Line(text=_format_nothing_new(digest))
    yield from build_digest_entry_blocks(listing, range(min(count, len(listing.entries))))
    yield from _build_omission_lines(digest)
    if count < len(listing.entries):
        yield Button(label="More", action=Action.PAGE, rank=count + 1, style=ButtonStyle.PRIMARY)
    yield Button(label="Why these?", action=Action.DIGEST)


def _build_window_lines(digest: Digest) -> Iterator[Block]:
    window, zone = digest.window, digest.subscription.zone
    first, last = (format_instant(instant, zone) for instant in (window.starts_at, window.ends_at))
    yield Line(text=f"From {first} to {last}, {zone.key}.", is_subtle=True)
    if window.due_at:
        yield Line(text=f"Posted late. It was due on {format_instant(window.due_at, zone)}.")
    if window.missed_days:
        missed_days = [format_day(day) for day in window.missed_days]
        days_text = _join_with_rest(missed_days, len(missed_days[_MAX_NAMED:]))
        yield Line(text=f"There was no digest on {days_text}. This one covers that time too.")


def _format_nothing_new(digest: Digest) -> str:
    topic_suffix = " on its topics" if digest.subscription.topics else ""
    return f"No new articles{topic_suffix}."


def _build_omission_lines(digest: Digest) -> Iterator[Block]:
    if digest.over_limit_count:
        yield Line(text=_format_over_limit(digest), is_subtle=True)
    omitted_count = len(digest.corrections) - MAX_CORRECTIONS
    if omitted_count > 0:
        verb = "was" if omitted_count == 1 else "were"
        text = f"{format_count(omitted_count, 'more article')} {verb} corrected."
        yield Line(text=text, is_subtle=True)


def _format_over_limit(digest: Digest) -> str:
    """Return how many stories the message leaves out, and how many of them “More” shows."""
    count, limit, reachable_count = (
        digest.over_limit_count,
        digest.subscription.max_entries,
        len(digest.further_entries),
    )
    subject = "more story is" if count == 1 else "more stories are"
    reachable_text = (
        f"; “More” shows the first {reachable_count} of them" if reachable_count < count else ""
    )
    return f"{count:,} {subject} over the limit of {limit}{reachable_text}."


def _make_entry_item(entry: DigestEntry) -> _DigestItem:
    return _DigestItem(
        entry.citation, entry.heading, below=_format_below(entry), is_quotable=entry.is_quotable
    )


def _make_further_item(entry: DigestEntry) -> _DigestItem:
    return _make_entry_item(entry)._replace(heading=entry.heading or FURTHER_HEADING)


def _make_correction_items(digest: Digest) -> Iterator[_DigestItem]:
    for correction in digest.corrections[:MAX_CORRECTIONS]:
        yield from _make_correction_pair(correction)


def _format_below(entry: DigestEntry) -> str:
    counts = Counter(
        (format_name(format_source(article)), format_publication_day(article.published_on))
        for article in entry.others
    )
    others = [
        f"{source} ({day})" if count == 1 else f"{source} ({count:,} articles, {day})"
        for (source, day), count in counts.items()
    ]
    omitted_count = sum([*counts.values()][_MAX_NAMED:])
    also_in = [f"Also in {_join_with_rest(others, omitted_count)}."] if others else []
    return " ".join([*([ARRIVED_LATE] if entry.is_late else []), *also_in])


def _make_correction_pair(correction: Correction) -> Iterator[_DigestItem]:
    before, after = correction.before, correction.after
    if before:
        yield _DigestItem(before, above=CORRECTED_FROM if after else CORRECTION_REMOVES)
    if after:
        yield _DigestItem(after, above=CORRECTED_TO if before else CORRECTION_ADDS)


def _join_with_rest(texts: Sequence[str], omitted_count: int) -> str:
    """Return the first texts and the number of those omitted, joined by commas and “and”."""
    parts = [*texts[:_MAX_NAMED], *([f"{omitted_count:,} more"] if omitted_count else [])]
    return join_parts(parts, "and")


def _entries_to_json(entries: Iterable[DigestEntry], *, first_rank: int) -> list[dict[str, Any]]:
    return [_entry_to_json(rank, entry) for rank, entry in enumerate(entries, start=first_rank)]


def _entry_to_json(rank: int, entry: DigestEntry) -> dict[str, Any]:
    return {
        **citation_to_json(rank, entry.citation),
        "heading": entry.heading,
        "late": entry.is_late,
        "also_in": [_other_article_to_json(article) for article in entry.others],
    }


def _other_article_to_json(article: Article) -> dict[str, Any]:
    day = article.published_on
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published_on": day.isoformat() if day else None,
    }


def _correction_to_json(correction: Correction) -> dict[str, Any]:
    before, after = correction.before, correction.after
    return {
        "before": citation_to_json(1, before) if before else None,
        "after": citation_to_json(1, after) if after else None,
    }


def _decision_to_json(decision: Decision) -> dict[str, Any]:
    return {
        "article_id": decision.article_id,
        "step": decision.step.value,
        "detail": decision.detail,
    }

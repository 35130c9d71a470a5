"""A digest as blocks: the message that is posted, and what stands behind its buttons."""

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
from bot.presentation.answer import build_excerpt_blocks, citation_to_json
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line, Quote
from bot.presentation.subscription import format_instant
from bot.presentation.wording import (
    format_count,
    format_name,
    format_publication_day,
    format_source,
    join_parts,
)
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds

MAX_CORRECTIONS = 5
"""So many corrections are shown, the others are counted."""

DIGEST_PAGE_SIZE = 5
_MAX_NAMED = 5
"""So many sources of other articles, and days without a digest, are named; others are counted."""

_HEADING = "heading"
_ABOVE = "above"
_BELOW = "below"
_UNQUOTED = "unquoted"
"""The facts of a listing, each with the receipt of an entry behind it."""

FURTHER_HEADING = "Further stories"
NOT_QUOTED = Line(text="No sentence of it is short enough to be quoted.")
ARRIVED_LATE = "It came in late."
CORRECTED_FROM = "Corrected: the article said"
CORRECTED_TO = "Corrected: the article now says"
CORRECTION_ADDS = "Corrected: the article now also says"
CORRECTION_REMOVES = "Corrected: the article no longer says"


class _DigestItem(NamedTuple):
    """A citation, what heads all of its kind, what stands above and below it; "" for none."""

    citation: Citation
    heading: str = ""
    above: str = ""
    below: str = ""
    is_quotable: bool = True


def build_digest_blocks(digest: Digest, max_entries: int | None = None) -> tuple[Block, ...]:
    """The message of a digest.

    Args:
        digest: The digest.
        max_entries: How many of the entries of its listing are shown at most, the others being a button
            away; None for as many as `count_shown_entries` says.
    """
    return tuple(_build_message(digest, max_entries))


def count_shown_entries(digest: Digest) -> int:
    """How many entries of the listing belong into the message, from the first on."""
    return len(digest.entries) + len(list(_make_correction_items(digest)))


def build_digest_listing(digest: Digest) -> Listing:
    """What can be read, to be kept for the buttons: what the message shows, then further stories."""
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
    """The entries of a digest at these places, from 0, each heading once for all that it heads."""
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
    """The digest as a JSON object, with what became of each article considered."""
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
        yield Line(text=f"It comes late: it was due on {format_instant(window.due_at, zone)}.")
    if window.missed_days:
        missed_days = [format_day(day) for day in window.missed_days]
        days_text = _join_with_rest(missed_days, len(missed_days[_MAX_NAMED:]))
        yield Line(text=f"No digest came on {days_text}: this one covers that time, too.")


def _format_nothing_new(digest: Digest) -> str:
    topic_suffix = " on its topics" if digest.subscription.topics else ""
    return f"Nothing new came in{topic_suffix}."


def _build_omission_lines(digest: Digest) -> Iterator[Block]:
    if digest.over_limit_count:
        yield Line(text=_format_over_limit(digest), is_subtle=True)
    omitted_count = len(digest.corrections) - MAX_CORRECTIONS
    if omitted_count > 0:
        verb = "was" if omitted_count == 1 else "were"
        text = f"{format_count(omitted_count, 'more article')} {verb} corrected."
        yield Line(text=text, is_subtle=True)


def _format_over_limit(digest: Digest) -> str:
    """How many stories are not in the message, and how many of them are a button away."""
    count, limit, reachable_count = (
        digest.over_limit_count,
        digest.subscription.max_entries,
        len(digest.further_entries),
    )
    subject = "more story is" if count == 1 else "more stories are"
    reachable_text = (
        f"; “More” goes on to the first {reachable_count} of them"
        if reachable_count < count
        else ""
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
    """The first of them, and how many `omitted_count` ones there are."""
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

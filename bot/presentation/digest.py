"""A digest as blocks: the message that is posted, and what stands behind its buttons."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from bot.digest.compose import Digest
from bot.digest.corrections import Correction
from bot.digest.entries import Entry
from bot.lookups.listing import Listing, Lookup
from bot.presentation.answer import citation_object, excerpt_blocks
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line, Quote
from bot.presentation.wording import count_text, joined, name_text, published_text, source_text
from bot.retrieval.article import Article
from bot.retrieval.days import day_text
from bot.retrieval.excerpt import Citation
from bot.retrieval.limits import Bounds

MOST_CORRECTIONS = 5
"""So many corrections are shown, the others are counted."""

_PER_PAGE = 5
_MOST_NAMED = 5
"""So many other articles, and days without a digest, are named; further ones are counted."""

_ABOVE = "above"
_BELOW = "below"
_UNQUOTED = "unquoted"
"""The facts of a listing, each with the number of an entry behind it."""

NOT_QUOTED = Line(text="No sentence of it is short enough to be quoted.")
LATE = "It came in late."
SAID = "Corrected: an article said"
SAYS = "and says now"
ADDED = "Corrected: an article says now, and did not before"
TAKEN_OUT = "Corrected: an article no longer says"


class _Shown(NamedTuple):
    """A citation, the heading above it, and a line below it; "" where there is none."""

    citation: Citation
    above: str = ""
    below: str = ""
    is_quotable: bool = True


def digest_blocks(digest: Digest, most: int | None = None) -> tuple[Block, ...]:
    """The message of a digest.

    Args:
        digest: The digest.
        most: How many of the entries of its listing are shown at most, the others being a button
            away; None for all.
    """
    return tuple(_message(digest, most))


def digest_listing(digest: Digest) -> Listing:
    """What the message shows, to be kept for its buttons: the entries, then the corrections."""
    shown = list(_shown(digest))
    facts = {
        f"{fact}{number}": text
        for number, each in enumerate(shown, start=1)
        for fact, text in (
            (_ABOVE, each.above),
            (_BELOW, each.below),
            (_UNQUOTED, "" if each.is_quotable else "true"),
        )
        if text
    }
    return Listing(
        lookup=Lookup.DIGEST,
        entries=tuple(each.citation for each in shown),
        total=len(shown),
        bounds=Bounds(),
        facts=facts,
    )


def per_page(_listing: Listing) -> int:
    """How many entries a page shows at most."""
    return _PER_PAGE


def entry_blocks(listing: Listing, places: range) -> Iterator[Block]:
    """The entries of a digest at these places, from 0."""
    for place in places:
        number = place + 1
        if above := listing.facts.get(f"{_ABOVE}{number}"):
            yield Heading(text=above)
        for block in excerpt_blocks(listing.entries[place]):
            is_unquoted = isinstance(block, Quote) and f"{_UNQUOTED}{number}" in listing.facts
            yield NOT_QUOTED if is_unquoted else block
        if below := listing.facts.get(f"{_BELOW}{number}"):
            yield Line(text=below, subtle=True)


def digest_object(digest: Digest) -> dict[str, Any]:
    """The digest as a JSON object, with what became of each article considered."""
    return {
        "day": digest.local_day.isoformat(),
        "first": digest.window.first.isoformat(),
        "last": digest.window.last.isoformat(),
        "missed": [day.isoformat() for day in digest.window.missed],
        "entries": [
            {
                **citation_object(rank, entry.citation),
                "heading": entry.heading,
                "late": entry.is_late,
                "also_in": [_other_object(each) for each in entry.others],
            }
            for rank, entry in enumerate(digest.entries, start=1)
        ],
        "over_limit": digest.over_limit,
        "corrections": [_correction_object(each) for each in digest.corrections],
        "considered": [
            {"article_id": each.article_id, "step": each.step.value, "detail": each.detail}
            for each in digest.choices
        ],
    }


def _message(digest: Digest, most: int | None) -> Iterator[Block]:
    listing = digest_listing(digest)
    count = len(listing.entries) if most is None else most
    yield Heading(text=f"{digest.subscription.name or 'Digest'}: {day_text(digest.local_day)}")
    yield from _about_window(digest)
    if digest.is_empty:
        yield Line(text=_nothing_new(digest))
    yield from entry_blocks(listing, range(min(count, len(listing.entries))))
    yield from _left_out(digest)
    if count < len(listing.entries):
        yield Button(label="More", action=Action.PAGE, rank=count + 1, style=ButtonStyle.LEADING)
    yield Button(label="Why these?", action=Action.DIGEST)


def _about_window(digest: Digest) -> Iterator[Block]:
    window, zone = digest.window, digest.subscription.zone
    first, last = (_instant(at, digest) for at in (window.first, window.last))
    yield Line(text=f"From {first} to {last}, {zone.key}.", subtle=True)
    if window.due_at:
        yield Line(text=f"It comes late: it was due on {_instant(window.due_at, digest)}.")
    if window.missed:
        days = _named([day_text(day) for day in window.missed])
        yield Line(text=f"No digest came on {days}: this one covers that time, too.")


def _instant(at: datetime, digest: Digest) -> str:
    there = at.astimezone(digest.subscription.zone)
    return f"{day_text(there.date())}, {there:%H:%M}"


def _nothing_new(digest: Digest) -> str:
    about = " on its topics" if digest.subscription.topics else ""
    return f"Nothing new came in{about}."


def _left_out(digest: Digest) -> Iterator[Block]:
    if digest.over_limit:
        more = "more story is" if digest.over_limit == 1 else "more stories are"
        most = digest.subscription.max_entries
        yield Line(text=f"{digest.over_limit:,} {more} over the limit of {most}.", subtle=True)
    further = len(digest.corrections) - MOST_CORRECTIONS
    if further > 0:
        were = "was" if further == 1 else "were"
        text = f"{count_text(further, 'more article')} {were} corrected."
        yield Line(text=text, subtle=True)


def _shown(digest: Digest) -> Iterator[_Shown]:
    heading = ""
    for entry in digest.entries:
        above = entry.heading if entry.heading != heading else ""
        heading = entry.heading
        yield _Shown(entry.citation, above, _below(entry), entry.is_quotable)
    for correction in digest.corrections[:MOST_CORRECTIONS]:
        yield from _corrected(correction)


def _below(entry: Entry) -> str:
    others = [
        f"{name_text(source_text(each))} ({published_text(each.published_on)})"
        for each in entry.others
    ]
    also = [f"Also in {_named(others)}."] if others else []
    return " ".join([*([LATE] if entry.is_late else []), *also])


def _corrected(correction: Correction) -> Iterator[_Shown]:
    before, after = correction.before, correction.after
    if before:
        yield _Shown(before, SAID if after else TAKEN_OUT)
    if after:
        yield _Shown(after, SAYS if before else ADDED)


def _named(texts: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    further = len(texts) - _MOST_NAMED
    shown = [*texts[:_MOST_NAMED], *([f"{further:,} more"] if further > 0 else [])]
    return joined(shown, "and")


def _other_object(article: Article) -> dict[str, Any]:
    day = article.published_on
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published_on": day.isoformat() if day else None,
    }


def _correction_object(correction: Correction) -> dict[str, Any]:
    before, after = correction.before, correction.after
    return {
        "before": citation_object(1, before) if before else None,
        "after": citation_object(1, after) if after else None,
    }

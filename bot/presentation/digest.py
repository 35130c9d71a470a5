"""A digest as blocks: the message that is posted, and what stands behind its buttons."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from bot.dates.calendar import day_text
from bot.digest.compose import Digest
from bot.digest.corrections import Correction
from bot.digest.entries import Entry
from bot.lookups.listing import Listing, Lookup
from bot.model.article import Article
from bot.presentation.answer import citation_object, excerpt_blocks
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line, Quote
from bot.presentation.subscription import instant_text
from bot.presentation.wording import count_text, joined, name_text, published_text, source_text
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.scoring.limits import Bounds

MOST_CORRECTIONS = 5
"""So many corrections are shown, the others are counted."""

_PER_PAGE = 5
_MOST_NAMED = 5
"""So many sources of other articles, and days without a digest, are named; others are counted."""

_HEADING = "heading"
_ABOVE = "above"
_BELOW = "below"
_UNQUOTED = "unquoted"
"""The facts of a listing, each with the receipt of an entry behind it."""

FURTHER = "Further stories"
NOT_QUOTED = Line(text="No sentence of it is short enough to be quoted.")
LATE = "It came in late."
SAID = "Corrected: the article said"
SAYS = "Corrected: the article now says"
ADDED = "Corrected: the article now also says"
TAKEN_OUT = "Corrected: the article no longer says"


class _Shown(NamedTuple):
    """A citation, what heads all of its kind, what stands above and below it; "" for none."""

    citation: Citation
    heading: str = ""
    above: str = ""
    below: str = ""
    is_quotable: bool = True


def digest_blocks(digest: Digest, most: int | None = None) -> tuple[Block, ...]:
    """The message of a digest.

    Args:
        digest: The digest.
        most: How many of the entries of its listing are shown at most, the others being a button
            away; None for as many as `shown_count` says.
    """
    return tuple(_message(digest, most))


def shown_count(digest: Digest) -> int:
    """How many entries of the listing belong into the message, from the first on."""
    return len(digest.entries) + len(list(_corrections(digest)))


def digest_listing(digest: Digest) -> Listing:
    """What can be read, to be kept for the buttons: what the message shows, then further stories."""
    shown = [*map(_entry, digest.entries), *_corrections(digest), *map(_further, digest.further)]
    facts = {
        f"{fact} {each.citation.receipt}": text
        for each in shown
        for fact, text in (
            (_HEADING, each.heading),
            (_ABOVE, each.above),
            (_BELOW, each.below),
            (_UNQUOTED, "" if each.is_quotable else "true"),
        )
        if text
    }
    return Listing(
        lookup=Lookup.DIGEST,
        entries=tuple(each.citation for each in shown),
        total=len(shown) + digest.over_limit - len(digest.further),
        bounds=Bounds(),
        facts=facts,
    )


def per_page(_listing: Listing) -> int:
    """How many entries a page shows at most."""
    return _PER_PAGE


def entry_blocks(listing: Listing, places: range) -> Iterator[Block]:
    """The entries of a digest at these places, from 0, each heading once for all that it heads."""
    headed = ""
    for place in places:
        citation = listing.entries[place]
        heading, above, below, unquoted = (
            listing.facts.get(f"{fact} {citation.receipt}", "")
            for fact in (_HEADING, _ABOVE, _BELOW, _UNQUOTED)
        )
        yield from (Heading(text=text) for text in (heading, above) if text not in {"", headed})
        headed = heading
        for block in excerpt_blocks(citation):
            yield NOT_QUOTED if unquoted and isinstance(block, Quote) else block
        if below:
            yield Line(text=below, subtle=True)


def digest_object(digest: Digest) -> dict[str, Any]:
    """The digest as a JSON object, with what became of each article considered."""
    return {
        "day": digest.local_day.isoformat(),
        "first": digest.window.first.isoformat(),
        "last": digest.window.last.isoformat(),
        "missed": [day.isoformat() for day in digest.window.missed],
        "entries": [_entry_object(rank, each) for rank, each in enumerate(digest.entries, start=1)],
        "over_limit": digest.over_limit,
        "further": [
            _entry_object(rank, each)
            for rank, each in enumerate(digest.further, start=1 + len(digest.entries))
        ],
        "corrections": [_correction_object(each) for each in digest.corrections],
        "considered": [
            {"article_id": each.article_id, "step": each.step.value, "detail": each.detail}
            for each in digest.decisions
        ],
    }


def _message(digest: Digest, most: int | None) -> Iterator[Block]:
    listing = digest_listing(digest)
    count = shown_count(digest) if most is None else most
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
    first, last = (instant_text(at, zone) for at in (window.first, window.last))
    yield Line(text=f"From {first} to {last}, {zone.key}.", subtle=True)
    if window.due_at:
        yield Line(text=f"It comes late: it was due on {instant_text(window.due_at, zone)}.")
    if window.missed:
        missed = [day_text(day) for day in window.missed]
        days = _named(missed, len(missed[_MOST_NAMED:]))
        yield Line(text=f"No digest came on {days}: this one covers that time, too.")


def _nothing_new(digest: Digest) -> str:
    about = " on its topics" if digest.subscription.topics else ""
    return f"Nothing new came in{about}."


def _left_out(digest: Digest) -> Iterator[Block]:
    if digest.over_limit:
        yield Line(text=_over_limit_text(digest), subtle=True)
    further = len(digest.corrections) - MOST_CORRECTIONS
    if further > 0:
        were = "was" if further == 1 else "were"
        text = f"{count_text(further, 'more article')} {were} corrected."
        yield Line(text=text, subtle=True)


def _over_limit_text(digest: Digest) -> str:
    """How many stories are not in the message, and how many of them are a button away."""
    count, most, within = digest.over_limit, digest.subscription.max_entries, len(digest.further)
    more = "more story is" if count == 1 else "more stories are"
    reach = f"; “More” goes on to the first {within} of them" if within < count else ""
    return f"{count:,} {more} over the limit of {most}{reach}."


def _entry(entry: Entry) -> _Shown:
    return _Shown(entry.citation, entry.heading, below=_below(entry), is_quotable=entry.is_quotable)


def _further(entry: Entry) -> _Shown:
    return _entry(entry)._replace(heading=entry.heading or FURTHER)


def _corrections(digest: Digest) -> Iterator[_Shown]:
    for correction in digest.corrections[:MOST_CORRECTIONS]:
        yield from _corrected(correction)


def _below(entry: Entry) -> str:
    counts = Counter(
        (name_text(source_text(each)), published_text(each.published_on)) for each in entry.others
    )
    others = [
        f"{source} ({day})" if count == 1 else f"{source} ({count:,} articles, {day})"
        for (source, day), count in counts.items()
    ]
    further = sum([*counts.values()][_MOST_NAMED:])
    also = [f"Also in {_named(others, further)}."] if others else []
    return " ".join([*([LATE] if entry.is_late else []), *also])


def _corrected(correction: Correction) -> Iterator[_Shown]:
    before, after = correction.before, correction.after
    if before:
        yield _Shown(before, above=SAID if after else TAKEN_OUT)
    if after:
        yield _Shown(after, above=SAYS if before else ADDED)


def _named(texts: Sequence[str], further: int) -> str:
    """The first of them, and how many `further` ones there are."""
    shown = [*texts[:_MOST_NAMED], *([f"{further:,} more"] if further else [])]
    return joined(shown, "and")


def _entry_object(rank: int, entry: Entry) -> dict[str, Any]:
    return {
        **citation_object(rank, entry.citation),
        "heading": entry.heading,
        "late": entry.is_late,
        "also_in": [_other_object(each) for each in entry.others],
    }


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

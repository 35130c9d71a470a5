"""Why an article is in a digest or not: the steps that it passed, and the one that decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.digest.choice import Choice, Revised, Step
from bot.digest.window import Standing
from bot.presentation.blocks import Block, Heading, Line, Table
from bot.presentation.subscription import instant_text
from bot.presentation.wording import count_text, published_text, source_text, title_text
from bot.retrieval.article import Article

_PASSED: Mapping[Step, tuple[str, str]] = {
    Step.WINDOW: ("window", "it came in within this time."),
    Step.SOURCE: ("sources", "its source is one that the digest takes in."),
    Step.TOPIC: ("topics", "it tells of what the digest is about."),
    Step.DUPLICATE_OF: ("duplicates", "no other article tells its story in its place."),
    Step.OVER_LIMIT: ("limit", "there was room for its story."),
}
"""What each step is called, and what it says of an article that it lets through, in their order."""

_LEFT_OUT: Mapping[Step, str] = {
    Step.SOURCE: "its source is none that the digest takes in.",
    Step.TOPIC: "it tells of nothing that the digest is about.",
}

_COUNTED: Mapping[Step, str] = {
    Step.TAKEN: "shown as an entry",
    Step.DUPLICATE_OF: "the same story as an entry",
    Step.OVER_LIMIT: "beyond the most entries",
    Step.TOPIC: "on no topic of the digest",
    Step.SOURCE: "of other sources",
    Step.REVISED: "revised, and not new",
    Step.WINDOW: "not of its time",
}
"""What a number of articles is called that ended at a step, in the order shown."""

ONE_ARTICLE = Line(text="/digest why tells it of a single article, step by step.", subtle=True)

_STANDINGS: Mapping[str, str] = {
    Standing.BEFORE: "it came in before, or an earlier digest showed it.",
    Standing.AFTER: "it came in later.",
    Standing.WAITS: "it is dated in the future, and waits for its day.",
    Standing.TOO_OLD: "it was published too long before it came in.",
}

_REVISIONS: Mapping[str, str] = {
    Revised.CORRECTED: "an earlier digest showed it, and this one names what was corrected.",
    Revised.SAME: "an earlier digest showed it, and no sentence of its text is another now.",
    Revised.UNSEEN: "no earlier digest showed it, so that nothing is to be corrected.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of an article in a digest.

    Attributes:
        article: The article.
        came_in_at: When it came in.
        first: The first moment that the digest covers.
        last: The end of what it covers.
        zone: The zone of the digest.
        choice: Where it was decided; None where the article was not looked at.
        told_by: The article that tells its story, where that is another.
        refusal: Why the digest could not be posted at all; None where it could.
    """

    article: Article
    came_in_at: datetime
    first: datetime
    last: datetime
    zone: ZoneInfo
    choice: Choice | None
    told_by: Article | None = None
    refusal: str | None = None


def counted_blocks(counts: Mapping[Step, int]) -> tuple[Block, ...]:
    """What a person reads of how the articles of a digest were chosen."""
    rows = [(_COUNTED[step], f"{counts[step]:,}") for step in _COUNTED if counts.get(step)]
    total = sum(counts.values())
    return (
        Heading(text=f"What became of the {count_text(total, 'article')} looked at"),
        *([Table(head=("What", "Articles"), rows=tuple(rows))] if rows else []),
        ONE_ARTICLE,
    )


def decision_blocks(decision: Decision) -> tuple[Block, ...]:
    """What a person reads of an article's way into a digest, or of where it ended."""
    article, zone = decision.article, decision.zone
    came_in = instant_text(decision.came_in_at, zone)
    first, last = (instant_text(each, zone) for each in (decision.first, decision.last))
    published = published_text(article.published_on)
    return (
        Line(text=f"{title_text(article)} · {source_text(article)}"),
        Line(text=f"Published on {published}, came in on {came_in}.", subtle=True),
        Line(text=f"The digest covers {first} to {last}, {zone.key}.", subtle=True),
        *(Line(text=text) for text in _steps(decision)),
    )


def _steps(decision: Decision) -> Iterator[str]:
    if decision.refusal is not None:
        yield f"Left out at the permission, as the whole digest was: {decision.refusal}"
        return
    choice = decision.choice or Choice(
        article_id=decision.article.id, step=Step.WINDOW, detail=_beside(decision)
    )
    if choice.step is Step.REVISED:
        yield f"Revised since it came in: {_REVISIONS[choice.detail]}"
        return
    for step, (name, said) in _PASSED.items():
        if step is choice.step:
            yield f"Left out at the {name}: {_left_out(decision, choice)}"
            return
        yield f"Passed the {name}: {said}"
    yield f"Taken, as entry {choice.detail}."


def _beside(decision: Decision) -> Standing:
    """How an article stands to a window for which it was not looked at."""
    if decision.came_in_at >= decision.last:
        return Standing.AFTER
    return Standing.BEFORE if decision.came_in_at < decision.first else Standing.TOO_OLD


def _left_out(decision: Decision, choice: Choice) -> str:
    """Why the article did not pass the step of the choice."""
    if choice.step is Step.WINDOW:
        return _STANDINGS[choice.detail]
    if choice.step is Step.DUPLICATE_OF:
        told_by = decision.told_by
        other = f"“{title_text(told_by)}”" if told_by else "an article that was taken back since"
        return f"its story is told by {other}."
    if choice.step is Step.OVER_LIMIT:
        return f"its story is the one in place {choice.detail}, and fewer are shown."
    return _LEFT_OUT[choice.step]

"""Why an article is in a digest or not: the steps that it passed, and the one that decided."""

from collections.abc import Iterator, Mapping

from bot.digest.compose import MAX_STORIES
from bot.digest.decisions import Decision, DecisionStep, RevisionOutcome
from bot.digest.explanation import DigestExplanation
from bot.digest.window import WindowPosition
from bot.model.article import Article
from bot.presentation.blocks import Block, Heading, Line, Table
from bot.presentation.subscription import format_instant
from bot.presentation.wording import (
    format_count,
    format_publication_day,
    format_source,
    format_title,
)

_PASSED_TEXTS: Mapping[DecisionStep, tuple[str, str]] = {
    DecisionStep.WINDOW: ("window", "it came in within this time."),
    DecisionStep.SOURCE: ("sources", "its source is one that the digest takes."),
    DecisionStep.TOPIC: ("topics", "it tells of what the digest is about."),
    DecisionStep.DUPLICATE_OF: ("duplicates", "no entry tells its story in its place."),
    DecisionStep.OVER_LIMIT: ("limit", "there was room for its story."),
}
"""What each step is called, and what it says of an article that it lets through, in their order."""

_OMISSION_TEXTS: Mapping[DecisionStep, str] = {
    DecisionStep.SOURCE: "its source is not one that the digest takes.",
    DecisionStep.TOPIC: "it tells of nothing that the digest is about.",
}

_COUNT_LABELS: Mapping[DecisionStep, str] = {
    DecisionStep.TAKEN: "shown as an entry",
    DecisionStep.OVER_LIMIT: "over the limit, behind “More”",
    DecisionStep.DUPLICATE_OF: "the same story as one of these",
    DecisionStep.FAR_OVER_LIMIT: "over the limit, and shown nowhere",
    DecisionStep.TOPIC: "on no topic of the digest",
    DecisionStep.SOURCE: "of other sources",
    DecisionStep.REVISED: "revised, and not new",
    DecisionStep.WINDOW: "outside its window",
}
"""What a number of articles is called that ended at a step, in the order shown."""

ONE_ARTICLE = Line(text="/digest why tells of a single article, step by step.", is_subtle=True)
REFUSED_TEXT = "Left out at the permission: the digest as a whole could not be posted."

_WINDOW_TEXTS: Mapping[str, str] = {
    WindowPosition.BEFORE: "it came in before, or an earlier digest told of it.",
    WindowPosition.AFTER: "it came in later.",
    WindowPosition.WAITS: "it is dated in the future, and waits for its day.",
    WindowPosition.TOO_OLD: "it was published too long before it came in.",
}

_REVISION_TEXTS: Mapping[str, str] = {
    RevisionOutcome.CORRECTED: "an earlier digest told of it, and this one says that it was corrected.",
    RevisionOutcome.SAME: "an earlier digest told of it, but no sentence that could be quoted has changed.",
    RevisionOutcome.UNSEEN: "no earlier digest told of it, so there is nothing to correct.",
}


def build_step_count_blocks(counts: Mapping[DecisionStep, int]) -> tuple[Block, ...]:
    """What a person reads of how the articles of a digest were chosen."""
    rows = [
        (_COUNT_LABELS[step], f"{counts[step]:,}") for step in _COUNT_LABELS if counts.get(step)
    ]
    total = sum(counts.values())
    return (
        Heading(text=f"What became of the {format_count(total, 'article')} looked at"),
        *([Table(header=("What", "Articles"), rows=tuple(rows))] if rows else []),
        ONE_ARTICLE,
    )


def build_explanation_blocks(explanation: DigestExplanation) -> tuple[Block, ...]:
    """What a person reads of an article's way into a digest, or of where it ended."""
    article, zone = explanation.article, explanation.zone
    arrived = format_instant(explanation.arrived_at, zone)
    first, last = (
        format_instant(instant, zone)
        for instant in (explanation.window_starts_at, explanation.window_ends_at)
    )
    published = format_publication_day(article.published_on)
    return (
        Line(text=f"{format_title(article)} · {format_source(article)}"),
        Line(text=f"Published on {published}, came in on {arrived}.", is_subtle=True),
        Line(text=f"The digest covers {first} to {last}, {zone.key}.", is_subtle=True),
        *(Line(text=text) for text in _format_steps(explanation)),
    )


def _format_steps(explanation: DigestExplanation) -> Iterator[str]:
    if explanation.is_refused:
        yield REFUSED_TEXT
        return
    decision = explanation.decision or _decide_by_window(explanation)
    if decision.step is DecisionStep.REVISED:
        yield f"Revised since it came in: {_REVISION_TEXTS[decision.detail]}"
        return
    is_far = decision.step is DecisionStep.FAR_OVER_LIMIT
    last = DecisionStep.OVER_LIMIT if is_far else decision.step
    for step, (name, text) in _PASSED_TEXTS.items():
        if step is last:
            yield f"Left out at the {name}: {_format_omission(explanation, decision)}"
            return
        yield f"Passed the {name}: {text}"
    qualifier = "" if explanation.is_posted else " of what was to be posted"
    yield f"Taken, as entry {decision.detail}{qualifier}."


def _decide_by_window(explanation: DigestExplanation) -> Decision:
    """Return the decision about an article that was not looked at for the window."""
    return Decision(
        article_id=explanation.article.id,
        step=DecisionStep.WINDOW,
        detail=_find_window_position(explanation),
    )


def _find_window_position(explanation: DigestExplanation) -> WindowPosition:
    """How an article stands to a window for which it was not looked at."""
    if explanation.arrived_at >= explanation.window_ends_at:
        return WindowPosition.AFTER
    return (
        WindowPosition.BEFORE
        if explanation.arrived_at < explanation.window_starts_at
        else WindowPosition.TOO_OLD
    )


def _format_omission(explanation: DigestExplanation, decision: Decision) -> str:
    """Why the article did not pass the step of the decision."""
    if decision.step is DecisionStep.WINDOW:
        return _WINDOW_TEXTS[decision.detail]
    if decision.step is DecisionStep.DUPLICATE_OF:
        return f"its story is told by {_format_duplicate(explanation.duplicate_of)}."
    if decision.step is DecisionStep.OVER_LIMIT:
        return f"its story is number {decision.detail}, which “More” goes on to."
    if decision.step is DecisionStep.FAR_OVER_LIMIT:
        return (
            f"its story is number {decision.detail}, and “More” goes no further than {MAX_STORIES}."
        )
    return _OMISSION_TEXTS[decision.step]


def _format_duplicate(article: Article | None) -> str:
    return f"“{format_title(article)}”" if article else "an article that was taken back since"

"""The explanation of /digest why: the steps that an article passed, and the one that decided."""

from collections.abc import Iterator, Mapping

from bot.digest.compose import MAX_STORIES
from bot.digest.decisions import Decision, DecisionStep, RevisionOutcome
from bot.digest.explanation import DigestExplanation
from bot.digest.window import WindowPosition
from bot.model.article import Article
from bot.model.counts import format_count
from bot.presentation.blocks import Block, Heading, Line, Table
from bot.presentation.subscription import format_instant
from bot.presentation.wording import (
    format_publication_day,
    format_source,
    format_title,
)

_PASSED_TEXTS: Mapping[DecisionStep, tuple[str, str]] = {
    DecisionStep.WINDOW: ("Time window", "It was added in this period."),
    DecisionStep.SOURCE: ("Sources", "Its source is among the digest's sources."),
    DecisionStep.TOPIC: ("Topics", "The digest covers its topic."),
    DecisionStep.DUPLICATE_OF: ("Duplicates", "No other article in the digest reports its story."),
    DecisionStep.OVER_LIMIT: ("Limit", "There was room for its story."),
}
"""The name of each step and the sentence about an article that passed it, in order."""

_OMISSION_TEXTS: Mapping[DecisionStep, str] = {
    DecisionStep.SOURCE: "Its source is not among the digest's sources.",
    DecisionStep.TOPIC: "The digest does not cover its topic.",
}

_COUNT_LABELS: Mapping[DecisionStep, str] = {
    DecisionStep.TAKEN: "included as a story",
    DecisionStep.OVER_LIMIT: "over the limit, shown by “More”",
    DecisionStep.DUPLICATE_OF: "same story as one of these",
    DecisionStep.FAR_OVER_LIMIT: "over the limit, not shown",
    DecisionStep.TOPIC: "not on the digest's topics",
    DecisionStep.SOURCE: "from other sources",
    DecisionStep.REVISED: "revised, not new",
    DecisionStep.WINDOW: "outside the time window",
}
"""The label for the number of articles decided at each step, in the order shown."""

ONE_ARTICLE = Line(
    text="/digest why explains the result for one article, step by step.", is_subtle=True
)
REFUSED_TEXT = "Not included: the whole digest could not be posted."

_WINDOW_TEXTS: Mapping[str, str] = {
    WindowPosition.BEFORE: "It was added earlier, or an earlier digest included it.",
    WindowPosition.AFTER: "It was added later.",
    WindowPosition.WAITS: "Its date is in the future, so it waits for the digest of that day.",
    WindowPosition.TOO_OLD: "It was published too long before it was added.",
}

_REVISION_TEXTS: Mapping[str, str] = {
    RevisionOutcome.CORRECTED: "An earlier digest included it, and this one shows the correction.",
    RevisionOutcome.SAME: (
        "An earlier digest included it, but no sentence short enough to quote has changed."
    ),
    RevisionOutcome.UNSEEN: "No earlier digest included it, so there is nothing to correct.",
}


def build_step_count_blocks(counts: Mapping[DecisionStep, int]) -> tuple[Block, ...]:
    """Return the table of how many articles of a digest were decided at each step."""
    rows = [
        (_COUNT_LABELS[step], f"{counts[step]:,}") for step in _COUNT_LABELS if counts.get(step)
    ]
    total = sum(counts.values())
    return (
        Heading(text=f"Results for the {format_count(total, 'article')} considered"),
        *([Table(header=("Result", "Articles"), rows=tuple(rows))] if rows else []),
        ONE_ARTICLE,
    )


def build_explanation_blocks(explanation: DigestExplanation) -> tuple[Block, ...]:
    """Return the steps that an article passed, up to the one that decided."""
    article, zone = explanation.article, explanation.zone
    arrived = format_instant(explanation.arrived_at, zone)
    first, last = (
        format_instant(instant, zone)
        for instant in (explanation.window_starts_at, explanation.window_ends_at)
    )
    published = format_publication_day(article.published_on)
    return (
        Line(text=f"{format_title(article)} · {format_source(article)}"),
        Line(text=f"Published on {published}, added on {arrived}.", is_subtle=True),
        Line(text=f"The digest covers {first} to {last}, {zone.key}.", is_subtle=True),
        *(Line(text=text) for text in _format_steps(explanation)),
    )


def _format_steps(explanation: DigestExplanation) -> Iterator[str]:
    if explanation.is_refused:
        yield REFUSED_TEXT
        return
    decision = explanation.decision or _decide_by_window(explanation)
    if decision.step is DecisionStep.REVISED:
        yield f"Revised after it was added. {_REVISION_TEXTS[decision.detail]}"
        return
    is_far = decision.step is DecisionStep.FAR_OVER_LIMIT
    last = DecisionStep.OVER_LIMIT if is_far else decision.step
    for step, (name, text) in _PASSED_TEXTS.items():
        if step is last:
            yield f"{name}: not included. {_format_omission(explanation, decision)}"
            return
        yield f"{name}: passed. {text}"
    qualifier = "" if explanation.is_posted else " of the planned digest"
    yield f"Included as story {decision.detail}{qualifier}."


def _decide_by_window(explanation: DigestExplanation) -> Decision:
    """Return the decision on an article that was not considered because of the window."""
    return Decision(
        article_id=explanation.article.id,
        step=DecisionStep.WINDOW,
        detail=_find_window_position(explanation),
    )


def _find_window_position(explanation: DigestExplanation) -> WindowPosition:
    """Return why an article without a recorded decision lies outside the window.

    The window is half-open: an article that arrives at its end is too late for it.
    """
    if explanation.arrived_at >= explanation.window_ends_at:
        return WindowPosition.AFTER
    return (
        WindowPosition.BEFORE
        if explanation.arrived_at < explanation.window_starts_at
        else WindowPosition.TOO_OLD
    )


def _format_omission(explanation: DigestExplanation, decision: Decision) -> str:
    """Return the sentence that says why the article did not pass the step."""
    if decision.step is DecisionStep.WINDOW:
        return _WINDOW_TEXTS[decision.detail]
    if decision.step is DecisionStep.DUPLICATE_OF:
        return f"Its story is reported by {_format_duplicate(explanation.duplicate_of)}."
    if decision.step is DecisionStep.OVER_LIMIT:
        return f"Its story is number {decision.detail}, which “More” shows."
    if decision.step is DecisionStep.FAR_OVER_LIMIT:
        return (
            f"Its story is number {decision.detail}, and “More” shows only the first {MAX_STORIES}."
        )
    return _OMISSION_TEXTS[decision.step]


def _format_duplicate(article: Article | None) -> str:
    return f"“{format_title(article)}”" if article else "an article that has been withdrawn"

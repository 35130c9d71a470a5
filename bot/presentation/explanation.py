"""Why an article is in a digest or not: the steps that it passed, and the one that decided."""

from collections.abc import Iterator, Mapping

from bot.digest.compose import MOST_STORIES
from bot.digest.decisions import Decision, Revised, Step
from bot.digest.explanation import Explanation
from bot.digest.window import Standing
from bot.presentation.blocks import Block, Heading, Line, Table
from bot.presentation.subscription import instant_text
from bot.presentation.wording import count_text, published_text, source_text, title_text

_PASSED: Mapping[Step, tuple[str, str]] = {
    Step.WINDOW: ("window", "it came in within this time."),
    Step.SOURCE: ("sources", "its source is one that the digest takes."),
    Step.TOPIC: ("topics", "it tells of what the digest is about."),
    Step.DUPLICATE_OF: ("duplicates", "no entry tells its story in its place."),
    Step.OVER_LIMIT: ("limit", "there was room for its story."),
}
"""What each step is called, and what it says of an article that it lets through, in their order."""

_LEFT_OUT: Mapping[Step, str] = {
    Step.SOURCE: "its source is not one that the digest takes.",
    Step.TOPIC: "it tells of nothing that the digest is about.",
}

_COUNTED: Mapping[Step, str] = {
    Step.TAKEN: "shown as an entry",
    Step.OVER_LIMIT: "over the limit, behind “More”",
    Step.DUPLICATE_OF: "the same story as one of these",
    Step.FAR_OVER_LIMIT: "over the limit, and shown nowhere",
    Step.TOPIC: "on no topic of the digest",
    Step.SOURCE: "of other sources",
    Step.REVISED: "revised, and not new",
    Step.WINDOW: "outside its window",
}
"""What a number of articles is called that ended at a step, in the order shown."""

ONE_ARTICLE = Line(text="/digest why tells of a single article, step by step.", subtle=True)
REFUSED = "Left out at the permission: the digest as a whole could not be posted."

_STANDINGS: Mapping[str, str] = {
    Standing.BEFORE: "it came in before, or an earlier digest told of it.",
    Standing.AFTER: "it came in later.",
    Standing.WAITS: "it is dated in the future, and waits for its day.",
    Standing.TOO_OLD: "it was published too long before it came in.",
}

_REVISIONS: Mapping[str, str] = {
    Revised.CORRECTED: "an earlier digest told of it, and this one says that it was corrected.",
    Revised.SAME: "an earlier digest told of it, but no sentence that could be quoted has changed.",
    Revised.UNSEEN: "no earlier digest told of it, so there is nothing to correct.",
}


def counted_blocks(counts: Mapping[Step, int]) -> tuple[Block, ...]:
    """What a person reads of how the articles of a digest were chosen."""
    rows = [(_COUNTED[step], f"{counts[step]:,}") for step in _COUNTED if counts.get(step)]
    total = sum(counts.values())
    return (
        Heading(text=f"What became of the {count_text(total, 'article')} looked at"),
        *([Table(head=("What", "Articles"), rows=tuple(rows))] if rows else []),
        ONE_ARTICLE,
    )


def explanation_blocks(explanation: Explanation) -> tuple[Block, ...]:
    """What a person reads of an article's way into a digest, or of where it ended."""
    article, zone = explanation.article, explanation.zone
    came_in = instant_text(explanation.came_in_at, zone)
    first, last = (instant_text(each, zone) for each in (explanation.first, explanation.last))
    published = published_text(article.published_on)
    return (
        Line(text=f"{title_text(article)} · {source_text(article)}"),
        Line(text=f"Published on {published}, came in on {came_in}.", subtle=True),
        Line(text=f"The digest covers {first} to {last}, {zone.key}.", subtle=True),
        *(Line(text=text) for text in _steps(explanation)),
    )


def _steps(explanation: Explanation) -> Iterator[str]:
    if explanation.is_refused:
        yield REFUSED
        return
    decision = explanation.decision or Decision(
        article_id=explanation.article.id, step=Step.WINDOW, detail=_beside(explanation)
    )
    if decision.step is Step.REVISED:
        yield f"Revised since it came in: {_REVISIONS[decision.detail]}"
        return
    is_far = decision.step is Step.FAR_OVER_LIMIT
    last = Step.OVER_LIMIT if is_far else decision.step
    for step, (name, said) in _PASSED.items():
        if step is last:
            yield f"Left out at the {name}: {_left_out(explanation, decision)}"
            return
        yield f"Passed the {name}: {said}"
    of_what = "" if explanation.is_posted else " of what was to be posted"
    yield f"Taken, as entry {decision.detail}{of_what}."


def _beside(explanation: Explanation) -> Standing:
    """How an article stands to a window for which it was not looked at."""
    if explanation.came_in_at >= explanation.last:
        return Standing.AFTER
    return Standing.BEFORE if explanation.came_in_at < explanation.first else Standing.TOO_OLD


def _left_out(explanation: Explanation, decision: Decision) -> str:
    """Why the article did not pass the step of the decision."""
    if decision.step is Step.WINDOW:
        return _STANDINGS[decision.detail]
    if decision.step is Step.DUPLICATE_OF:
        told_by = explanation.told_by
        other = f"“{title_text(told_by)}”" if told_by else "an article that was taken back since"
        return f"its story is told by {other}."
    if decision.step is Step.OVER_LIMIT:
        return f"its story is number {decision.detail}, which “More” goes on to."
    if decision.step is Step.FAR_OVER_LIMIT:
        return f"its story is number {decision.detail}, and “More” goes no further than {MOST_STORIES}."
    return _LEFT_OUT[decision.step]

"""What an examination of the set-up found, as lines and as the object of `doctor --json`."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.services.finding import Finding, State

_SIGNS = {State.RIGHT: "✓", State.NOTE: "·", State.WRONG: "✗"}


def all_is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing is wrong."""
    return not any(each.state is State.WRONG for each in findings)


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """What an operator reads: a line a part, and at last how many are wrong."""
    width = max((len(each.part) for each in findings), default=0)
    for each in findings:
        yield f"{_SIGNS[each.state]} {each.part:<{width}}  {each.text}"
    wrong = sum(each.state is State.WRONG for each in findings)
    yield ""
    if wrong:
        yield f"{wrong} of {len(findings)} parts want something done."
    else:
        yield "Nothing is wrong."


def finding_object(findings: Sequence[Finding]) -> dict[str, Any]:
    """The findings as a JSON object."""
    return {
        "well": all_is_well(findings),
        "findings": [
            {"part": each.part, "state": each.state.value, "text": each.text} for each in findings
        ],
    }

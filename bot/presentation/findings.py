"""The findings of `dateline doctor` as lines, and as the object of `doctor --json`."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.presentation.errors import describe_error
from bot.services.finding import Finding, FindingState

_SIGNS = {FindingState.OK: "✓", FindingState.NOTE: "·", FindingState.PROBLEM: "✗"}


def has_no_problem(findings: Sequence[Finding]) -> bool:
    """Return whether no finding is a problem."""
    return not any(finding.state is FindingState.PROBLEM for finding in findings)


def format_findings(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield a line for each finding, and the number of problems at the end."""
    width = max((len(finding.part) for finding in findings), default=0)
    for finding in findings:
        yield f"{_SIGNS[finding.state]} {finding.part:<{width}}  {format_finding(finding)}"
    problem_count = sum(finding.state is FindingState.PROBLEM for finding in findings)
    yield ""
    if problem_count:
        yield f"{problem_count} of {len(findings)} checks found a problem."
    else:
        yield "No problems found."


def format_finding(finding: Finding) -> str:
    """Return the text of a finding, or the sentence for its error."""
    return describe_error(finding.error) if finding.error else finding.text


def findings_to_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the findings as a JSON object."""
    return {
        "well": has_no_problem(findings),
        "findings": [
            {"part": finding.part, "state": finding.state.value, "text": format_finding(finding)}
            for finding in findings
        ],
    }

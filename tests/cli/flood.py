"""An article about a flood, and helpers for its answers as JSON."""

from tests.commands import CommandResult, RunCommand

QUOTE = "The river rose by two metres."
BODY = f"Rain fell {'and fell ' * 50}for a week.\n\n{QUOTE}"
"""Its first sentence is so long that no other is shown with it."""

RECORD = {"id": "flood", "date": "2026-03-02", "text": BODY}
QUESTION = "river rose metres"

ANSWER_KEYS = {
    "question",
    "answered",
    "confidence",
    "reasons",
    "excerpts",
    "closest",
    "library",
    "elapsed_ms",
}
EXCERPT_KEYS = {
    "quote",
    "published_on",
    "article_id",
    "title",
    "title_derived",
    "source",
    "url",
    "paragraph",
    "start",
    "end",
    "revision",
    "rank",
    "score",
    "receipt",
}


def ask_about_flood(run: RunCommand, *arguments: str) -> CommandResult:
    """Ask the question about the flood, for one JSON object."""
    return run("ask", QUESTION, "--json", *arguments)


def get_receipt(result: CommandResult) -> str:
    """Return the receipt of the first excerpt of an answer."""
    return str(result.json["excerpts"][0]["receipt"])

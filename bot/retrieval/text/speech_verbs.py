"""Verbs of saying, in the forms in which questions and articles use them. English throughout."""

_REPORTS = ("said", "says", "told", "added", "wrote")

ATTRIBUTION_VERBS = (
    *_REPORTS,
    *("asked", "asks", "cried", "joked", "recalled", "replied", "shouted", "tweeted", "wondered"),
    "yelled",
)
"""They stand behind a name that follows on a quotation."""

QUOTATION_SIGNS = (
    *_REPORTS,
    *("saying", "tweeted", "responded", "replied", "argued", "called", "according to"),
)
"""A sentence with one of them tells what somebody said."""

ANNOUNCEMENT_VERBS = (*_REPORTS, "announced")
"""They tell what an organisation said."""

QUESTION_VERBS = ("say", "said", "saying", "respond", "reply", "tell")
"""A question with one of them may ask what somebody said."""

QUESTION_TERMS = frozenset({"say", "said", "tell", "told"})
"""The terms of a question that only ask for somebody's words."""

"""A library with one article at most, and questions to it."""

from bot.retrieval.answering.answer import Answer
from bot.retrieval.question.bounds import Bounds
from bot.wiring import Application
from tests.builders import an_article, answer_within

FLOOD = an_article("The river rose by two metres.")

_NO_BOUNDS = Bounds()


async def answer_to(app: Application, question: str, bounds: Bounds = _NO_BOUNDS) -> Answer:
    """Return the answer from the library as it is stored now."""
    await app.index.refresh()
    return await answer_within(app, question, bounds)

"""Answering a question, from a message, a command or a form."""

import time
from dataclasses import dataclass
from datetime import date

from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import Reply
from bot.errors import AnswerExpired
from bot.model.day_range import DayRange
from bot.presentation.answer import build_answer_blocks
from bot.presentation.blocks import Block
from bot.presentation.listing import build_query_line
from bot.retrieval.answering.answer import Answer
from bot.retrieval.question.bounds import Bounds
from bot.runtime import logs


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRequest:
    """A question with its options.

    Attributes:
        text: The question as typed.
        after: The first day of publication, as typed.
        before: The last day of publication, as typed.
        source: The source, as typed.
        answer_key: The key of the answer that the question follows up on; its dates are kept.
        needs_dates: Whether to refuse the question if these dates have expired.
        is_question_visible: Whether others see the question itself; if not, the answer repeats it.
    """

    text: str
    after: str | None = None
    before: str | None = None
    source: str | None = None
    answer_key: str | None = None
    needs_dates: bool = False
    is_question_visible: bool = True


async def answer_question(context: BotContext, request: AskRequest, reply: Reply) -> None:
    """Answer the question with excerpts, an abstention or an error message."""
    start_seconds = time.perf_counter()
    async with report_errors(context, reply):
        place = await context.prepare_reply(reply)
        # An error before `take_turn` is shown only to the asker. After it, everyone has seen that an
        # answer is on its way. So parse first.
        question = context.services.ask.parse(
            request.text,
            after=request.after,
            before=request.before,
            source=request.source,
            today=place.today,
        )
        dates = await _load_kept_dates(context, request)
        async with context.take_turn(reply):
            answer = await context.services.ask.ask(
                question,
                dates=dates,
                max_excerpts=place.preferences.max_excerpts,
                today=place.today,
            )
            key = await _store_answer(context, reply, answer, question.bounds, place.today)
        await reply.send(_build_blocks(request, answer, question.bounds), key=key)
        _log_answer(reply, answer, time.perf_counter() - start_seconds)


async def _store_answer(
    context: BotContext, reply: Reply, answer: Answer, bounds: Bounds, today: date
) -> str:
    """Store the answer and its version without dates for the buttons, and return its key."""
    undated_answer = await context.services.ask.ask_without_dates(answer, bounds, today=today)
    asker = context.get_pseudonym(reply.user_id)
    return await context.services.shown_answers.store(
        answer, asker, reply.guild, undated=undated_answer
    )


def _log_answer(reply: Reply, answer: Answer, seconds: float) -> None:
    facts: logs.LogFields = {
        **reply.facts,
        "answered": answer.is_answered,
        "milliseconds": round(seconds * 1000, 1),
    }
    logs.info("Question answered", **facts)


async def _load_kept_dates(context: BotContext, request: AskRequest) -> tuple[DayRange, ...]:
    if request.answer_key is None:
        return ()
    try:
        return await context.services.shown_answers.load_dates(request.answer_key)
    except AnswerExpired:
        if request.needs_dates:
            raise
        return ()


def _build_blocks(request: AskRequest, answer: Answer, bounds: Bounds) -> tuple[Block, ...]:
    blocks = build_answer_blocks(answer, bounds.days, has_more=bool(answer.further_excerpts))
    return blocks if request.is_question_visible else (build_query_line(request.text), *blocks)

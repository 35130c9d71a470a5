"""The one path of a question, whichever way it came."""

import time
from dataclasses import dataclass
from datetime import date

from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import Reply
from bot.errors import AnswerExpired
from bot.model.day_range import DayRange
from bot.presentation.answer import answer_blocks
from bot.presentation.blocks import Block
from bot.presentation.listing import typed_line
from bot.retrieval.answering.answer import Answer
from bot.retrieval.scoring.limits import Bounds
from bot.runtime import logs
from bot.services import conversation
from bot.services import parsing as typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked.

    Attributes:
        text: What they typed.
        user_id: Who asked.
        after: The first day of publication, as typed.
        before: The last day of publication, as typed.
        source: The source, as typed.
        answer_key: The answer that the question follows up on, whose dates it keeps.
        needs_dates: Whether these dates were promised, so that there is no answer without them.
        is_seen: Whether others see the question above the answer.
    """

    text: str
    user_id: int
    after: str | None = None
    before: str | None = None
    source: str | None = None
    answer_key: str | None = None
    needs_dates: bool = False
    is_seen: bool = True


async def answer(desk: Desk, asked: Asked, reply: Reply) -> None:
    """Answers a question exactly once, be it with why there is no answer."""
    started = time.perf_counter()
    async with guarded(desk, reply):
        manner = await desk.receive(reply, asked.user_id)
        today = desk.app.today_in(manner.zone)
        bounds = _checked(desk, asked, today)
        dates = await _kept_dates(desk, asked)
        await reply.begin()
        found = await conversation.asked(
            desk.app,
            asked.text,
            after=asked.after,
            before=asked.before,
            source=asked.source,
            dates=dates,
            max_excerpts=manner.max_excerpts,
            today=today,
        )
        undated = await conversation.without_dates(desk.app, found, bounds, today=today)
        key = await conversation.show(
            desk.app, found, desk.person(asked.user_id), reply.guild, undated=undated
        )
        await reply.send(_shown(asked, found, bounds), key=key)
        facts: logs.Facts = {
            **reply.facts,
            "answered": found.answered,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
        }
        logs.info("A question was answered", **facts)


def _checked(desk: Desk, asked: Asked, today: date) -> Bounds:
    """What is searched, where the question can be searched for.

    What is wrong with it is the asker's own matter: it is found before all see an answer coming.

    Raises:
        QueryError: It can't.
    """
    typed.query_of(desk.app, asked.text, today=today)
    return typed.bounds_of(desk.app, asked.after, asked.before, asked.source, today=today)


async def _kept_dates(desk: Desk, asked: Asked) -> tuple[DayRange, ...]:
    if asked.answer_key is None:
        return ()
    try:
        return await conversation.dates_of(desk.app, asked.answer_key)
    except AnswerExpired:
        if asked.needs_dates:
            raise
        return ()


def _shown(asked: Asked, found: Answer, bounds: Bounds) -> tuple[Block, ...]:
    blocks = answer_blocks(found, bounds.days, has_more=bool(found.further))
    return blocks if asked.is_seen else (typed_line(asked.text), *blocks)

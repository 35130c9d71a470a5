import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord_ui.context import BotContext
from bot.errors import TooManyQuestions
from bot.runtime.clock import Clock
from bot.runtime.pseudonyms import Pseudonymizer
from tests.builders import an_app
from tests.discord_ui.conftest import FrozenClock


async def test_each_person_has_as_many_questions_as_the_settings_say(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_DISCORD__QUESTIONS_PER_MINUTE="1") as app:
        context = BotContext(app.services, Pseudonymizer(b"key"))
        context.admit(1)
        context.admit(2)

        with pytest.raises(TooManyQuestions):
            context.admit(1)


async def test_a_person_is_warned_once_a_minute_in_each_channel(tmp_path: Path) -> None:
    clock = FrozenClock()
    async with an_app(tmp_path) as app:
        context = BotContext(
            replace(app, clock=Clock(lambda: clock.now, app.clock.zone)).services,
            Pseudonymizer(b"key"),
        )

        at_once = [context.may_warn(*who) for who in ((1, 7), (1, 7), (1, 8), (2, 7), (2, 7))]
        clock.advance(minutes=1)
        later = context.may_warn(1, 7)

    assert at_once == [True, False, True, True, False]
    assert later


async def test_a_fact_is_new_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord_ui.context.MAX_REMEMBERED_FACTS", 2)
    async with an_app(tmp_path) as app:
        context = BotContext(app.services, Pseudonymizer(b"key"))

        answers = [context.is_new(fact) for fact in ("a", "a", "b", "c", "a")]

    assert answers == [True, False, True, True, True]


async def test_finishing_waits_for_all_that_is_being_answered(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        context = BotContext(app.services, Pseudonymizer(b"key"))
        finished: list[str] = []

        async def work(seconds: float) -> None:
            with context.track_request():
                await asyncio.sleep(seconds)
                finished.append("work")

        tasks = [asyncio.create_task(work(seconds)) for seconds in (0.01, 0.02)]
        await asyncio.sleep(0)
        await context.wait_until_idle(5)
        await context.wait_until_idle(5)

        assert finished == ["work", "work"]
        await asyncio.gather(*tasks)


async def test_finishing_ends_in_time_whatever_goes_on(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        context = BotContext(app.services, Pseudonymizer(b"key"))

        with context.track_request():
            async with asyncio.timeout(1):
                await context.wait_until_idle(0.01)

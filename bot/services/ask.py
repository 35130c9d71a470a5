"""The use case of answering a question, for Discord and the terminal alike."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.dates.grammar import DateMention
from bot.errors import ForeignScript
from bot.model.day_range import DayRange
from bot.model.span import EMPTY_SPAN
from bot.retrieval.answering.abstention import ReasonCode
from bot.retrieval.answering.answer import Answer, build_answer
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.question.validation import is_in_foreign_script, validate_question
from bot.retrieval.scoring.weights import Weights
from bot.runtime.clock import Clock
from bot.services.bounds import parse_bounds
from bot.services.limits import build_answer_limits
from bot.services.shown_answers import ShownAnswerService
from bot.settings.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuestion:
    """A question that is ready to be searched for.

    Attributes:
        text: The text as entered.
        query: The parsed query; its dates are relative to the day of asking.
        bounds: The articles that are searched.
    """

    text: str
    query: Query
    bounds: Bounds


class AskService:
    """Parses and answers questions, and records the receipts of what it shows."""

    def __init__(
        self,
        *,
        index: LibrarySearch,
        weights: Weights,
        shown_answers: ShownAnswerService,
        settings: Settings,
        clock: Clock,
    ) -> None:
        """Answer from the index, within the limits of the settings."""
        self._index = index
        self._weights = weights
        self._shown_answers = shown_answers
        self._settings = settings
        self._clock = clock

    def parse(
        self,
        text: str,
        *,
        after: str | None = None,
        before: str | None = None,
        source: str | None = None,
        today: date | None = None,
    ) -> ParsedQuestion:
        """Parse a question and its bounds.

        Args:
            text: The question as entered.
            after: The first day of publication as entered; None for no bound.
            before: The last day of publication as entered, inclusive; None for no bound.
            source: The source as entered; None for all.
            today: The asker's local day; None for the day in the zone of the settings.

        Raises:
            QueryError: The text can't be searched for, or a date is not understood.
        """
        today = today or self._clock.today()
        query = parse_query(validate_question(text), today=today, analyser=self._index.analyser)
        bounds = parse_bounds(after, before, source, today=today)
        return ParsedQuestion(text=text, query=query, bounds=bounds)

    async def ask(
        self,
        question: ParsedQuestion,
        *,
        dates: Sequence[DayRange] = (),
        max_excerpts: int | None = None,
        today: date | None = None,
    ) -> Answer:
        """Answer a question asked in Discord.

        Args:
            question: The question.
            dates: The dates that apply if the question names none.
            max_excerpts: The maximum number of excerpts; None for the setting.
            today: The last visible day; None for the day in the zone of the settings.

        Raises:
            ForeignScript: The question is in a script that can't be searched, and nothing was
                found.
        """
        if dates and not question.query.dates:
            mentions = tuple(DateMention(days=days, span=EMPTY_SPAN) for days in dates)
            question = replace(question, query=replace(question.query, dates=mentions))
        answer = await self.ask_in_any_script(question, max_excerpts=max_excerpts, today=today)
        if is_in_foreign_script(question.text) and _is_all_unknown(answer):
            raise ForeignScript
        return answer

    async def ask_in_any_script(
        self,
        question: ParsedQuestion,
        *,
        max_excerpts: int | None = None,
        today: date | None = None,
    ) -> Answer:
        """Answer a question without refusing any script.

        Args:
            question: The question.
            max_excerpts: The maximum number of excerpts; None for the setting.
            today: The last visible day; None for the day in the zone of the settings.
        """
        answer = await self._search(question.query, question.bounds, max_excerpts, today)
        # Stored before anything is shown: a receipt can be verified from the first moment.
        await self._shown_answers.record_receipts((*answer.excerpts, *answer.closest_excerpts))
        return answer

    async def ask_without_dates(
        self, answer: Answer, bounds: Bounds, *, today: date | None = None
    ) -> Answer | None:
        """Return the answer without its dates and bounds on days; no receipts are recorded.

        Args:
            answer: The answer with the dates.
            bounds: The bounds that it was searched with.
            today: The last visible day; None for the day in the zone of the settings.

        Returns:
            None if the answer had no dates.
        """
        if not (answer.query.dates or bounds.days):
            return None
        query = answer.query.without_dates()
        return await self._search(query, bounds.without_days(), None, today)

    async def _search(
        self, query: Query, bounds: Bounds, max_excerpts: int | None, today: date | None
    ) -> Answer:
        limits = build_answer_limits(self._settings, max_excerpts)
        result = await self._index.search(
            query,
            bounds=bounds,
            until=today or self._clock.today(),
            limits=limits,
            weights=self._weights,
        )
        return await asyncio.to_thread(
            build_answer, query, result, limits=limits, weights=self._weights
        )


def _is_all_unknown(answer: Answer) -> bool:
    """Return whether no article contains any word of the question."""
    query = answer.query
    query_words = {query.get_word(term) for term in query.terms if term not in query.compound_terms}
    unknown_words = (
        reason.words for reason in answer.reasons if reason.code is ReasonCode.UNKNOWN_WORDS
    )
    return query_words == frozenset().union(*unknown_words)

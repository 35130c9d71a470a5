"""What people do in Discord, below Discord: ask, read on, look around an excerpt, vote, be forgotten.

Apart from app.py, whose functions the command line shares: here a person is known by a pseudonym,
and an answer by the key in its buttons.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.dates.grammar import DateMention
from bot.errors import ArticleWithdrawn, ForeignScript
from bot.model.alert import Alert
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym, generate_key
from bot.model.shown_answer import AnswerRetention, ShownAnswer, ShownShares
from bot.model.span import EMPTY_SPAN
from bot.model.vote import VoteCounts
from bot.retrieval.answering.abstention import ReasonCode
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.context import Paragraph, select_context
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.answering.receipts import parse_receipt
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.validation import is_in_foreign_script
from bot.services import app as running
from bot.services import parsing as typed
from bot.services.app import App
from bot.services.shown_answers import (
    build_shown_excerpts,
    get_retention_period,
    get_shown_answer,
    load_citation,
)

MAX_CONTEXT_CHARS = 2_500
"""The characters shown around an excerpt: with its title and escapes they fit into one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedExcerpt:
    """An excerpt of an answer shown.

    Attributes:
        rank: Its place among the excerpts of the answer, from 1.
        excerpt: The excerpt.
        is_answer: Whether it answers, or is only near to the question.
    """

    rank: int
    excerpt: Citation
    is_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    """Some of the excerpts of an answer, in order.

    Attributes:
        excerpts: Those of the page whose articles are still held.
        gone_count: How many of the page are left out, since their articles were taken back.
        next_offset: Where the next page begins; None after the last one.
        excerpt_count: How many excerpts the answer has in all.
        passage_count: How many passages hold a term of the query.
        dates: The dates understood.
    """

    excerpts: tuple[RankedExcerpt, ...]
    gone_count: int
    next_offset: int | None
    excerpt_count: int
    passage_count: int
    dates: tuple[DayRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptContext:
    """An excerpt, and the paragraphs in which and around which it stands."""

    excerpt: Citation
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExplanation:
    """An excerpt, and what its score is the sum of; None where the answer did not keep that."""

    excerpt: Citation
    shares: ShownShares | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteResult:
    """How people voted on an excerpt; `own_vote` is the vote of who voted last, None if taken back."""

    own_vote: bool | None
    votes: VoteCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """What is kept of a person: how much, and of their own alerts all."""

    answers: AnswerRetention
    votes: int
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionCounts:
    """How much of a person was deleted."""

    answers: int
    votes: int
    alerts: int = 0


async def ask_question(  # noqa: PLR0913 - what a person may say beside the question
    app: App,
    text: str,
    *,
    after: str | None = None,
    before: str | None = None,
    source: str | None = None,
    dates: Sequence[DayRange] = (),
    max_excerpts: int | None = None,
    today: date | None = None,
) -> Answer:
    """The answer to what a person typed, whichever way it came.

    Args:
        app: The app.
        text: What was typed.
        after: The first day of publication, as typed.
        before: The last day of publication, as typed.
        source: The source, as typed.
        dates: The dates that are meant where the question names none.
        max_excerpts: Excerpts at most; None for what the settings say.
        today: The day that it is for who asks; None for the day in the zone of the settings.

    Raises:
        QueryError: It is no question that can be searched for; what was typed as a date is none.
        StoreError: The database can't be used.
    """
    query = typed.parse_question(app, text, today=today)
    if not query.dates:
        date_mentions = tuple(DateMention(days=days, span=EMPTY_SPAN) for days in dates)
        query = replace(query, dates=date_mentions)
    bounds = typed.parse_bounds(app, after, before, source, today=today)
    answer = await running.answer_query(app, query, bounds, max_excerpts=max_excerpts, today=today)
    if is_in_foreign_script(text) and _is_all_unknown(answer):
        raise ForeignScript
    return answer


def _is_all_unknown(answer: Answer) -> bool:
    query = answer.query
    query_words = {query.get_word(term) for term in query.terms if term not in query.compound_terms}
    unknown_words = (
        reason.words for reason in answer.reasons if reason.code is ReasonCode.UNKNOWN_WORDS
    )
    return query_words == frozenset().union(*unknown_words)


async def answer_without_dates(
    app: App, answer: Answer, bounds: Bounds, *, today: date | None = None
) -> Answer | None:
    """What the answer would be if no date had been given, not yet shown to anybody.

    Args:
        app: The app.
        answer: The answer with the dates.
        bounds: Which articles were searched for it.
        today: The last day that is visible; None for the day in the zone of the settings.

    Returns:
        None where there were no dates.

    Raises:
        StoreError: The database can't be used.
    """
    query = answer.query
    if not (query.dates or bounds.days):
        return None
    undated_bounds = replace(bounds, after=None, before=None)
    return await running.find_answer(app, replace(query, dates=()), undated_bounds, today=today)


async def store_answer(
    app: App,
    answer: Answer,
    asker: Pseudonym,
    guild: str | None = None,
    *,
    undated: Answer | None = None,
) -> str:
    """Keeps what the buttons of an answer need, and gives the key that they carry.

    Args:
        app: The app.
        answer: The answer.
        asker: Who asked.
        guild: The server that it is shown in; None in direct messages, and where the app is a
            person's own.
        undated: The answer without the dates; None where there are none.

    Raises:
        StoreError: The database can't be used.
    """
    now = app.clock()
    shown_answer = ShownAnswer(
        key=generate_key(),
        excerpts=build_shown_excerpts(app, _list_excerpts(answer)),
        answering_count=answer.answering_count,
        total=answer.total,
        dates=tuple(mention.days for mention in answer.query.dates),
        asker=asker,
        shown_at=now,
        expires_at=now + get_retention_period(app),
        undated_excerpts=build_shown_excerpts(app, _list_excerpts(undated)) if undated else (),
        undated_answering_count=undated.answering_count if undated else 0,
        undated_total=undated.total if undated else 0,
        guild=guild,
    )
    await app.answers.add(shown_answer)
    return shown_answer.key


def _list_excerpts(answer: Answer) -> tuple[Excerpt, ...]:
    """All that was found, what is shown first before the rest."""
    return (*answer.excerpts, *answer.closest_excerpts, *answer.further_excerpts)


async def load_page(app: App, key: str, offset: int, count: int) -> AnswerPage:
    """The `count` excerpts that follow on the first `offset` of an answer, to be shown now.

    Each is quoted from the revision in which it was found.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    shown_answer = await get_shown_answer(app, key)
    page_excerpts = shown_answer.excerpts[offset : offset + count]
    citations = [await load_citation(app, shown_excerpt) for shown_excerpt in page_excerpts]
    ranked_excerpts = tuple(
        RankedExcerpt(rank=rank, excerpt=excerpt, is_answer=rank <= shown_answer.answering_count)
        for rank, excerpt in enumerate(citations, start=offset + 1)
        if excerpt
    )
    await running.record_receipts(
        app, [ranked_excerpt.excerpt for ranked_excerpt in ranked_excerpts]
    )
    end = offset + len(page_excerpts)
    return AnswerPage(
        excerpts=ranked_excerpts,
        gone_count=len(page_excerpts) - len(ranked_excerpts),
        next_offset=end if end < len(shown_answer.excerpts) else None,
        excerpt_count=len(shown_answer.excerpts),
        passage_count=shown_answer.total,
        dates=shown_answer.dates,
    )


async def load_excerpt(app: App, key: str, rank: int) -> Citation:
    """The excerpt of that rank in an answer, from the revision in which it was found.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        ArticleWithdrawn: The article was taken back meanwhile.
        StoreError: The database can't be used.
    """
    return (await explain_score(app, key, rank)).excerpt


async def load_context(app: App, key: str, rank: int) -> ExcerptContext:
    """What stands around the excerpt of that rank, word for word.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        ArticleWithdrawn: The article was taken back meanwhile.
        StoreError: The database can't be used.
    """
    excerpt = await load_excerpt(app, key, rank)
    body = excerpt.article.body
    paragraphs = select_context(body, excerpt.span, max_chars=MAX_CONTEXT_CHARS)
    return ExcerptContext(excerpt=excerpt, paragraphs=paragraphs)


async def explain_score(app: App, key: str, rank: int) -> ScoreExplanation:
    """What the score of the excerpt of that rank is the sum of.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        ArticleWithdrawn: The article was taken back meanwhile.
        StoreError: The database can't be used.
    """
    shown_excerpt = (await get_shown_answer(app, key)).excerpts[rank - 1]
    excerpt = await load_citation(app, shown_excerpt)
    if excerpt is None:
        raise ArticleWithdrawn
    return ScoreExplanation(excerpt=excerpt, shares=shown_excerpt.shares)


async def load_dates(app: App, key: str) -> tuple[DayRange, ...]:
    """The dates that an answer understood, to be kept in a question that follows up on it.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    return (await get_shown_answer(app, key)).dates


async def is_asker(app: App, key: str, person: Pseudonym) -> bool:
    """Whether the person asked for this answer.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    return (await get_shown_answer(app, key)).asker == person


async def vote(app: App, receipt: str, person: Pseudonym, *, up: bool) -> VoteResult:
    """Votes on an excerpt that was shown; the same vote again takes it back.

    Raises:
        MalformedReceipt: The text is no receipt.
        StoreError: The database can't be used, or no excerpt was shown by this receipt.
    """
    receipt = parse_receipt(receipt)
    own_vote = await app.votes.cast(receipt, person, up=up)
    return VoteResult(own_vote=own_vote, votes=await app.votes.count_by_receipt(receipt))


async def load_personal_data(app: App, person: Pseudonym) -> PersonalData:
    """What is kept of a person.

    Raises:
        StoreError: The database can't be used.
    """
    return PersonalData(
        answers=await app.answers.get_retention(person),
        votes=await app.votes.count_by_person(person),
        alerts=await app.alerts.find_by_person(person),
    )


async def delete_personal_data(app: App, person: Pseudonym) -> DeletionCounts:
    """Deletes all that is kept of a person.

    Raises:
        StoreError: The database can't be used.
    """
    # The alerts first: what they tell meanwhile would be kept as an answer.
    alerts = await app.alerts.delete_by_person(person)
    return DeletionCounts(
        answers=await app.answers.delete_by_person(person),
        votes=await app.votes.delete_by_person(person),
        alerts=alerts,
    )


async def purge_answers(app: App) -> int:
    """Deletes the answers that have expired; gives how many these were.

    Raises:
        StoreError: The database can't be used.
    """
    return await app.answers.purge(app.clock())


async def purge_left_guilds(app: App, is_present: Callable[[str], bool]) -> int:
    """Forgets the servers that were left so long ago as the settings say; gives how many.

    Args:
        app: The app.
        is_present: Whether the bot is in a server; one in which it is not is left from now on,
            unless it was before, and one in which it is again counts as never left.

    Raises:
        StoreError: The database can't be used.
    """
    now = app.clock()
    await app.guilds.update_presence(is_present, now)
    return await app.guilds.purge(now - timedelta(days=app.settings.privacy.left_server_days))

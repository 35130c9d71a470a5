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
from bot.model.ids import Pseudonym, new_key
from bot.model.shown_answer import AnswerShown, KeptAnswers, ShownShares
from bot.model.span import NOWHERE
from bot.model.vote import Votes
from bot.retrieval.answering.abstention import Lack
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.context import Paragraph, around
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.answering.receipts import parsed_receipt
from bot.retrieval.question.validation import is_in_foreign_script
from bot.retrieval.scoring.limits import Bounds
from bot.services import app as running
from bot.services import parsing as typed
from bot.services.app import App
from bot.services.shown_answers import cited, keeping_time, kept, shown_excerpts

MAX_CONTEXT_CHARS = 2_500
"""The characters shown around an excerpt: with its title and escapes they fit into one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An excerpt of an answer shown.

    Attributes:
        rank: Its place among the excerpts of the answer, from 1.
        excerpt: The excerpt.
        answers: Whether it answers, or is only near to the question.
    """

    rank: int
    excerpt: Citation
    answers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the excerpts of an answer, in order.

    Attributes:
        excerpts: Those of the page whose articles are still held.
        gone: How many of the page are left out, since their articles were taken back.
        next_offset: Where the next page begins; None after the last one.
        found: How many excerpts the answer has in all.
        total: How many passages hold a term of the query.
        dates: The dates understood.
    """

    excerpts: tuple[Ranked, ...]
    gone: int
    next_offset: int | None
    found: int
    total: int
    dates: tuple[DayRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """An excerpt, and the paragraphs in which and around which it stands."""

    excerpt: Citation
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """An excerpt, and what its score is the sum of; None where the answer did not keep that."""

    excerpt: Citation
    shares: ShownShares | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """How people voted on an excerpt; `own` is the vote of who voted last, None if taken back."""

    own: bool | None
    votes: Votes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a person: how much, and of their own alerts all."""

    answers: KeptAnswers
    votes: int
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much of a person was deleted."""

    answers: int
    votes: int
    alerts: int = 0


async def asked(  # noqa: PLR0913 - what a person may say beside the question
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
    query = typed.query_of(app, text, today=today)
    if not query.dates:
        meant = tuple(DateMention(days=days, span=NOWHERE) for days in dates)
        query = replace(query, dates=meant)
    bounds = typed.bounds_of(app, after, before, source, today=today)
    answer = await running.ask(app, query, bounds, max_excerpts=max_excerpts, today=today)
    if is_in_foreign_script(text) and _is_all_unknown(answer):
        raise ForeignScript
    return answer


def _is_all_unknown(answer: Answer) -> bool:
    query = answer.query
    typed = {query.word_of(term) for term in query.terms if term not in query.joined}
    lacking = (each.words for each in answer.reasons if each.lack is Lack.UNKNOWN_WORDS)
    return typed == frozenset().union(*lacking)


async def without_dates(
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
    of_any_day = replace(bounds, after=None, before=None)
    return await running.composed(app, replace(query, dates=()), of_any_day, today=today)


async def show(
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
    shown = AnswerShown(
        key=new_key(),
        excerpts=shown_excerpts(app, _found(answer)),
        answering_count=answer.answering_count,
        total=answer.total,
        dates=tuple(mention.days for mention in answer.query.dates),
        asker=asker,
        shown_at=now,
        expires_at=now + keeping_time(app),
        undated=shown_excerpts(app, _found(undated)) if undated else (),
        undated_answering_count=undated.answering_count if undated else 0,
        undated_total=undated.total if undated else 0,
        guild=guild,
    )
    await app.answers.add(shown)
    return shown.key


def _found(answer: Answer) -> tuple[Excerpt, ...]:
    """All that was found, what is shown first before the rest."""
    return (*answer.excerpts, *answer.closest, *answer.further)


async def shown_page(app: App, key: str, offset: int, count: int) -> Page:
    """The `count` excerpts that follow on the first `offset` of an answer, to be shown now.

    Each is quoted from the revision in which it was found.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    shown = await kept(app, key)
    asked_for = shown.excerpts[offset : offset + count]
    found = [await cited(app, each) for each in asked_for]
    ranked = tuple(
        Ranked(rank=rank, excerpt=excerpt, answers=rank <= shown.answering_count)
        for rank, excerpt in enumerate(found, start=offset + 1)
        if excerpt
    )
    await running.record_shown(app, [each.excerpt for each in ranked])
    end = offset + len(asked_for)
    return Page(
        excerpts=ranked,
        gone=len(asked_for) - len(ranked),
        next_offset=end if end < len(shown.excerpts) else None,
        found=len(shown.excerpts),
        total=shown.total,
        dates=shown.dates,
    )


async def excerpt_at(app: App, key: str, rank: int) -> Citation:
    """The excerpt of that rank in an answer, from the revision in which it was found.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        ArticleWithdrawn: The article was taken back meanwhile.
        StoreError: The database can't be used.
    """
    return (await why(app, key, rank)).excerpt


async def context_of(app: App, key: str, rank: int) -> Context:
    """What stands around the excerpt of that rank, word for word.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        ArticleWithdrawn: The article was taken back meanwhile.
        StoreError: The database can't be used.
    """
    excerpt = await excerpt_at(app, key, rank)
    body = excerpt.article.body
    paragraphs = around(body, excerpt.span, max_chars=MAX_CONTEXT_CHARS)
    return Context(excerpt=excerpt, paragraphs=paragraphs)


async def why(app: App, key: str, rank: int) -> Why:
    """What the score of the excerpt of that rank is the sum of.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        ArticleWithdrawn: The article was taken back meanwhile.
        StoreError: The database can't be used.
    """
    shown = (await kept(app, key)).excerpts[rank - 1]
    excerpt = await cited(app, shown)
    if excerpt is None:
        raise ArticleWithdrawn
    return Why(excerpt=excerpt, shares=shown.shares)


async def dates_of(app: App, key: str) -> tuple[DayRange, ...]:
    """The dates that an answer understood, to be kept in a question that follows up on it.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    return (await kept(app, key)).dates


async def is_asker(app: App, key: str, person: Pseudonym) -> bool:
    """Whether the person asked for this answer.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    return (await kept(app, key)).asker == person


async def vote(app: App, receipt: str, person: Pseudonym, *, up: bool) -> Voted:
    """Votes on an excerpt that was shown; the same vote again takes it back.

    Raises:
        MalformedReceipt: The text is no receipt.
        StoreError: The database can't be used, or no excerpt was shown by this receipt.
    """
    receipt = parsed_receipt(receipt)
    own = await app.votes.cast(receipt, person, up=up)
    return Voted(own=own, votes=await app.votes.counts(receipt))


async def kept_of(app: App, person: Pseudonym) -> Kept:
    """What is kept of a person.

    Raises:
        StoreError: The database can't be used.
    """
    return Kept(
        answers=await app.answers.kept_of(person),
        votes=await app.votes.count_of(person),
        alerts=await app.alerts.of_person(person),
    )


async def forget(app: App, person: Pseudonym) -> Forgotten:
    """Deletes all that is kept of a person.

    Raises:
        StoreError: The database can't be used.
    """
    # The alerts first: what they tell meanwhile would be kept as an answer.
    alerts = await app.alerts.delete_of(person)
    return Forgotten(
        answers=await app.answers.delete_of(person),
        votes=await app.votes.delete_of(person),
        alerts=alerts,
    )


async def purge(app: App) -> int:
    """Deletes the answers that have expired; gives how many these were.

    Raises:
        StoreError: The database can't be used.
    """
    return await app.answers.purge(app.clock())


async def let_servers_go(app: App, is_present: Callable[[str], bool]) -> int:
    """Forgets the servers that were left so long ago as the settings say; gives how many.

    Args:
        app: The app.
        is_present: Whether the bot is in a server; one in which it is not is left from now on,
            unless it was before, and one in which it is again counts as never left.

    Raises:
        StoreError: The database can't be used.
    """
    now = app.clock()
    await app.servers.note(is_present, now)
    return await app.servers.purge(now - timedelta(days=app.settings.privacy.left_server_days))

"""What people do in Discord, below Discord: ask, read on, look around an excerpt, vote, be forgotten.

Apart from app.py, whose functions the command line shares: here a person is known by a pseudonym,
and an answer by the key in its buttons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import app as running
from bot.app import App
from bot.errors import AnswerExpired, ArticleWithdrawn, ForeignScript
from bot.people.pseudonyms import Pseudonym
from bot.retrieval.answer import Answer
from bot.retrieval.context import Paragraph, around
from bot.retrieval.dates import DateMention
from bot.retrieval.days import DayRange
from bot.retrieval.excerpt import Citation, Excerpt
from bot.retrieval.question import is_in_foreign_script
from bot.retrieval.reasons import Lack
from bot.retrieval.receipt import parsed_receipt
from bot.retrieval.span import NOWHERE, Span
from bot.retrieval.terms import Analyser
from bot.store.answers import MAX_EXCERPTS, AnswerShown, ShownExcerpt, ShownShares, new_key
from bot.store.votes import Votes

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
class Forgotten:
    """How much of a person was deleted."""

    answers: int
    votes: int


async def asked(  # noqa: PLR0913 - what a person may say beside the question
    app: App,
    text: str,
    *,
    after: str | None = None,
    before: str | None = None,
    source: str | None = None,
    dates: Sequence[DayRange] = (),
) -> Answer:
    """The answer to what a person typed, whichever way it came.

    Args:
        app: The app.
        text: What was typed.
        after: The first day of publication, as typed.
        before: The last day of publication, as typed.
        source: The source, as typed.
        dates: The dates that are meant where the question names none.

    Raises:
        QueryError: It is no question that can be searched for; what was typed as a date is none.
        StoreError: The database can't be used.
    """
    query = running.query_of(app, text)
    if not query.dates:
        kept = tuple(DateMention(days=days, span=NOWHERE) for days in dates)
        query = replace(query, dates=kept)
    answer = await running.ask(app, query, running.bounds_of(app, after, before, source))
    if is_in_foreign_script(text) and _is_all_unknown(answer):
        raise ForeignScript
    return answer


def _is_all_unknown(answer: Answer) -> bool:
    query = answer.query
    typed = {query.word_of(term) for term in query.terms if term not in query.joined}
    lacking = (each.words for each in answer.reasons if each.lack is Lack.UNKNOWN_WORDS)
    return typed == frozenset().union(*lacking)


async def show(app: App, answer: Answer, asker: Pseudonym) -> str:
    """Keeps what the buttons of an answer need, and gives the key that they carry.

    Raises:
        StoreError: The database can't be used.
    """
    now = app.clock()
    found = (*answer.excerpts, *answer.closest, *answer.further)
    shown = AnswerShown(
        key=new_key(),
        excerpts=tuple(_shown(excerpt, app.corpus.analyser) for excerpt in found[:MAX_EXCERPTS]),
        answering_count=answer.answering_count,
        total=answer.total,
        dates=tuple(mention.days for mention in answer.query.dates),
        asker=asker,
        shown_at=now,
        expires_at=now + timedelta(days=app.settings.discord.answer_days),
    )
    await app.answers.add(shown)
    return shown.key


def _shown(excerpt: Excerpt, analyser: Analyser) -> ShownExcerpt:
    return ShownExcerpt(
        article_id=excerpt.article.id,
        revision=excerpt.article.revision,
        span=excerpt.span,
        answering=excerpt.answering,
        matches=excerpt.matches,
        score=excerpt.score,
        shares=_shown_shares(excerpt, analyser),
    )


def _shown_shares(excerpt: Excerpt, analyser: Analyser) -> ShownShares:
    """The shares other than 0; terms as places, in their order, since nothing tells the question."""
    firsts = analyser.firsts(excerpt.passage.of(excerpt.article.body))
    terms = {
        Span(firsts[term].start, firsts[term].end).shifted(excerpt.passage.start): share
        for term, share in excerpt.term_shares.items()
    }
    return ShownShares(
        terms=dict(sorted(terms.items())),
        features={name: share for name, share in excerpt.feature_shares.items() if share},
    )


async def shown_page(app: App, key: str, offset: int, count: int) -> Page:
    """The `count` excerpts that follow on the first `offset` of an answer, to be shown now.

    Each is quoted from the revision in which it was found.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    shown = await _kept(app, key)
    asked_for = shown.excerpts[offset : offset + count]
    cited = [await _cited(app, each) for each in asked_for]
    ranked = tuple(
        Ranked(rank=rank, excerpt=excerpt, answers=rank <= shown.answering_count)
        for rank, excerpt in enumerate(cited, start=offset + 1)
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
    shown = (await _kept(app, key)).excerpts[rank - 1]
    excerpt = await _cited(app, shown)
    if excerpt is None:
        raise ArticleWithdrawn
    return Why(excerpt=excerpt, shares=shown.shares)


async def dates_of(app: App, key: str) -> tuple[DayRange, ...]:
    """The dates that an answer understood, to be kept in a question that follows up on it.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    return (await _kept(app, key)).dates


async def is_asker(app: App, key: str, person: Pseudonym) -> bool:
    """Whether the person asked for this answer.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    return (await _kept(app, key)).asker == person


async def vote(app: App, receipt: str, person: Pseudonym, *, up: bool) -> Voted:
    """Votes on an excerpt that was shown; the same vote again takes it back.

    Raises:
        MalformedReceipt: The text is no receipt.
        StoreError: The database can't be used, or no excerpt was shown by this receipt.
    """
    receipt = parsed_receipt(receipt)
    own = await app.votes.cast(receipt, person, up=up)
    return Voted(own=own, votes=await app.votes.counts(receipt))


async def forget(app: App, person: Pseudonym) -> Forgotten:
    """Deletes all that is kept of a person.

    Raises:
        StoreError: The database can't be used.
    """
    return Forgotten(
        answers=await app.answers.delete_of(person), votes=await app.votes.delete_of(person)
    )


async def purge(app: App) -> int:
    """Deletes the answers that have expired; gives how many these were.

    Raises:
        StoreError: The database can't be used.
    """
    return await app.answers.purge(app.clock())


async def _kept(app: App, key: str) -> AnswerShown:
    shown = await app.answers.find(key, app.clock())
    if shown is None:
        raise AnswerExpired
    return shown


async def _cited(app: App, shown: ShownExcerpt) -> Citation | None:
    """The excerpt in its article; None where that was taken back."""
    article = await app.articles.revision(shown.article_id, shown.revision)
    if article is None:
        return None
    return Citation(
        article=article,
        span=shown.span,
        answering=shown.answering,
        matches=shown.matches,
        score=shown.score,
    )

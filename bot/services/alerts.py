"""What people do with alerts, below Discord: see what one would have told, add it, pause it, end it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digest.alert_rules import (
    MOST_OF_PERSON,
    MOST_OF_SERVER,
    Frequency,
    alert_query,
    looked_back_days,
    quiet_of,
)
from bot.digest.parsing import plain
from bot.errors import HalfQuiet, PreviewExpired, TooManyAlerts, UnknownAlert
from bot.model.alert import Alert, AlertKey, Quiet
from bot.model.ids import Pseudonym, new_key
from bot.services.app import App

MOST_DRAFTS = 1_000
"""The alerts that wait to be confirmed, in memory alone; the first of more are forgotten."""

DRAFT_KEPT_FOR = timedelta(minutes=15)
"""How long an alert can be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose alerts are meant: those of a server, or else a person's own.

    Attributes:
        person: Who does something.
        guild: The server; None for the person's own.
    """

    person: Pseudonym
    guild: str | None = None

    @property
    def most(self) -> int:
        """The alerts that they may have."""
        return MOST_OF_PERSON if self.guild is None else MOST_OF_SERVER

    def too_many(self) -> TooManyAlerts:
        """That they have so many."""
        return TooManyAlerts(self.most, of_server=self.guild is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An alert that a person has typed and not yet confirmed; it is kept in memory alone.

    Attributes:
        owner: Whose it will be.
        channel: The channel of the server; None for direct messages.
        typed: What is looked for, as typed.
        quiet: When nothing is told; None where it always may be.
    """

    owner: Owner
    channel: str | None
    typed: str
    quiet: Quiet | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an alert would have told in the last days.

    Attributes:
        key: What confirms it.
        draft: The alert.
        frequency: How often it would have told.
        unknown: The words typed that no article holds.
    """

    key: str
    draft: Draft
    frequency: Frequency
    unknown: tuple[str, ...]


class Drafts:
    """The alerts that wait to be confirmed."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Draft, datetime]] = {}
        self._being_added: set[str] = set()

    def put(self, draft: Draft, now: datetime) -> str:
        """Keeps a draft for a while, and gives what it is found by."""
        key = new_key()
        self._waiting[key] = (draft, now)
        if len(self._waiting) > MOST_DRAFTS:
            del self._waiting[next(iter(self._waiting))]
        return key

    def find(self, key: str, person: Pseudonym, now: datetime) -> Draft:
        """The draft of a person.

        Raises:
            PreviewExpired: It is not there, or no longer, or it is another person's.
        """
        self.drop_expired(now)
        draft, _ = self._waiting.get(key, (None, now))
        if draft is None or draft.owner.person != person or key in self._being_added:
            raise PreviewExpired
        return draft

    @contextmanager
    def adding(self, key: str, person: Pseudonym, now: datetime) -> Iterator[Draft]:
        """The draft of a person: nobody finds it meanwhile, nor later, unless the block fails.

        Raises:
            PreviewExpired: As `find` says.
        """
        draft = self.find(key, person, now)
        self._being_added.add(key)
        try:
            yield draft
            self._waiting.pop(key, None)
        finally:
            self._being_added.discard(key)

    def drop_expired(self, now: datetime) -> None:
        """Forgets the drafts that were kept long enough."""
        self._waiting = {
            key: (draft, put_at)
            for key, (draft, put_at) in self._waiting.items()
            if now - put_at < DRAFT_KEPT_FOR
        }

    def forget(self, person: Pseudonym) -> None:
        """Forgets the drafts of a person, those for a server too."""
        self._waiting = {
            key: (draft, put_at)
            for key, (draft, put_at) in self._waiting.items()
            if draft.owner.person != person
        }


def hours_of(begins: str | None, ends: str | None, zone: str | None, there: str) -> Quiet | None:
    """The quiet hours that a person typed; None where none were.

    Args:
        begins: When they begin, as typed.
        ends: When they are over, as typed.
        zone: The zone as typed, where one was.
        there: The IANA name of that zone, or else of the one that is usual there.

    Raises:
        UnknownTime: One of them is no time of day.
        HalfQuiet: Not all that is needed is given.
        EndlessQuiet: They would never end.
    """
    quiet = quiet_of(begins, ends, there)
    if zone is not None and quiet is None:
        raise HalfQuiet
    return quiet


async def preview(app: App, drafts: Drafts, draft: Draft) -> Preview:
    """What the alert would have told, and what confirms it.

    Raises:
        EmptyQuery: There is nothing to search for.
        TooManyAlerts: The owner has as many as they may.
        StoreError: The database can't be used.
    """
    query = alert_query(draft.typed, app.corpus.analyser)
    if len(await alerts_of(app, draft.owner)) >= draft.owner.most:
        raise draft.owner.too_many()
    today = app.today
    days = await app.corpus.days_holding(query, bounds=looked_back_days(today), until=today)
    rarities = await app.corpus.rarities(query.terms)
    searched = (term for term in query.terms if term not in query.joined)
    return Preview(
        key=drafts.put(draft, app.clock()),
        draft=draft,
        frequency=Frequency.of(days),
        unknown=tuple(query.word_of(term) for term in searched if not rarities[term]),
    )


async def add(app: App, draft: Draft, channel: str) -> Alert:
    """The alert that was confirmed, told in the channel of that id from now on.

    Raises:
        TooManyAlerts: The owner has as many as they may.
        StoreError: The database can't be used.
    """
    owner = draft.owner
    alert = Alert(
        key=AlertKey(new_key()),
        guild=owner.guild,
        person=owner.person if owner.guild is None else None,
        channel=channel,
        typed=draft.typed,
        quiet=draft.quiet,
        begins_at=app.clock(),
    )
    if not await app.alerts.add(alert, most=owner.most):
        raise owner.too_many()
    return alert


async def alerts_of(app: App, owner: Owner) -> tuple[Alert, ...]:
    """The alerts of a server, or else of a person's own, in the order in which they were added.

    Raises:
        StoreError: The database can't be used.
    """
    if owner.guild is None:
        return await app.alerts.of_person(owner.person)
    return await app.alerts.of_guild(owner.guild)


async def within_reach(app: App, person: Pseudonym, guild: str | None) -> tuple[Alert, ...]:
    """The alerts that a person may see and change: their own, then those of the server.

    Args:
        app: The app.
        person: The person.
        guild: The server that they manage; None where they are in none, or don't manage it.

    Raises:
        StoreError: The database can't be used.
    """
    own = await alerts_of(app, Owner(person=person))
    return own + (await alerts_of(app, Owner(person=person, guild=guild)) if guild else ())


async def chosen(app: App, text: str, person: Pseudonym, guild: str | None) -> Alert:
    """The alert within reach of the person that has this key, or for which alone that was typed.

    Raises:
        UnknownAlert: There is none, or no single one.
        StoreError: The database can't be used.
    """
    found = await within_reach(app, person, guild)
    wanted = plain(text)
    named = [alert for alert in found if alert.key == text.strip()]
    named = named or [alert for alert in found if plain(alert.typed) == wanted]
    if len(named) != 1:
        raise UnknownAlert
    return named[0]

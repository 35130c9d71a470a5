"""What people do with alerts, below Discord: see what one would have told, add it, pause it, end it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digest.alert_rules import (
    MAX_ALERTS_PER_GUILD,
    MAX_ALERTS_PER_PERSON,
    AlertFrequency,
    build_quiet_hours,
    get_preview_bounds,
    parse_alert_query,
)
from bot.digest.parsing import normalise_name
from bot.errors import IncompleteQuietHours, PreviewExpired, TooManyAlerts, UnknownAlert
from bot.model.alert import Alert, AlertKey, QuietHours
from bot.model.ids import Pseudonym, generate_key
from bot.retrieval.library_search import LibrarySearch
from bot.runtime.clock import Clock
from bot.store.alerts import AlertStore

MAX_DRAFTS = 1_000
"""The alerts that wait to be confirmed, in memory alone; the first of more are forgotten."""

DRAFT_LIFETIME = timedelta(minutes=15)
"""How long an alert can be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOwner:
    """Whose alerts are meant: those of a server, or else a person's own.

    Attributes:
        person: Who does something.
        guild: The server; None for the person's own.
    """

    person: Pseudonym
    guild: str | None = None

    @property
    def max_alerts(self) -> int:
        """The alerts that they may have."""
        return MAX_ALERTS_PER_PERSON if self.guild is None else MAX_ALERTS_PER_GUILD

    def build_limit_error(self) -> TooManyAlerts:
        """That they have so many."""
        return TooManyAlerts(self.max_alerts, is_guild=self.guild is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDraft:
    """An alert that a person has typed and not yet confirmed; it is kept in memory alone.

    Attributes:
        owner: Whose it will be.
        channel: The channel of the server; None for direct messages.
        query_text: What is looked for, as typed.
        quiet_hours: When nothing is told; None where it always may be.
    """

    owner: AlertOwner
    channel: str | None
    query_text: str
    quiet_hours: QuietHours | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPreview:
    """What an alert would have told in the last days.

    Attributes:
        key: What confirms it.
        draft: The alert.
        frequency: How often it would have told.
        unknown_words: The words typed that no article holds.
    """

    key: str
    draft: AlertDraft
    frequency: AlertFrequency
    unknown_words: tuple[str, ...]


class AlertDrafts:
    """The alerts that wait to be confirmed."""

    def __init__(self) -> None:
        self._drafts: dict[str, tuple[AlertDraft, datetime]] = {}
        self._keys_being_added: set[str] = set()

    def add(self, draft: AlertDraft, now: datetime) -> str:
        """Keeps a draft for a while, and gives what it is found by."""
        key = generate_key()
        self._drafts[key] = (draft, now)
        if len(self._drafts) > MAX_DRAFTS:
            del self._drafts[next(iter(self._drafts))]
        return key

    def find(self, key: str, person: Pseudonym, now: datetime) -> AlertDraft:
        """The draft of a person.

        Raises:
            PreviewExpired: It is not there, or no longer, or it is another person's.
        """
        self.drop_expired(now)
        draft, _ = self._drafts.get(key, (None, now))
        if draft is None or draft.owner.person != person or key in self._keys_being_added:
            raise PreviewExpired
        return draft

    @contextmanager
    def confirm(self, key: str, person: Pseudonym, now: datetime) -> Iterator[AlertDraft]:
        """The draft of a person: nobody finds it meanwhile, nor later, unless the block fails.

        Raises:
            PreviewExpired: As `find` says.
        """
        draft = self.find(key, person, now)
        self._keys_being_added.add(key)
        try:
            yield draft
            self._drafts.pop(key, None)
        finally:
            self._keys_being_added.discard(key)

    def drop_expired(self, now: datetime) -> None:
        """Forgets the drafts that were kept long enough."""
        self._drafts = {
            key: (draft, added_at)
            for key, (draft, added_at) in self._drafts.items()
            if now - added_at < DRAFT_LIFETIME
        }

    def forget_person(self, person: Pseudonym) -> None:
        """Forgets the drafts of a person, those for a server too."""
        self._drafts = {
            key: (draft, added_at)
            for key, (draft, added_at) in self._drafts.items()
            if draft.owner.person != person
        }


def parse_quiet_hours(
    start: str | None, end: str | None, zone_text: str | None, zone_name: str
) -> QuietHours | None:
    """The quiet hours that a person typed; None where none were.

    Args:
        start: When they begin, as typed.
        end: When they are over, as typed.
        zone_text: The zone as typed, where one was.
        zone_name: The IANA name of that zone, or else of the one that is usual there.

    Raises:
        UnknownTime: One of them is no time of day.
        IncompleteQuietHours: Not all that is needed is given.
        EndlessQuietHours: They would never end.
    """
    quiet_hours = build_quiet_hours(start, end, zone_name)
    if zone_text is not None and quiet_hours is None:
        raise IncompleteQuietHours
    return quiet_hours


class AlertService:
    """Previews, adds, pauses and removes alerts."""

    def __init__(self, *, alerts: AlertStore, index: LibrarySearch, clock: Clock) -> None:
        """Keep the alerts in this store."""
        self._alerts = alerts
        self._index = index
        self._clock = clock

    async def preview(self, drafts: AlertDrafts, draft: AlertDraft) -> AlertPreview:
        """Return what the alert would have told, and what confirms it.

        Raises:
            EmptyQuery: There is nothing to search for.
            TooManyAlerts: The owner has as many as they may.
        """
        query = parse_alert_query(draft.query_text, self._index.analyser)
        if len(await self.list(draft.owner)) >= draft.owner.max_alerts:
            raise draft.owner.build_limit_error()
        today = self._clock.today()
        days = await self._index.find_matching_days(
            query, bounds=get_preview_bounds(today), until=today
        )
        idfs = await self._index.idfs(query.terms)
        searched_terms = (term for term in query.terms if term not in query.compound_terms)
        return AlertPreview(
            key=drafts.add(draft, self._clock.now()),
            draft=draft,
            frequency=AlertFrequency.from_days(days),
            unknown_words=tuple(query.get_word(term) for term in searched_terms if not idfs[term]),
        )

    async def add(self, draft: AlertDraft, channel: str) -> Alert:
        """Add the alert that was confirmed, and return it.

        Args:
            draft: The alert.
            channel: The id of the channel in which it notifies from now on.

        Raises:
            TooManyAlerts: The owner has as many as they may.
        """
        owner = draft.owner
        alert = Alert(
            key=AlertKey(generate_key()),
            guild=owner.guild,
            person=owner.person if owner.guild is None else None,
            channel=channel,
            query_text=draft.query_text,
            quiet_hours=draft.quiet_hours,
            begins_at=self._clock.now(),
        )
        if not await self._alerts.add(alert, limit=owner.max_alerts):
            raise owner.build_limit_error()
        return alert

    async def list(self, owner: AlertOwner) -> tuple[Alert, ...]:
        """Return the alerts of a server, or of a person, in the order in which they were added."""
        if owner.guild is None:
            return await self._alerts.find_by_person(owner.person)
        return await self._alerts.find_by_guild(owner.guild)

    async def list_manageable(self, person: Pseudonym, guild: str | None) -> tuple[Alert, ...]:
        """Return the alerts that a person may see and change: their own, then the server's.

        Args:
            person: The person.
            guild: The server that they manage; None if they are in none, or don't manage it.
        """
        own_alerts = await self.list(AlertOwner(person=person))
        if guild is None:
            return own_alerts
        return own_alerts + await self.list(AlertOwner(person=person, guild=guild))

    async def get(self, text: str, person: Pseudonym, guild: str | None) -> Alert:
        """Return the alert that the person may change which has this key, or alone these words.

        Raises:
            UnknownAlert: There is none, or no single one.
        """
        alerts = await self.list_manageable(person, guild)
        words = normalise_name(text)
        matches = [alert for alert in alerts if alert.key == text.strip()]
        matches = matches or [
            alert for alert in alerts if normalise_name(alert.query_text) == words
        ]
        if len(matches) != 1:
            raise UnknownAlert
        return matches[0]

    async def pause(self, key: AlertKey) -> None:
        """Stop an alert from notifying until it is resumed."""
        await self._alerts.pause(key)

    async def resume(self, key: AlertKey) -> None:
        """Let an alert notify again, of what comes in from now on."""
        await self._alerts.resume(key, self._clock.now())

    async def remove(self, key: AlertKey) -> bool:
        """Delete an alert, and return whether there was one."""
        return await self._alerts.remove(key)

    async def find_by_message(self, key: str) -> Alert | None:
        """Return the alert whose message has this key; None if there is none any more."""
        return await self._alerts.find_by_message(key)

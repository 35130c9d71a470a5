"""The use cases of alerts: preview, add, list, pause, resume and remove."""

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
"""The maximum number of drafts in memory; the oldest are dropped."""

DRAFT_LIFETIME = timedelta(minutes=15)
"""How long a draft can be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOwner:
    """The owner of alerts: a server, or a person.

    Attributes:
        person: The person who acts.
        guild: The server; None for the person's own alerts.
    """

    person: Pseudonym
    guild: str | None = None

    @property
    def max_alerts(self) -> int:
        """The maximum number of alerts of this owner."""
        return MAX_ALERTS_PER_PERSON if self.guild is None else MAX_ALERTS_PER_GUILD

    def build_limit_error(self) -> TooManyAlerts:
        """Return the error that the owner already has the maximum number of alerts."""
        return TooManyAlerts(self.max_alerts, is_guild=self.guild is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDraft:
    """An alert that has not been confirmed yet; it is stored in memory only.

    Attributes:
        owner: The future owner.
        channel: The channel of the server; None for direct messages.
        query_text: The search text as entered.
        quiet_hours: The hours without messages; None if there are none.
    """

    owner: AlertOwner
    channel: str | None
    query_text: str
    quiet_hours: QuietHours | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPreview:
    """How often an alert would have fired in the preview period.

    Attributes:
        key: The key that confirms the alert.
        draft: The alert.
        frequency: How often it would have fired.
        unknown_words: The words of its text that no article contains.
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
        """Store a draft for DRAFT_LIFETIME, and return its key."""
        key = generate_key()
        self._drafts[key] = (draft, now)
        if len(self._drafts) > MAX_DRAFTS:
            del self._drafts[next(iter(self._drafts))]
        return key

    def find(self, key: str, person: Pseudonym, now: datetime) -> AlertDraft:
        """Return a person's draft.

        Raises:
            PreviewExpired: It does not exist, has expired, or belongs to another person.
        """
        self.drop_expired(now)
        draft, _ = self._drafts.get(key, (None, now))
        if draft is None or draft.owner.person != person or key in self._keys_being_added:
            raise PreviewExpired
        return draft

    @contextmanager
    def confirm(self, key: str, person: Pseudonym, now: datetime) -> Iterator[AlertDraft]:
        """Reserve a person's draft, and delete it at the end unless the block fails.

        While it is reserved, a second press of the button does not find it.

        Raises:
            PreviewExpired: As for `find`.
        """
        draft = self.find(key, person, now)
        self._keys_being_added.add(key)
        try:
            yield draft
            self._drafts.pop(key, None)
        finally:
            self._keys_being_added.discard(key)

    def drop_expired(self, now: datetime) -> None:
        """Delete the drafts older than DRAFT_LIFETIME."""
        self._drafts = {
            key: (draft, added_at)
            for key, (draft, added_at) in self._drafts.items()
            if now - added_at < DRAFT_LIFETIME
        }

    def forget_person(self, person: Pseudonym) -> None:
        """Delete all drafts of a person, including those for a server."""
        self._drafts = {
            key: (draft, added_at)
            for key, (draft, added_at) in self._drafts.items()
            if draft.owner.person != person
        }


def parse_quiet_hours(
    start: str | None, end: str | None, zone_text: str | None, zone_name: str
) -> QuietHours | None:
    """Parse quiet hours; None if none are given.

    Args:
        start: The time at which they start, as entered.
        end: The time at which they end, as entered.
        zone_text: The time zone as entered; None if it was left out.
        zone_name: The IANA name of that zone, or of the default one.

    Raises:
        UnknownTime: One of the texts is not a time of day.
        IncompleteQuietHours: A time is missing.
        EndlessQuietHours: Both times are the same.
    """
    quiet_hours = build_quiet_hours(start, end, zone_name)
    if zone_text is not None and quiet_hours is None:
        raise IncompleteQuietHours
    return quiet_hours


class AlertService:
    """Previews, adds, pauses, resumes and removes alerts."""

    def __init__(self, *, alerts: AlertStore, index: LibrarySearch, clock: Clock) -> None:
        """Use the alerts of this store, and preview them with this index."""
        self._alerts = alerts
        self._index = index
        self._clock = clock

    async def preview(self, drafts: AlertDrafts, draft: AlertDraft) -> AlertPreview:
        """Store a draft, and return how often it would have fired and the key that confirms it.

        Raises:
            EmptyQuery: The text has nothing to search for.
            TooManyAlerts: The owner already has the maximum number of alerts.
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
        """Add a confirmed alert and return it.

        Args:
            draft: The alert.
            channel: The id of the channel that it notifies.

        Raises:
            TooManyAlerts: The owner already has the maximum number of alerts.
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
        # Checked again, in the transaction: other alerts may have been added since the preview.
        if not await self._alerts.add(alert, limit=owner.max_alerts):
            raise owner.build_limit_error()
        return alert

    async def list(self, owner: AlertOwner) -> tuple[Alert, ...]:
        """Return the alerts of an owner, the oldest first."""
        if owner.guild is None:
            return await self._alerts.find_by_person(owner.person)
        return await self._alerts.find_by_guild(owner.guild)

    async def list_manageable(self, person: Pseudonym, guild: str | None) -> tuple[Alert, ...]:
        """Return the alerts that a person can manage: their own, then the server's.

        Args:
            person: The person.
            guild: The server that they manage; None if there is none.
        """
        own_alerts = await self.list(AlertOwner(person=person))
        if guild is None:
            return own_alerts
        return own_alerts + await self.list(AlertOwner(person=person, guild=guild))

    async def get(self, text: str, person: Pseudonym, guild: str | None) -> Alert:
        """Return the manageable alert with this key, or the only one with this search text.

        Raises:
            UnknownAlert: No alert matches, or several do.
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
        """Pause an alert until it is resumed."""
        await self._alerts.pause(key)

    async def resume(self, key: AlertKey) -> None:
        """Resume an alert; only articles added from now on count."""
        await self._alerts.resume(key, self._clock.now())

    async def remove(self, key: AlertKey) -> bool:
        """Delete an alert, and return whether it existed."""
        return await self._alerts.remove(key)

    async def find_by_message(self, key: str) -> Alert | None:
        """Return the alert that sent the message with this key; None if it no longer exists."""
        return await self._alerts.find_by_message(key)

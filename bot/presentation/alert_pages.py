"""What a person sees of alerts while they add and manage them, as blocks."""

from collections.abc import Callable, Iterator, Sequence

from bot.digest.alert_rules import AlertFrequency
from bot.model.alert import Alert, QuietHours
from bot.model.subscription import SubscriptionState
from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line
from bot.presentation.labels import MAX_LABEL_CHARS
from bot.presentation.truncation import truncate
from bot.presentation.wording import format_count
from bot.services.alerts import AlertPreview

ChannelNamer = Callable[[str], str]
"""Gives what the channel of this id is called, also one that is gone."""

FitsMessage = Callable[[Sequence[Block]], bool]
"""Return whether one message holds all the blocks."""

BOT_NOT_IN_GUILD = (
    Line(text="I am no member here: add the alert for yourself, with where: me."),
    Line(text="In a server that I am in, those who manage it can add alerts for a channel."),
)
CHANNEL_ALERTS_NEED_MANAGER = (
    Line(
        text="Only people with the permission Manage Server can add alerts for a channel. "
        "For yourself, choose where: me."
    ),
)
MISSING_PERMISSIONS = (
    Line(
        text="I may not post in this channel and read back what I posted: allow me View Channel, "
        "Send Messages (in threads, Send Messages in Threads) and Read Message History here."
    ),
)
NO_ALERTS = Line(text="There are no alerts here: /alerts add makes one.")
NOT_ALERT_MANAGER = (Line(text="Only those who may manage this alert can pause it."),)
ALERT_GONE = (Line(text="This alert is there no longer."),)

STORED_DATA_NOTICE = Line(
    text="For an alert for yourself I keep what you typed, the id of the channel of our direct "
    "messages, your quiet hours, and which articles I told you of, until you remove the alert: it "
    "is the one place where I keep such things. /privacy show shows it, and /privacy delete deletes it."
)

_QUERY_CHAR_LIMITS = (300, 100, 50, 25, 12)
"""How much is shown of what was typed; less, where there is much of it."""

_SHORT_MAX_CHARS = 20
"""How much is shown of what was typed, and of a channel's name, where nothing else helps."""


def build_alert_preview_blocks(preview: AlertPreview) -> tuple[Block, ...]:
    """What an alert would have told, what adding it means, and the button that adds it."""
    return tuple(_iter_preview_blocks(preview))


def _iter_preview_blocks(preview: AlertPreview) -> Iterator[Block]:
    draft = preview.draft
    yield Heading(text="An alert, not yet added")
    yield Line(text=f"“{draft.query_text.strip()}”", is_subtle=True)
    for unknown_word in preview.unknown_words:
        yield Line(text=f"No article holds “{unknown_word}” up to now.")
    yield Line(text=_format_frequency(preview.frequency))
    yield Line(text=f"{_format_destination(draft.channel)}, one message an hour at most.")
    if draft.quiet_hours:
        yield Line(
            text=f"It is {format_quiet_hours(draft.quiet_hours)}: what matches then comes after."
        )
    if draft.channel is None:
        yield STORED_DATA_NOTICE
    yield Button(label="Add this alert", action=Action.ADD_ALERT, style=ButtonStyle.PRIMARY)


def _format_frequency(frequency: AlertFrequency) -> str:
    if not frequency.article_count:
        return "In the last 30 days no article matched: it would not have told anything."
    articles = format_count(frequency.article_count, "article")
    days = format_count(frequency.day_count, "day")
    messages = format_count(frequency.article_count, "message")
    return f"In the last 30 days {articles} matched, of {days}: {messages} at most."


def _format_destination(channel: str | None) -> str:
    return "It tells you in direct messages" if channel is None else "It tells all in this channel"


def build_alert_added_blocks(alert: Alert) -> tuple[Block, ...]:
    """What a person reads once their alert is added."""
    recipient = "you in direct messages" if alert.guild is None else "this channel"
    lines = (
        Line(
            text=f"Added: I tell {recipient} of new articles that match “{alert.query_text.strip()}”."
        ),
    )
    return (*lines, STORED_DATA_NOTICE) if alert.guild is None else lines


def build_alert_changed_blocks(alert: Alert, outcome: str) -> tuple[Block, ...]:
    """What a person reads once an alert is paused, resumed or removed."""
    return (Line(text=f"{outcome}: “{alert.query_text.strip()}”."),)


def build_alert_list_blocks(
    alerts: Sequence[Alert], get_channel_name: ChannelNamer, fits_message: FitsMessage
) -> tuple[Block, ...]:
    """Return a person's own alerts and those of the server that they manage, in one message."""
    if not alerts:
        return (NO_ALERTS,)
    choices = (
        tuple(_iter_list_blocks(alerts, get_channel_name, max_chars))
        for max_chars in _QUERY_CHAR_LIMITS
    )
    shortest = tuple(_iter_list_blocks(alerts, get_channel_name, _SHORT_MAX_CHARS, is_short=True))
    return next((blocks for blocks in choices if fits_message(blocks)), shortest)


def _iter_list_blocks(
    alerts: Sequence[Alert],
    get_channel_name: ChannelNamer,
    max_chars: int,
    *,
    is_short: bool = False,
) -> Iterator[Block]:
    """The alerts; where it is to be short, without quiet hours and without what troubles them."""
    personal_alerts = [alert for alert in alerts if alert.guild is None]
    guild_alerts = [alert for alert in alerts if alert.guild is not None]
    for heading, group in (
        ("Your alerts", personal_alerts),
        ("The alerts of this server", guild_alerts),
    ):
        if group:
            yield Heading(text=heading)
        for alert in group:
            yield Line(text=f"“{truncate(alert.query_text.strip(), max_chars)}”")
            format_status = _format_short_status if is_short else _format_status
            yield Line(text=format_status(alert, get_channel_name), is_subtle=True)


def _format_short_status(alert: Alert, get_channel_name: ChannelNamer) -> str:
    parts = (
        [] if alert.guild is None else [truncate(get_channel_name(alert.channel), _SHORT_MAX_CHARS)]
    )
    return " · ".join(
        [*parts, "paused by me" if alert.suspension_reason else format_alert_state(alert)]
    )


def _format_status(alert: Alert, get_channel_name: ChannelNamer) -> str:
    parts = [] if alert.guild is None else [get_channel_name(alert.channel)]
    parts += [format_quiet_hours(alert.quiet_hours)] if alert.quiet_hours else []
    return " · ".join([*parts, format_alert_state(alert)])


def format_quiet_hours(quiet_hours: QuietHours) -> str:
    """The quiet hours of an alert, in their zone."""
    return f"quiet from {quiet_hours.start:%H:%M} to {quiet_hours.end:%H:%M} ({quiet_hours.zone})"


def format_alert_state(alert: Alert) -> str:
    """Whether an alert tells, and why it does not."""
    if alert.state is SubscriptionState.SUSPENDED:
        return f"paused by me: {alert.suspension_reason} Once that is mended, use /alerts resume."
    return "on" if alert.state is SubscriptionState.ACTIVE else "paused"


def format_alert_label(alert: Alert, get_channel_name: ChannelNamer) -> str:
    """An alert as it is offered to a person who is typing."""
    suffix = f" · {'me' if alert.guild is None else get_channel_name(alert.channel)}"
    state = "" if alert.state is SubscriptionState.ACTIVE else " · paused"
    suffix = truncate(suffix, MAX_LABEL_CHARS // 2) + state
    return f"{isolate_bidi(truncate(alert.query_text.strip(), MAX_LABEL_CHARS - len(suffix) - 2))}{suffix}"

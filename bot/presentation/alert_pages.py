"""The pages on which people add and manage alerts, as blocks."""

from collections.abc import Callable, Iterator, Sequence

from bot.digest.alert_rules import AlertFrequency
from bot.model.activity import ActivityState
from bot.model.alert import Alert, QuietHours
from bot.model.counts import format_count
from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line
from bot.presentation.labels import MAX_LABEL_CHARS
from bot.presentation.truncation import truncate
from bot.services.alerts import AlertPreview

ChannelNamer = Callable[[str], str]
"""Returns the name of the channel with this id, even if the channel no longer exists."""

FitsMessage = Callable[[Sequence[Block]], bool]
"""Returns whether one message can hold all the blocks."""

BOT_NOT_IN_GUILD = (
    Line(text="I am not a member of this server. Add the alert for yourself with where: me."),
    Line(
        text="In a server that I am a member of, members with the Manage Server permission "
        "can add alerts for a channel."
    ),
)
CHANNEL_ALERTS_NEED_MANAGER = (
    Line(
        text="You need the Manage Server permission to add alerts for a channel. "
        "For an alert of your own, choose where: me."
    ),
)
MISSING_PERMISSIONS = (
    Line(
        text="I need to post in this channel and read my own messages. Give me the permissions "
        "View Channel, Send Messages (in threads, Send Messages in Threads) and Read Message "
        "History here."
    ),
)
NO_ALERTS = Line(text="There are no alerts here. Add one with /alerts add.")
NOT_ALERT_MANAGER = (Line(text="You need the Manage Server permission to pause this alert."),)
ALERT_GONE = (Line(text="This alert no longer exists."),)

STORED_DATA_NOTICE = Line(
    text="For an alert of your own I store the search text that you entered, the ID of our direct "
    "message channel, your quiet hours, and which articles I notified you about, until you remove "
    "the alert. I store data like this only for alerts. "
    "/privacy show shows it, and /privacy delete deletes it."
)

_QUERY_CHAR_LIMITS = (300, 100, 50, 25, 12)
"""The lengths to which search texts are cut, tried in order until the list fits a message."""

_SUSPENDED = "paused by the bot"

_SHORT_MAX_CHARS = 20
"""The length to which search texts and channel names are cut in the shortest list."""


def build_alert_preview_blocks(preview: AlertPreview) -> tuple[Block, ...]:
    """Return how often an alert would have fired, its effects, and the button that adds it."""
    return tuple(_iter_preview_blocks(preview))


def _iter_preview_blocks(preview: AlertPreview) -> Iterator[Block]:
    draft = preview.draft
    yield Heading(text="Alert preview (not added yet)")
    yield Line(text=f"“{draft.query_text.strip()}”", is_subtle=True)
    for unknown_word in preview.unknown_words:
        yield Line(text=f"No article contains “{unknown_word}” so far.")
    yield Line(text=_format_frequency(preview.frequency))
    yield Line(text=f"{_format_destination(draft.channel)}, at most once an hour.")
    if draft.quiet_hours:
        yield Line(
            text=f"It is {format_quiet_hours(draft.quiet_hours)}. "
            "Articles that match during these hours are sent afterwards."
        )
    if draft.channel is None:
        yield STORED_DATA_NOTICE
    yield Button(label="Add this alert", action=Action.ADD_ALERT, style=ButtonStyle.PRIMARY)


def _format_frequency(frequency: AlertFrequency) -> str:
    if not frequency.article_count:
        return "In the last 30 days no article matched, so the alert would not have fired."
    articles = format_count(frequency.article_count, "article")
    days = format_count(frequency.day_count, "day")
    messages = format_count(frequency.article_count, "message")
    return f"In the last 30 days {articles} from {days} matched. That means at most {messages}."


def _format_destination(channel: str | None) -> str:
    return "It notifies you in direct messages" if channel is None else "It posts in this channel"


def build_alert_added_blocks(alert: Alert) -> tuple[Block, ...]:
    """Return the confirmation that an alert was added."""
    action = "notify you in direct messages" if alert.guild is None else "post in this channel"
    query_text = alert.query_text.strip()
    lines = (
        Line(text=f"Alert added. I will {action} about new articles that match “{query_text}”."),
    )
    return (*lines, STORED_DATA_NOTICE) if alert.guild is None else lines


def build_alert_changed_blocks(alert: Alert, outcome: str) -> tuple[Block, ...]:
    """Return the confirmation that an alert was paused, resumed or removed."""
    return (Line(text=f"{outcome}: “{alert.query_text.strip()}”."),)


def build_alert_list_blocks(
    alerts: Sequence[Alert], get_channel_name: ChannelNamer, fits_message: FitsMessage
) -> tuple[Block, ...]:
    """Return a person's own alerts and those of the server that they manage, in one message.

    If there are many, search texts are cut, and last of all the quiet hours are left out.
    """
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
    """Yield the alerts; if `is_short`, without quiet hours and reasons for a pause."""
    personal_alerts = [alert for alert in alerts if alert.guild is None]
    guild_alerts = [alert for alert in alerts if alert.guild is not None]
    for heading, group in (
        ("Your alerts", personal_alerts),
        ("This server's alerts", guild_alerts),
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
        [*parts, _SUSPENDED if alert.suspension_reason else format_alert_state(alert)]
    )


def _format_status(alert: Alert, get_channel_name: ChannelNamer) -> str:
    parts = [] if alert.guild is None else [get_channel_name(alert.channel)]
    parts += [format_quiet_hours(alert.quiet_hours)] if alert.quiet_hours else []
    return " · ".join([*parts, format_alert_state(alert)])


def format_quiet_hours(quiet_hours: QuietHours) -> str:
    """Return the quiet hours of an alert with their zone."""
    return f"quiet from {quiet_hours.start:%H:%M} to {quiet_hours.end:%H:%M} ({quiet_hours.zone})"


def format_alert_state(alert: Alert) -> str:
    """Return `on`, `paused`, or the reason why the bot paused the alert."""
    if alert.state is ActivityState.SUSPENDED:
        return f"{_SUSPENDED}. {alert.suspension_reason} After fixing this, run /alerts resume."
    return "on" if alert.state is ActivityState.ACTIVE else "paused"


def format_alert_label(alert: Alert, get_channel_name: ChannelNamer) -> str:
    """Return the label of an alert in autocomplete."""
    suffix = f" · {'me' if alert.guild is None else get_channel_name(alert.channel)}"
    state = "" if alert.state is ActivityState.ACTIVE else " · paused"
    suffix = truncate(suffix, MAX_LABEL_CHARS // 2) + state
    return f"{isolate_bidi(truncate(alert.query_text.strip(), MAX_LABEL_CHARS - len(suffix) - 2))}{suffix}"

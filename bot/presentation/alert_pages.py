"""What a person sees of alerts while they add and manage them, as blocks."""

from collections.abc import Callable, Iterator, Sequence

from bot.discord_ui.messages.components import is_sendable
from bot.model.alert import Alert, Quiet
from bot.model.subscription import State
from bot.presentation.bidi import kept_apart
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line
from bot.presentation.labels import MAX_LABEL_CHARS
from bot.presentation.truncation import cut
from bot.presentation.wording import count_text
from bot.services.alerts import Preview

Named = Callable[[str], str]
"""Gives what the channel of this id is called, also one that is gone."""

NOT_HERE = (
    Line(text="I am no member here: add the alert for yourself, with where: me."),
    Line(text="In a server that I am in, those who manage it can add alerts for a channel."),
)
NOT_A_MANAGER = (
    Line(
        text="Only people with the permission Manage Server can add alerts for a channel. "
        "For yourself, choose where: me."
    ),
)
MAY_NOT_WRITE = (
    Line(
        text="I may not post in this channel and read back what I posted: allow me View Channel, "
        "Send Messages (in threads, Send Messages in Threads) and Read Message History here."
    ),
)
NO_ALERTS = Line(text="There are no alerts here: /alerts add makes one.")
NOT_YOURS = (Line(text="Only those who may manage this alert can pause it."),)
GONE = (Line(text="This alert is there no longer."),)

WHAT_IS_KEPT = Line(
    text="For an alert for yourself I keep what you typed, the id of the channel of our direct "
    "messages, your quiet hours, and which articles I told you of, until you remove the alert: it "
    "is the one place where I keep such things. /privacy show shows it, and /privacy delete deletes it."
)

_WIDTHS = (300, 100, 50, 25, 12)
"""How much is shown of what was typed; less, where there is much of it."""

_SHORT_WIDTH = 20
"""How much is shown of what was typed, and of a channel's name, where nothing else helps."""


def preview_blocks(preview: Preview) -> tuple[Block, ...]:
    """What an alert would have told, what adding it means, and the button that adds it."""
    return tuple(_previewed(preview))


def _previewed(preview: Preview) -> Iterator[Block]:
    draft, frequency = preview.draft, preview.frequency
    yield Heading(text="An alert, not yet added")
    yield Line(text=f"“{draft.typed.strip()}”", subtle=True)
    for word in preview.unknown:
        yield Line(text=f"No article holds “{word}” up to now.")
    if frequency.articles:
        of = count_text(frequency.articles, "article")
        days = count_text(frequency.days, "day")
        most = count_text(frequency.articles, "message")
        yield Line(text=f"In the last 30 days {of} matched, of {days}: {most} at most.")
    else:
        yield Line(text="In the last 30 days no article matched: it would not have told anything.")
    yield Line(text=f"{_where_text(draft.channel)}, one message an hour at most.")
    if draft.quiet:
        yield Line(text=f"It is {quiet_text(draft.quiet)}: what matches then comes after.")
    if draft.channel is None:
        yield WHAT_IS_KEPT
    yield Button(label="Add this alert", action=Action.ADD_ALERT, style=ButtonStyle.LEADING)


def _where_text(channel: str | None) -> str:
    return "It tells you in direct messages" if channel is None else "It tells all in this channel"


def added_blocks(alert: Alert) -> tuple[Block, ...]:
    """What a person reads once their alert is added."""
    told = "you in direct messages" if alert.guild is None else "this channel"
    lines = (
        Line(text=f"Added: I tell {told} of new articles that match “{alert.typed.strip()}”."),
    )
    return (*lines, WHAT_IS_KEPT) if alert.guild is None else lines


def done_blocks(alert: Alert, done: str) -> tuple[Block, ...]:
    """What a person reads once an alert is paused, resumed or removed."""
    return (Line(text=f"{done}: “{alert.typed.strip()}”."),)


def list_blocks(alerts: Sequence[Alert], named: Named) -> tuple[Block, ...]:
    """A person's own alerts, and those of the server that they manage."""
    if not alerts:
        return (NO_ALERTS,)
    choices = (tuple(_listed(alerts, named, width)) for width in _WIDTHS)
    shortest = tuple(_listed(alerts, named, _SHORT_WIDTH, is_short=True))
    return next((blocks for blocks in choices if is_sendable(blocks, "")), shortest)


def _listed(
    alerts: Sequence[Alert], named: Named, width: int, *, is_short: bool = False
) -> Iterator[Block]:
    """The alerts; where it is to be short, without quiet hours and without what troubles them."""
    own = [alert for alert in alerts if alert.guild is None]
    others = [alert for alert in alerts if alert.guild is not None]
    for heading, group in (("Your alerts", own), ("The alerts of this server", others)):
        if group:
            yield Heading(text=heading)
        for alert in group:
            yield Line(text=f"“{cut(alert.typed.strip(), width)}”")
            standing = _short_text if is_short else _standing_text
            yield Line(text=standing(alert, named), subtle=True)


def _short_text(alert: Alert, named: Named) -> str:
    parts = [] if alert.guild is None else [cut(named(alert.channel), _SHORT_WIDTH)]
    return " · ".join([*parts, "paused by me" if alert.trouble else state_text(alert)])


def _standing_text(alert: Alert, named: Named) -> str:
    parts = [] if alert.guild is None else [named(alert.channel)]
    parts += [quiet_text(alert.quiet)] if alert.quiet else []
    return " · ".join([*parts, state_text(alert)])


def quiet_text(quiet: Quiet) -> str:
    """The quiet hours of an alert, in their zone."""
    return f"quiet from {quiet.begins:%H:%M} to {quiet.ends:%H:%M} ({quiet.zone})"


def state_text(alert: Alert) -> str:
    """Whether an alert tells, and why it does not."""
    if alert.state is State.TROUBLED:
        return f"paused by me: {alert.trouble} Once that is mended, use /alerts resume."
    return "on" if alert.state is State.ACTIVE else "paused"


def alert_label(alert: Alert, named: Named) -> str:
    """An alert as it is offered to a person who is typing."""
    end = f" · {'me' if alert.guild is None else named(alert.channel)}"
    state = "" if alert.state is State.ACTIVE else " · paused"
    end = cut(end, MAX_LABEL_CHARS // 2) + state
    return f"{kept_apart(cut(alert.typed.strip(), MAX_LABEL_CHARS - len(end) - 2))}{end}"

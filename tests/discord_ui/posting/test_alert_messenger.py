import io
from dataclasses import replace

import pytest

from bot.delivery.alert_composer import AlertNotice
from bot.delivery.send_queue import SendQueue
from bot.discord_ui.posting.alert_messenger import AlertMessenger, log_alert_failure
from bot.discord_ui.posting.channel_poster import ChannelPoster
from bot.errors import DeliveryFailed, DeliveryUnknown
from bot.lookups.leading import find_lead_sentence
from bot.model.alert import Alert, AlertKey
from bot.model.delivery import FailureReason
from bot.model.ids import Pseudonym
from bot.runtime import logs
from bot.settings.sections import LogSettings
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import RunningBot

HARBOUR = "1191168914227200000"
CHANNEL = "1191168914227200077"
REFUSED = DeliveryFailed(CHANNEL, FailureReason.CHANNEL_GONE, is_lasting=True)


def an_alert(guild: str | None) -> Alert:
    return Alert(
        key=AlertKey("own"),
        guild=guild,
        person=None if guild else Pseudonym("a" * 32),
        channel=CHANNEL,
        query_text="zeppelin",
        quiet_hours=None,
        begins_at=NOON,
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (REFUSED, "Alert not posted: refused by Discord"),
        (DeliveryUnknown(CHANNEL), "Alert not posted"),
    ],
)
def test_the_log_names_the_server_and_its_channel(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log_alert_failure(error, an_alert(HARBOUR))

    logged = capsys.readouterr().out
    assert said in logged
    assert HARBOUR in logged
    assert CHANNEL in logged


def test_the_log_names_nothing_of_a_person() -> None:
    stream = io.StringIO()
    logs.configure(LogSettings(format="json"), stream=stream)

    log_alert_failure(DeliveryUnknown(CHANNEL), an_alert(None))
    log_alert_failure(REFUSED, an_alert(None))

    logged = stream.getvalue()
    assert '"way": "alert"' in logged
    assert CHANNEL not in logged
    assert "a" * 32 not in logged


async def test_a_notice_is_posted_once_and_found_by_its_key(bot: RunningBot) -> None:
    await bot.client.wait_until_ready()
    channel = str(bot.general.id)
    messenger = AlertMessenger(ChannelPoster(bot.client, SendQueue()), max_excerpt_chars=300)
    citation = find_lead_sentence(an_article("A zeppelin landed today."), max_chars=300)
    notice = AlertNotice(
        alert=replace(an_alert(HARBOUR), channel=channel), citations=(citation,), omitted_count=0
    )

    anchor = await messenger.get_latest_message_id(channel)
    first, second = [await messenger.send(notice, "key") for _ in range(2)]
    found = await messenger.find(channel, "key", anchor)

    (message,) = bot.local.get_messages(bot.general)
    assert first == second == found == str(message.id)
    assert "A zeppelin landed today." in message.text

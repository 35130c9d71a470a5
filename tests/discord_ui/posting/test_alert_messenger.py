import io

import pytest

from bot.discord_ui.posting.alert_messenger import log_alert_failure
from bot.errors import DeliveryFailed, DeliveryUnknown
from bot.model.alert import Alert, AlertKey
from bot.model.delivery import FailureReason
from bot.model.ids import Pseudonym
from bot.runtime import logs
from bot.settings.sections import LogSettings
from tests.builders import NOON

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
        (REFUSED, "An alert may not be told where it should be"),
        (DeliveryUnknown(CHANNEL), "An alert could not be told"),
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
    logs.set_up(LogSettings(format="json"), stream=stream)

    log_alert_failure(DeliveryUnknown(CHANNEL), an_alert(None))
    log_alert_failure(REFUSED, an_alert(None))

    logged = stream.getvalue()
    assert '"way": "alert"' in logged
    assert CHANNEL not in logged
    assert "a" * 32 not in logged

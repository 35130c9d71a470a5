import pytest

from bot.discord_ui.posting.alert_messenger import report
from bot.errors import DeliveryFailed, DeliveryUnknown
from bot.model.alert import Alert, AlertKey
from bot.model.ids import Pseudonym
from tests.builders import NOON

HARBOUR = "1191168914227200000"
CHANNEL = "1191168914227200077"
REFUSED = DeliveryFailed(CHANNEL, "The channel is gone.", is_lasting=True)


def an_alert(guild: str | None) -> Alert:
    return Alert(
        key=AlertKey("own"),
        guild=guild,
        person=None if guild else Pseudonym("a" * 32),
        channel=CHANNEL,
        typed="zeppelin",
        quiet=None,
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
    report(error, an_alert(HARBOUR))

    logged = capsys.readouterr().out
    assert said in logged
    assert HARBOUR in logged
    assert CHANNEL in logged


def test_the_log_names_nothing_of_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    report(DeliveryUnknown(CHANNEL), an_alert(None))
    report(REFUSED, an_alert(None))

    logged = capsys.readouterr().out
    assert "way=alert" in logged
    assert CHANNEL not in logged
    assert "a" * 32 not in logged

import calendar

from bot.dates.names import MONTH_NAMES, WEEKDAY_NAMES


def test_the_names_stand_in_the_order_of_the_calendar() -> None:
    assert list(MONTH_NAMES) == list(calendar.month_name)[1:]
    assert list(WEEKDAY_NAMES) == list(calendar.day_name)

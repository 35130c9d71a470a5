"""The names of months and weekdays, and how they are shortened."""

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MONTH_STEMS = tuple(name[:3] for name in MONTH_NAMES)
WEEKDAY_STEMS = tuple(name[:3] for name in WEEKDAY_NAMES)
"""The first three letters, which tell them apart."""

MONTH_ABBREVIATIONS = (*MONTH_STEMS, "Sept")
WEEKDAY_ABBREVIATIONS = (*WEEKDAY_STEMS, "Tues", "Thur", "Thurs")
"""All short forms in use, without their full stop."""

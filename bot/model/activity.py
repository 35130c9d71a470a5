"""The activity state that digests and alerts share."""

from enum import StrEnum


class ActivityState(StrEnum):
    """Whether a digest or an alert posts anything.

    PAUSED: a person paused it. SUSPENDED: the bot paused it because it can't be posted.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    # The database keeps the value that the state had under its former name.
    SUSPENDED = "troubled"

"""The settings of config/dateline.toml and the environment, section by section."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_API_URL = re.compile(
    r"(?P<scheme>https?)://(?:(?P<host>[a-z\d.-]+)|\[(?P<address>[a-f\d:]+)\])"
    r"(?::\d{1,5})?(?:/[\w./-]*)?",
    re.ASCII,
)


def _make_integer_field(default: int, minimum: int, maximum: int) -> Any:
    description = f"a whole number from {minimum:_} to {maximum:_}"
    return Field(default=default, ge=minimum, le=maximum, description=description)


def _validate_api_url(text: str) -> str:
    """Return the address without a slash at its end.

    The token is sent there, so it has to be https, except on this machine.

    Raises:
        ValueError: The text is not such an address.
    """
    match = _API_URL.fullmatch(text)
    if not match or (
        match["scheme"].lower() == "http" and not _is_loopback(match["host"] or match["address"])
    ):
        raise ValueError
    return text.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Section(BaseModel):
    """A frozen table of settings; each field's description names its valid values."""

    # Strict, because pydantic would otherwise read true and "3" as numbers.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LibrarySettings(Section):
    """The settings of the library.

    Attributes:
        seeds: Whether a library that never held an article is filled from seeds/ once.
        max_article_bytes: The longest body of an article, in UTF-8 bytes.
    """

    seeds: bool = Field(default=True, description="true or false")
    max_article_bytes: int = _make_integer_field(1_000_000, minimum=1_000, maximum=100_000_000)


class AnswerSettings(Section):
    """The settings of answers.

    Attributes:
        max_excerpts: The maximum number of excerpts in an answer.
        max_excerpt_chars: The maximum length of an excerpt, in characters.
        caution: How certain an answer has to be.
    """

    max_excerpts: int = _make_integer_field(3, minimum=1, maximum=10)
    max_excerpt_chars: int = _make_integer_field(600, minimum=100, maximum=2_000)
    caution: Literal["careful", "balanced", "eager"] = Field(
        default="balanced", description="careful, balanced or eager"
    )


class DateSettings(Section):
    """The settings of dates.

    Attributes:
        zone: The time zone that decides which day "today" is.
        steer_days: For how many days after the last day in a question articles are preferred.
    """

    zone: ZoneInfo = Field(
        default=ZoneInfo("UTC"), description="the IANA name of a time zone, such as Europe/Berlin"
    )
    steer_days: int = _make_integer_field(14, minimum=0, maximum=365)


class DiscordSettings(Section):
    """The settings of the bot in Discord.

    Attributes:
        api_url: The address of Discord's REST API, without a slash at the end.
        questions_per_minute: The maximum number of questions per person and minute.
        answer_days: For how many days the buttons of an answer work.
        feedback_channel: The id of the channel that receives feedback; 0 for none.
    """

    api_url: Annotated[str, AfterValidator(_validate_api_url)] = Field(
        default="https://discord.com/api/v10",
        description="an https address, or an http address on this machine",
    )
    questions_per_minute: int = _make_integer_field(10, minimum=1, maximum=1_000)
    answer_days: int = _make_integer_field(7, minimum=1, maximum=365)
    feedback_channel: int = Field(
        default=0, ge=0, lt=1 << 63, description="the ID of a Discord channel, or 0 for none"
    )


class DigestSettings(Section):
    """The settings of digests.

    Attributes:
        max_entries: The maximum number of stories in a digest, unless its server sets another.
        late_days: For how many days after publication an added article is still included.
    """

    max_entries: int = _make_integer_field(5, minimum=1, maximum=10)
    late_days: int = _make_integer_field(7, minimum=0, maximum=365)


class PrivacySettings(Section):
    """The settings of what is stored about people and servers.

    Attributes:
        left_server_days: For how many days the data of a server is stored after the bot left it.
    """

    left_server_days: int = _make_integer_field(30, minimum=0, maximum=365)


class LogSettings(Section):
    """The settings of the log.

    Attributes:
        format: Lines for people, or a JSON object per line.
        level: The minimum level of logged events.
    """

    format: Literal["people", "json"] = Field(default="people", description="people or json")
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )


class Sections(Section):
    """All settings, by section."""

    library: LibrarySettings = LibrarySettings()
    answers: AnswerSettings = AnswerSettings()
    dates: DateSettings = DateSettings()
    discord: DiscordSettings = DiscordSettings()
    digest: DigestSettings = DigestSettings()
    privacy: PrivacySettings = PrivacySettings()
    logs: LogSettings = LogSettings()


SETTING_DESCRIPTIONS: Mapping[str, str] = {
    f"{section}.{key}": str(field.description)
    for section, table in Sections.model_fields.items()
    for key, field in type(table.default).model_fields.items()
}
"""The valid values of each setting `section.key`, in words."""

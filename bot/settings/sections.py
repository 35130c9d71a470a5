"""What config/dateline.toml and the environment may set, section by section."""

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
    """The address, without a slash at its end; the token goes there, so it has to be safe.

    Raises:
        ValueError: It is not, or is no address.
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
    """A frozen table of settings; each field's description says what it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LibrarySettings(Section):
    """What goes into the library.

    Attributes:
        seeds: Whether a library that never held an article takes those of seeds/ once.
        max_article_bytes: The longest body of an article, in UTF-8 bytes.
    """

    seeds: bool = Field(default=True, description="true or false")
    max_article_bytes: int = _make_integer_field(1_000_000, minimum=1_000, maximum=100_000_000)


class AnswerSettings(Section):
    """How much an answer shows, and how sure it is.

    Attributes:
        max_excerpts: The most excerpts in one answer.
        max_excerpt_chars: The longest excerpt, in characters.
        caution: How sure an answer has to be.
    """

    max_excerpts: int = _make_integer_field(3, minimum=1, maximum=10)
    max_excerpt_chars: int = _make_integer_field(600, minimum=100, maximum=2_000)
    caution: Literal["careful", "balanced", "eager"] = Field(
        default="balanced", description="careful, balanced or eager"
    )


class DateSettings(Section):
    """How dates are read.

    Attributes:
        zone: Where it is the day that "today" means.
        steer_days: How long after the last day a question names articles are still preferred.
    """

    zone: ZoneInfo = Field(
        default=ZoneInfo("UTC"), description="the IANA name of a time zone, like Europe/Berlin"
    )
    steer_days: int = _make_integer_field(14, minimum=0, maximum=365)


class DiscordSettings(Section):
    """The bot in Discord.

    Attributes:
        api_url: Where Discord's REST interface is, without a slash at the end.
        questions_per_minute: How many questions one person may ask in a minute.
        answer_days: How long the buttons of an answer work.
        feedback_channel: The id of the channel that feedback goes to; 0 for nowhere.
    """

    api_url: Annotated[str, AfterValidator(_validate_api_url)] = Field(
        default="https://discord.com/api/v10",
        description="an https address, or an http address on this machine",
    )
    questions_per_minute: int = _make_integer_field(10, minimum=1, maximum=1_000)
    answer_days: int = _make_integer_field(7, minimum=1, maximum=365)
    feedback_channel: int = Field(
        default=0, ge=0, lt=1 << 63, description="the id of a channel in Discord, or 0 for none"
    )


class DigestSettings(Section):
    """What the digests of servers take in.

    Attributes:
        max_entries: How many stories a digest shows, unless its server says.
        late_days: For how many days after its publication an article may come in and still be told.
    """

    max_entries: int = _make_integer_field(5, minimum=1, maximum=10)
    late_days: int = _make_integer_field(7, minimum=0, maximum=365)


class PrivacySettings(Section):
    """What is kept about people and servers, and for how long.

    Attributes:
        left_server_days: How long after the bot has left a server all about it is still kept.
    """

    left_server_days: int = _make_integer_field(30, minimum=0, maximum=365)


class LogSettings(Section):
    """What the bot logs, and how.

    Attributes:
        format: For people, or a JSON object a line.
        level: The least weighty events that are logged.
    """

    format: Literal["people", "json"] = Field(default="people", description="people or json")
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )


class Sections(Section):
    """What config/dateline.toml and the environment may set."""

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
"""Each setting as `section.key`, and what it takes, in words."""

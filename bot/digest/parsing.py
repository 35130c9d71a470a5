"""Parsing the settings that managers enter for a digest: time of day, topics, sources."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from difflib import get_close_matches
from unicodedata import category, normalize

from bot.dates.names import WEEKDAY_NAMES
from bot.errors import EmptyTopic, TooManyTopics, TopicTooLong, UnknownSource, UnknownTime
from bot.model.subscription import EVERY_DAY, WEEKDAYS, DigestTopic
from bot.retrieval.text.controls import show_controls
from bot.retrieval.text.punctuation import QUOTED_PATTERN

MAX_TOPICS = 10
"""The maximum number of topics of a digest."""

MAX_TOPIC_CHARS = 100
"""The maximum length of a topic and of its heading: Discord's limit for a choice."""

ALL = "all"
"""The text that stands for all topics or all sources."""

DAY_CHOICES: Mapping[str, frozenset[int]] = {
    "every day": EVERY_DAY,
    "weekdays": WEEKDAYS,
    **{f"weekly on {name}": frozenset([day]) for day, name in enumerate(WEEKDAY_NAMES)},
}
"""The choices for the days of a digest, by the name that people see."""

_INVISIBLE_CATEGORY = "Cf"
"""The Unicode category of invisible formatting characters."""

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_PART = re.compile(rf"(?:{QUOTED_PATTERN}|[^,])+")
_WITH_HEADING = re.compile(r"([^\"“”„«:]+):(.+)", re.DOTALL)


def parse_time(text: str) -> time:
    """Parse a time of day, HH:MM or H:MM.

    Raises:
        UnknownTime: The text is not a time of day.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise UnknownTime(text)
    return time(int(match[1]), int(match[2]))


def parse_topics(text: str) -> tuple[DigestTopic, ...]:
    """Parse topics separated by commas; `all` gives none, and duplicates are dropped.

    The text before a colon is the heading. A comma or colon inside quotation marks is part of the
    topic.

    Raises:
        EmptyTopic: The text has nothing but commas.
        TopicTooLong: A topic or heading has more than MAX_TOPIC_CHARS characters.
        TooManyTopics: There are more than MAX_TOPICS topics.
    """
    if text.strip().casefold() == ALL:
        return ()
    parsed = (_parse_topic(part[0]) for part in _PART.finditer(text) if part[0].strip())
    topics = tuple({topic.query_text.casefold(): topic for topic in parsed}.values())
    if not topics:
        raise EmptyTopic(text.strip())
    if any(max(map(len, (topic.heading, topic.query_text))) > MAX_TOPIC_CHARS for topic in topics):
        raise TopicTooLong(MAX_TOPIC_CHARS)
    if len(topics) > MAX_TOPICS:
        raise TooManyTopics(MAX_TOPICS)
    return topics


def _parse_topic(part: str) -> DigestTopic:
    match = _WITH_HEADING.fullmatch(part)
    heading, query_text = match.groups() if match else ("", part)
    return DigestTopic(heading=" ".join(heading.split()), query_text=" ".join(query_text.split()))


def parse_sources(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Parse sources separated by commas, and return them as the library writes them.

    Args:
        text: The text as entered; `all` gives an empty tuple, which means all sources.
        known: The sources of the library; their names can contain commas.

    Raises:
        UnknownSource: The library does not have this source.
    """
    if text.strip().casefold() == ALL:
        return ()
    sources = tuple(dict.fromkeys(_match_sources(text.split(","), known)))
    if not sources:
        raise UnknownSource(text.strip(), ())
    return sources


def _match_sources(parts: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """Yield the sources that the parts name; a name can span several parts, the longest wins."""
    names = {normalise_name(name): name for name in known}
    start = 0
    while start < len(parts):
        # Longest first: the name of a source can contain commas.
        ends = range(len(parts), start, -1)
        end = next(
            (end for end in ends if normalise_name(",".join(parts[start:end])) in names), None
        )
        if end is not None:
            yield names[normalise_name(",".join(parts[start:end]))]
        elif parts[start].strip():
            raise UnknownSource(parts[start].strip(), _suggest_sources(parts[start], names))
        start = end or start + 1


def _suggest_sources(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return up to three names that the person may have meant."""
    key = normalise_name(text)
    containing = [name for name in names if key in name]
    suggestions = [*containing, *get_close_matches(key, names)]
    return tuple(names[name] for name in dict.fromkeys(suggestions))[:3]


def normalise_name(text: str) -> str:
    """Return a name for comparison: without case, extra spaces and invisible characters."""
    shown_text = normalize("NFKC", show_controls(text))
    visible = (char for char in shown_text if category(char) != _INVISIBLE_CATEGORY)
    return " ".join("".join(visible).casefold().split())

"""What managers type for a digest, understood: the time of day, topics, sources."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from difflib import get_close_matches
from unicodedata import category, normalize

from bot.dates.names import WEEKDAY_NAMES
from bot.errors import EmptyTopic, TooManyTopics, TopicTooLong, UnknownSource, UnknownTime
from bot.model.subscription import EVERY_DAY, WEEKDAYS, DigestTopic
from bot.retrieval.text.punctuation import QUOTED_PATTERN

MAX_TOPICS = 10
"""The topics of a digest at most."""

MAX_TOPIC_CHARS = 100
"""What is searched for, and its heading, each: so long is what Discord can offer."""

ALL = "all"
"""What is typed for any topic, or any source."""

DAY_CHOICES: Mapping[str, frozenset[int]] = {
    "every day": EVERY_DAY,
    "weekdays": WEEKDAYS,
    **{f"weekly on {name}": frozenset([day]) for day, name in enumerate(WEEKDAY_NAMES)},
}
"""The days on which a digest may be posted, as people choose them."""

_INVISIBLE_CATEGORY = "Cf"
"""The category of characters that show nothing of their own."""

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_PART = re.compile(rf"(?:{QUOTED_PATTERN}|[^,])+")
_WITH_HEADING = re.compile(r"([^\"“”„«:]+):(.+)", re.DOTALL)


def parse_time(text: str) -> time:
    """The time of day typed as HH:MM.

    Raises:
        UnknownTime: It is none.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise UnknownTime(text)
    return time(int(match[1]), int(match[2]))


def parse_topics(text: str) -> tuple[DigestTopic, ...]:
    """The topics of a text in which commas part them, each once; none where `all` is typed.

    What stands before a colon is the heading. A comma or a colon within a phrase is part of it.

    Raises:
        EmptyTopic: There are nothing but commas.
        TopicTooLong: One has more than MAX_TOPIC_CHARS.
        TooManyTopics: There are more than MAX_TOPICS.
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
    """The sources of a text in which commas part them, as the library writes them.

    Args:
        text: What was typed; `all` leaves none out, and gives none.
        known: The sources that the library has; a comma may be part of their names.

    Raises:
        UnknownSource: The library has no such source.
    """
    if text.strip().casefold() == ALL:
        return ()
    sources = tuple(dict.fromkeys(_match_sources(text.split(","), known)))
    if not sources:
        raise UnknownSource(text.strip(), ())
    return sources


def _match_sources(parts: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """The sources that the parts are, each as many of the next parts as make a name."""
    names = {normalise_name(name): name for name in known}
    start = 0
    while start < len(parts):
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
    """The names that may be meant, at most three."""
    key = normalise_name(text)
    containing = [name for name in names if key in name]
    suggestions = [*containing, *get_close_matches(key, names)]
    return tuple(names[name] for name in dict.fromkeys(suggestions))[:3]


def normalise_name(text: str) -> str:
    """A text as names are compared: whatever its capitals and spaces, without what nobody sees."""
    visible = (char for char in normalize("NFKC", text) if category(char) != _INVISIBLE_CATEGORY)
    return " ".join("".join(visible).casefold().split())

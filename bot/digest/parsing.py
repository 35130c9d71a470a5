"""What managers type for a digest, understood: the time of day, topics, sources."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from difflib import get_close_matches
from unicodedata import category, normalize

from bot.errors import EmptyTopic, TooManyTopics, TopicTooLong, UnknownSource, UnknownTime
from bot.model.subscription import EVERY_DAY, WEEKDAYS, Topic

MOST_TOPICS = 10
"""The topics of a digest at most."""

MOST_TOPIC_CHARS = 100
"""What is searched for, and its heading, each: so long is what Discord can offer."""

ALL = "all"
"""What is typed for any topic, or any source."""

NAMES_OF_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

DAYS: Mapping[str, frozenset[int]] = {
    "every day": EVERY_DAY,
    "weekdays": WEEKDAYS,
    **{f"weekly on {name}": frozenset([day]) for day, name in enumerate(NAMES_OF_DAYS)},
}
"""The days on which a digest may be posted, as people choose them."""

_UNSEEN = "Cf"
"""The category of characters that show nothing of their own."""

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_QUOTED = r"[\"“”„«][^\"“”„«»]+[\"“”»]"
_PART = re.compile(rf"(?:{_QUOTED}|[^,])+")
_HEADED = re.compile(r"([^\"“”„«:]+):(.+)", re.DOTALL)


def time_of(text: str) -> time:
    """The time of day typed as HH:MM.

    Raises:
        UnknownTime: It is none.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise UnknownTime(text)
    return time(int(found[1]), int(found[2]))


def topics_of(text: str) -> tuple[Topic, ...]:
    """The topics of a text in which commas part them, each once; none where `all` is typed.

    What stands before a colon is the heading. A comma or a colon within a phrase is part of it.

    Raises:
        EmptyTopic: There are nothing but commas.
        TopicTooLong: One has more than MOST_TOPIC_CHARS.
        TooManyTopics: There are more than MOST_TOPICS.
    """
    if text.strip().casefold() == ALL:
        return ()
    found = (_topic(part) for part in _PART.findall(text) if part.strip())
    topics = tuple({topic.typed.casefold(): topic for topic in found}.values())
    if not topics:
        raise EmptyTopic(text.strip())
    if any(max(map(len, (topic.heading, topic.typed))) > MOST_TOPIC_CHARS for topic in topics):
        raise TopicTooLong(MOST_TOPIC_CHARS)
    if len(topics) > MOST_TOPICS:
        raise TooManyTopics(MOST_TOPICS)
    return topics


def _topic(part: str) -> Topic:
    headed = _HEADED.fullmatch(part)
    heading, typed = headed.groups() if headed else ("", part)
    return Topic(heading=" ".join(heading.split()), typed=" ".join(typed.split()))


def sources_of(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The sources of a text in which commas part them, as the library writes them.

    Args:
        text: What was typed; `all` leaves none out, and gives none.
        known: The sources that the library has; a comma may be part of their names.

    Raises:
        UnknownSource: The library has no such source.
    """
    if text.strip().casefold() == ALL:
        return ()
    found = tuple(dict.fromkeys(_sources(text.split(","), known)))
    if not found:
        raise UnknownSource(text.strip(), ())
    return found


def _sources(parts: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """The sources that the parts are, each as many of the next parts as make a name."""
    names = {plain(name): name for name in known}
    start = 0
    while start < len(parts):
        ends = range(len(parts), start, -1)
        end = next((end for end in ends if plain(",".join(parts[start:end])) in names), None)
        if end is not None:
            yield names[plain(",".join(parts[start:end]))]
        elif parts[start].strip():
            raise UnknownSource(parts[start].strip(), _nearest(parts[start], names))
        start = end or start + 1


def _nearest(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The names that may be meant, at most three."""
    wanted = plain(text)
    holding = [name for name in names if wanted in name]
    meant = [*holding, *get_close_matches(wanted, names)]
    return tuple(names[name] for name in dict.fromkeys(meant))[:3]


def plain(text: str) -> str:
    """A text as names are compared: whatever its capitals and spaces, without what nobody sees."""
    seen = (char for char in normalize("NFKC", text) if category(char) != _UNSEEN)
    return " ".join("".join(seen).casefold().split())

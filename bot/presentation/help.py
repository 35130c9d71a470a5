"""What people read about how to use the bot in Discord: all of it, in one place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.presentation.blocks import Block, Heading, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One way to use a command.

    Attributes:
        command: Its full name, with its subcommand.
        options: What stands in its options in the example, in the order typed.
        gives: What comes of it.
    """

    command: str
    gives: str
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The example as it is typed."""
        typed = (f"{name}: {value}" for name, value in self.options.items())
        return " ".join([f"/{self.command}", *typed])


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What is told about one group of commands.

    Attributes:
        name: What a person chooses it by.
        about: What the commands are for, in a few words.
        uses: An example of each.
        notes: What else is good to know, a sentence or two each.
        menus: The entries in the menu of a message, and what each gives.
    """

    name: str
    about: str
    uses: tuple[Use, ...] = ()
    notes: tuple[str, ...] = ()
    menus: Mapping[str, str] = field(default_factory=dict)


_DATES = (
    "Dates are typed as you say them: 2026-03-02, 2 March, last week, since Monday. What I "
    "understood stands above what I show, with a button that asks again without it."
)

TOPICS = (
    Topic(
        name="ask",
        about="ask a question",
        uses=(
            Use(
                command="ask",
                options={"question": "What did OpenAI agree to?", "after": "last month"},
                gives="what the articles say, word for word, or that they don't say it",
            ),
        ),
        notes=(
            (
                "The buttons below an answer show more of it, what stands around an excerpt and why "
                "it was chosen, and let you follow up or delete it."
            ),
            _DATES,
        ),
    ),
    Topic(
        name="search",
        about="find passages by their words",
        uses=(
            Use(
                command="search",
                options={"terms": '"supply chain" Pentagon -Google', "sort": "newest"},
                gives="passages with that phrase, and without Google, page by page",
            ),
        ),
        notes=(_DATES,),
    ),
    Topic(
        name="article",
        about="read an article",
        uses=(
            Use(
                command="article",
                options={"title": "OpenAI details"},
                gives="its text with numbered paragraphs; titles are offered while you type",
            ),
        ),
    ),
    Topic(
        name="timeline",
        about="see how something went on",
        uses=(
            Use(
                command="timeline",
                options={"topic": "OpenAI Pentagon", "after": "January", "step": "week"},
                gives="one dated sentence a week, the oldest first, with the gaps named",
            ),
        ),
    ),
    Topic(
        name="changed",
        about="see what is said anew",
        uses=(
            Use(
                command="changed",
                options={"topic": "supply chain", "since": "1 March"},
                gives="what was said since that day, beside the last thing said before it",
            ),
        ),
    ),
    Topic(
        name="latest",
        about="see the newest articles",
        uses=(
            Use(
                command="latest",
                options={"count": "5"},
                gives="the newest five, each with its leading sentence",
            ),
        ),
    ),
    Topic(
        name="on",
        about="see what there is of a day",
        uses=(
            Use(
                command="on",
                options={"date": "2 March"},
                gives="the articles of that day, and the nearest days that have some",
            ),
        ),
    ),
    Topic(
        name="trend",
        about="see how much is written of something",
        uses=(
            Use(
                command="trend",
                options={"terms": "OpenAI, Anthropic", "weeks": "12"},
                gives="a chart of the articles a week that hold each, and its numbers",
            ),
        ),
    ),
    Topic(
        name="verify",
        about="check an excerpt, or quotations",
        uses=(
            Use(
                command="verify",
                options={"receipt": "0123456789abcdef"},
                gives="whether the excerpt with that receipt still stands in its article",
            ),
        ),
        menus={
            "Verify quotes": "which quotations in the message an article has word for word",
            "Find evidence": "passages about what the message says",
        },
        notes=("To open the menu of a message, right-click it or press it long, and choose Apps.",),
    ),
    Topic(
        name="library",
        about="see what the articles are",
        uses=(
            Use(command="sources", gives="the sources, with how many articles of which days"),
            Use(command="status", gives="how much there is, of which days, and how I am"),
        ),
    ),
    Topic(
        name="alerts",
        about="be told when a new article matches",
        uses=(
            Use(
                command="alerts add",
                options={
                    "query": '"supply chain" Pentagon -Google',
                    "where": "me",
                    "quiet_from": "22:00",
                    "quiet_to": "07:00",
                },
                gives="how often that would have been, and a button that adds the alert",
            ),
            Use(command="alerts list", gives="your alerts, and the server's if you manage it"),
            Use(
                command="alerts pause",
                options={"alert": '"supply chain"'},
                gives="no messages until you resume it; the button below each does the same",
            ),
            Use(
                command="alerts resume",
                options={"alert": '"supply chain"'},
                gives="messages on what comes in from then on",
            ),
            Use(command="alerts remove", options={"alert": '"supply chain"'}, gives="its end"),
        ),
        notes=(
            "A new article matches that holds all the words, near to each other or not.",
            "An alert sends one message an hour at most.",
        ),
    ),
    Topic(
        name="digest",
        about="read what is new each day, and why it is shown",
        uses=(
            Use(command="digest list", gives="the digests of this server, and when each comes"),
            Use(
                command="digest preview",
                options={"date": "2 March"},
                gives="what a digest says of that day, just for you; without a day, as it is now",
            ),
            Use(command="digest history", gives="what became of a digest on its last days"),
            Use(
                command="digest why",
                options={"article": "OpenAI details", "date": "2 March"},
                gives="why it is in the digest of that day, or at which step it was left out",
            ),
        ),
        notes=("Where there are several digests, name one as digest: they are offered.",),
    ),
    Topic(
        name="digest set",
        about="have a digest posted, for those who manage a server",
        uses=(
            Use(
                command="digest set",
                options={"channel": "#news", "time": "08:30", "topics": "AI: OpenAI, flood"},
                gives="a digest there each day, and what is set of it; what you leave out stays",
            ),
            Use(
                command="digest topics add",
                options={"terms": "OpenAI Pentagon", "heading": "AI"},
                gives="a further topic, a search with its heading",
            ),
            Use(command="digest topics remove", options={"topic": "AI"}, gives="its end"),
            Use(command="digest now", gives="today's digest at once, in place of the timed one"),
            Use(command="digest pause", gives="no digest until it is resumed"),
            Use(command="digest resume", gives="the digest again, from now on"),
            Use(command="digest off", gives="its end, with its history"),
        ),
    ),
    Topic(
        name="settings",
        about="how I answer in a server, for those who manage it",
        uses=(
            Use(command="settings show", gives="what is set"),
            Use(
                command="settings answers",
                options={"excerpts": "2", "visible": "False"},
                gives="how many excerpts an answer shows, and whether all see what commands answer",
            ),
            Use(command="settings channels list", gives="in which channels I answer"),
            Use(
                command="settings channels add",
                options={"channel": "#news"},
                gives="that I answer there, and only in the channels of the list",
            ),
            Use(
                command="settings channels remove",
                options={"channel": "#news"},
                gives="that I answer there no longer; everywhere again, after the last of them",
            ),
            Use(
                command="settings zone",
                options={"zone": "Europe/Berlin"},
                gives="by which time zone I reckon days",
            ),
            Use(command="settings reset", gives="everything as it was at first"),
        ),
    ),
    Topic(
        name="privacy",
        about="what is kept about you",
        uses=(
            Use(command="privacy show", gives="all that is kept about you, as a table"),
            Use(command="privacy delete", gives="its end, at once"),
        ),
    ),
    Topic(
        name="feedback",
        about="tell whoever runs me something",
        uses=(
            Use(
                command="feedback",
                options={"text": "The article of 2 March has the wrong title."},
                gives="a message to them, without your name unless you want it there",
            ),
        ),
    ),
)

WAYS = (
    ("Mention me in a channel", "@Dateline What did OpenAI agree to?"),
    ("Write to me in a direct message", "What did OpenAI agree to in February?"),
    ("Reply to my answer", "And when?"),
)
"""The ways to ask without a command, each with an example."""

VERBATIM = Line(
    text="All that I show of the news is quoted from articles, word for word, with its date and its "
    "source. I write no sentence of my own about it.",
    subtle=True,
)


def topic_named(name: str) -> Topic | None:
    """The topic of this name; None where there is none."""
    return next((topic for topic in TOPICS if topic.name == name), None)


def help_blocks(topic: Topic | None = None) -> tuple[Block, ...]:
    """What a person reads about a topic; about asking and where to read on, where there is none."""
    return tuple(_overview() if topic is None else _about(topic))


def _overview() -> Iterator[Block]:
    yield Heading(text="How to ask")
    for way, example in WAYS:
        yield Line(text=f"{way}: {example}")
    yield Line(text=f"Use a command: {TOPICS[0].uses[0].text}")
    yield VERBATIM
    yield Heading(text="What else I do")
    for topic in TOPICS:
        yield Line(text=f"{', '.join(_commands(topic))}: {topic.about}")
    yield Line(text="An example of each: /help with its topic.", subtle=True)


def _commands(topic: Topic) -> list[str]:
    """The commands of a topic, a group by its own name."""
    return list(dict.fromkeys(f"/{use.command.split()[0]}" for use in topic.uses))


def _about(topic: Topic) -> Iterator[Block]:
    yield Heading(text=f"{', '.join(_commands(topic))}: {topic.about}")
    for use in topic.uses:
        yield Line(text=use.text)
        yield Line(text=f"gives {use.gives}.", subtle=True)
    for menu, gives in topic.menus.items():
        yield Line(text=f"{menu}, in the menu of a message")
        yield Line(text=f"gives {gives}.", subtle=True)
    for note in topic.notes:
        yield Line(text=note)

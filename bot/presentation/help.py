"""What people read about how to use the bot in Discord: all of it, in one place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.presentation.blocks import Block, Heading, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandExample:
    """One way to use a command.

    Attributes:
        command: Its full name, with its subcommand.
        options: What stands in its options in the example, in the order typed.
        result: What comes of it.
    """

    command: str
    result: str
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The example as it is typed."""
        arguments = (f"{name}: {value}" for name, value in self.options.items())
        return " ".join([f"/{self.command}", *arguments])


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTopic:
    """What is told about one group of commands.

    Attributes:
        name: What a person chooses it by.
        purpose: What the commands are for, in a few words.
        examples: An example of each.
        notes: What else is good to know, a sentence or two each.
        menu_entries: The entries in the menu of a message, and what each gives.
    """

    name: str
    purpose: str
    examples: tuple[CommandExample, ...] = ()
    notes: tuple[str, ...] = ()
    menu_entries: Mapping[str, str] = field(default_factory=dict)


_DATES = (
    "Dates are typed as you say them: 2026-03-02, 2 March, last week, since Monday. What I "
    "understood stands above what I show, with a button that asks again without it."
)

TOPICS = (
    HelpTopic(
        name="ask",
        purpose="ask a question",
        examples=(
            CommandExample(
                command="ask",
                options={"question": "What did OpenAI agree to?", "after": "last month"},
                result="what the articles say, word for word, or that they don't say it",
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
    HelpTopic(
        name="search",
        purpose="find passages by their words",
        examples=(
            CommandExample(
                command="search",
                options={"terms": '"supply chain" Pentagon -Google', "sort": "newest"},
                result="passages with that phrase, and without Google, page by page",
            ),
        ),
        notes=(_DATES,),
    ),
    HelpTopic(
        name="article",
        purpose="read an article",
        examples=(
            CommandExample(
                command="article",
                options={"title": "OpenAI details"},
                result="its text with numbered paragraphs; titles are offered while you type",
            ),
        ),
    ),
    HelpTopic(
        name="timeline",
        purpose="see how something went on",
        examples=(
            CommandExample(
                command="timeline",
                options={"topic": "OpenAI Pentagon", "after": "January", "step": "week"},
                result="one dated sentence a week, the oldest first, with the gaps named",
            ),
        ),
    ),
    HelpTopic(
        name="changed",
        purpose="see what is said anew",
        examples=(
            CommandExample(
                command="changed",
                options={"topic": "supply chain", "since": "1 March"},
                result="what was said since that day, beside the last thing said before it",
            ),
        ),
    ),
    HelpTopic(
        name="latest",
        purpose="see the newest articles",
        examples=(
            CommandExample(
                command="latest",
                options={"count": "5"},
                result="the newest five, each with its leading sentence",
            ),
        ),
    ),
    HelpTopic(
        name="on",
        purpose="see what there is of a day",
        examples=(
            CommandExample(
                command="on",
                options={"date": "2 March"},
                result="the articles of that day, and the nearest days that have some",
            ),
        ),
    ),
    HelpTopic(
        name="trend",
        purpose="see how much is written of something",
        examples=(
            CommandExample(
                command="trend",
                options={"terms": "OpenAI, Anthropic", "weeks": "12"},
                result="a chart of the articles a week that hold each, and its numbers",
            ),
        ),
    ),
    HelpTopic(
        name="verify",
        purpose="check an excerpt, or quotations",
        examples=(
            CommandExample(
                command="verify",
                options={"receipt": "0123456789abcdef"},
                result="whether the excerpt with that receipt still stands in its article",
            ),
        ),
        menu_entries={
            "Verify quotes": "which quotations in the message an article has word for word",
            "Find evidence": "passages about what the message says",
        },
        notes=("To open the menu of a message, right-click it or press it long, and choose Apps.",),
    ),
    HelpTopic(
        name="library",
        purpose="see what the articles are",
        examples=(
            CommandExample(
                command="sources", result="the sources, with how many articles of which days"
            ),
            CommandExample(
                command="status", result="how much there is, of which days, and how I am"
            ),
        ),
    ),
    HelpTopic(
        name="alerts",
        purpose="be told when a new article matches",
        examples=(
            CommandExample(
                command="alerts add",
                options={
                    "query": '"supply chain" Pentagon -Google',
                    "where": "me",
                    "quiet_from": "22:00",
                    "quiet_to": "07:00",
                },
                result="how often that would have been, and a button that adds the alert",
            ),
            CommandExample(
                command="alerts list", result="your alerts, and the server's if you manage it"
            ),
            CommandExample(
                command="alerts pause",
                options={"alert": '"supply chain"'},
                result="no messages until you resume it; the button below each does the same",
            ),
            CommandExample(
                command="alerts resume",
                options={"alert": '"supply chain"'},
                result="messages on what comes in from then on",
            ),
            CommandExample(
                command="alerts remove", options={"alert": '"supply chain"'}, result="its end"
            ),
        ),
        notes=(
            "A new article matches that holds all the words, near to each other or not.",
            "An alert sends one message an hour at most.",
        ),
    ),
    HelpTopic(
        name="digest",
        purpose="read what is new each day, and why it is shown",
        examples=(
            CommandExample(
                command="digest list", result="the digests of this server, and when each comes"
            ),
            CommandExample(
                command="digest preview",
                options={"date": "2 March"},
                result="what a digest says of that day, just for you; without a day, as it is now",
            ),
            CommandExample(
                command="digest history", result="what became of a digest on its last days"
            ),
            CommandExample(
                command="digest why",
                options={"article": "OpenAI details", "date": "2 March"},
                result="why it is in the digest of that day, or at which step it was left out",
            ),
        ),
        notes=("Where there are several digests, name one as digest: they are offered.",),
    ),
    HelpTopic(
        name="digest set",
        purpose="have a digest posted, for those who manage a server",
        examples=(
            CommandExample(
                command="digest set",
                options={"channel": "#news", "time": "08:30", "topics": "AI: OpenAI, flood"},
                result="a digest there each day, and what is set of it; what you leave out stays",
            ),
            CommandExample(
                command="digest topics add",
                options={"terms": "OpenAI Pentagon", "heading": "AI"},
                result="a further topic, a search with its heading",
            ),
            CommandExample(
                command="digest topics remove", options={"topic": "AI"}, result="its end"
            ),
            CommandExample(
                command="digest now", result="today's digest at once, in place of the timed one"
            ),
            CommandExample(command="digest pause", result="no digest until it is resumed"),
            CommandExample(command="digest resume", result="the digest again, from now on"),
            CommandExample(command="digest off", result="its end, with its history"),
        ),
    ),
    HelpTopic(
        name="settings",
        purpose="how I answer in a server, for those who manage it",
        examples=(
            CommandExample(command="settings show", result="what is set"),
            CommandExample(
                command="settings answers",
                options={"excerpts": "2", "visible": "False"},
                result="how many excerpts an answer shows, and whether all see what commands answer",
            ),
            CommandExample(command="settings channels list", result="in which channels I answer"),
            CommandExample(
                command="settings channels add",
                options={"channel": "#news"},
                result="that I answer there, and only in the channels of the list",
            ),
            CommandExample(
                command="settings channels remove",
                options={"channel": "#news"},
                result="that I answer there no longer; everywhere again, after the last of them",
            ),
            CommandExample(
                command="settings zone",
                options={"zone": "Europe/Berlin"},
                result="by which time zone I reckon days",
            ),
            CommandExample(command="settings reset", result="everything as it was at first"),
        ),
    ),
    HelpTopic(
        name="privacy",
        purpose="what is kept about you",
        examples=(
            CommandExample(command="privacy show", result="all that is kept about you, as a table"),
            CommandExample(command="privacy delete", result="its end, at once"),
        ),
    ),
    HelpTopic(
        name="feedback",
        purpose="tell whoever runs me something",
        examples=(
            CommandExample(
                command="feedback",
                options={"text": "The article of 2 March has the wrong title."},
                result="a message to them, without your name unless you want it there",
            ),
        ),
    ),
)

WAYS_TO_ASK = (
    ("Mention me in a channel", "@Dateline What did OpenAI agree to?"),
    ("Write to me in a direct message", "What did OpenAI agree to in February?"),
    ("Reply to my answer", "And when?"),
)
"""The ways to ask without a command, each with an example."""

VERBATIM = Line(
    text="All that I show of the news is quoted from articles, word for word, with its date and its "
    "source. I write no sentence of my own about it.",
    is_subtle=True,
)


def find_topic(name: str) -> HelpTopic | None:
    """The topic of this name; None where there is none."""
    return next((topic for topic in TOPICS if topic.name == name), None)


def build_help_blocks(topic: HelpTopic | None = None) -> tuple[Block, ...]:
    """What a person reads about a topic; about asking and where to read on, where there is none."""
    return tuple(_build_overview() if topic is None else _build_topic(topic))


def _build_overview() -> Iterator[Block]:
    yield Heading(text="How to ask")
    for way, example in WAYS_TO_ASK:
        yield Line(text=f"{way}: {example}")
    yield Line(text=f"Use a command: {TOPICS[0].examples[0].text}")
    yield VERBATIM
    yield Heading(text="What else I do")
    for topic in TOPICS:
        yield Line(text=f"{', '.join(_list_commands(topic))}: {topic.purpose}")
    yield Line(text="An example of each: /help with its topic.", is_subtle=True)


def _list_commands(topic: HelpTopic) -> list[str]:
    """The commands of a topic, a group by its own name."""
    return list(dict.fromkeys(f"/{example.command.split()[0]}" for example in topic.examples))


def _build_topic(topic: HelpTopic) -> Iterator[Block]:
    yield Heading(text=f"{', '.join(_list_commands(topic))}: {topic.purpose}")
    for example in topic.examples:
        yield Line(text=example.text)
        yield Line(text=f"gives {example.result}.", is_subtle=True)
    for entry, result in topic.menu_entries.items():
        yield Line(text=f"{entry}, in the menu of a message")
        yield Line(text=f"gives {result}.", is_subtle=True)
    for note in topic.notes:
        yield Line(text=note)

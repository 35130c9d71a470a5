"""The texts of /help."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.presentation.blocks import Block, Heading, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandExample:
    """An example of a command.

    Attributes:
        command: The full name, with the subcommand.
        options: The value of each option, in the order typed.
        result: A sentence without a full stop that says what the command does.
    """

    command: str
    result: str
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The example as a person types it."""
        arguments = (f"{name}: {value}" for name, value in self.options.items())
        return " ".join([f"/{self.command}", *arguments])


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTopic:
    """The help on one group of commands.

    Attributes:
        name: The name by which a person chooses the topic.
        purpose: The purpose of the commands, in a few words that begin with a verb.
        examples: An example of each command.
        notes: Further notes, a sentence or two each.
        menu_entries: The commands in the menu of a message, and the result of each.
    """

    name: str
    purpose: str
    examples: tuple[CommandExample, ...] = ()
    notes: tuple[str, ...] = ()
    menu_entries: Mapping[str, str] = field(default_factory=dict)


_DATES = (
    "Write dates as you would say them, such as 2026-03-02, 2 March, last week or since Monday. "
    "The reply shows the dates that I understood and has a button to search without them."
)

TOPICS = (
    HelpTopic(
        name="ask",
        purpose="Ask a question",
        examples=(
            CommandExample(
                command="ask",
                options={"question": "What did OpenAI agree to?", "after": "last month"},
                result="Shows what the articles say, word for word, or that they do not answer the question",
            ),
        ),
        notes=(
            (
                "The buttons below an answer show more excerpts, the text around an excerpt and why "
                "it was chosen. You can also follow up on the answer or delete it."
            ),
            _DATES,
        ),
    ),
    HelpTopic(
        name="search",
        purpose="Search articles for words or a phrase",
        examples=(
            CommandExample(
                command="search",
                options={"terms": '"supply chain" Pentagon -Google', "sort": "newest"},
                result="Shows passages with this phrase and without Google, page by page",
            ),
        ),
        notes=(_DATES,),
    ),
    HelpTopic(
        name="article",
        purpose="Read an article",
        examples=(
            CommandExample(
                command="article",
                options={"title": "OpenAI details"},
                result="Shows the article with numbered paragraphs and suggests titles while you type",
            ),
        ),
    ),
    HelpTopic(
        name="timeline",
        purpose="Follow a story over time",
        examples=(
            CommandExample(
                command="timeline",
                options={"topic": "OpenAI Pentagon", "after": "January", "step": "week"},
                result="Shows one dated sentence per week, oldest first, and names the gaps",
            ),
        ),
    ),
    HelpTopic(
        name="changed",
        purpose="See what changed since a date",
        examples=(
            CommandExample(
                command="changed",
                options={"topic": "supply chain", "since": "1 March"},
                result="Shows what was said since that day and what was last said before it",
            ),
        ),
    ),
    HelpTopic(
        name="latest",
        purpose="See the newest articles",
        examples=(
            CommandExample(
                command="latest",
                options={"count": "5"},
                result="Shows the five newest articles, each with its leading sentence",
            ),
        ),
    ),
    HelpTopic(
        name="on",
        purpose="See the articles of a day",
        examples=(
            CommandExample(
                command="on",
                options={"date": "2 March"},
                result="Shows the articles of that day and the closest days with articles",
            ),
        ),
    ),
    HelpTopic(
        name="trend",
        purpose="Chart the coverage of a topic",
        examples=(
            CommandExample(
                command="trend",
                options={"terms": "OpenAI, Anthropic", "weeks": "12"},
                result="Shows how many articles per week contain each topic, as a chart and in numbers",
            ),
        ),
    ),
    HelpTopic(
        name="verify",
        purpose="Check an excerpt or the quotes in a message",
        examples=(
            CommandExample(
                command="verify",
                options={"receipt": "0123456789abcdef"},
                result="Shows whether the excerpt with this receipt is still in its article",
            ),
        ),
        menu_entries={
            "Verify quotes": "Shows which quotes in the message an article contains word for word",
            "Find evidence": "Shows passages about the subject of the message",
        },
        notes=(
            "To open this menu, right-click the message or press and hold it, then select Apps.",
        ),
    ),
    HelpTopic(
        name="library",
        purpose="See what is in the library",
        examples=(
            CommandExample(
                command="sources",
                result="Shows the sources with their dates and number of articles",
            ),
            CommandExample(
                command="status",
                result="Shows the size of the library, its dates and the state of the bot",
            ),
        ),
    ),
    HelpTopic(
        name="alerts",
        purpose="Get notified when a new article matches your search",
        examples=(
            CommandExample(
                command="alerts add",
                options={
                    "query": '"supply chain" Pentagon -Google',
                    "where": "me",
                    "quiet_from": "22:00",
                    "quiet_to": "07:00",
                },
                result="Shows how often the alert would have fired, with a button to add it",
            ),
            CommandExample(
                command="alerts list",
                result="Shows your alerts, and the server's alerts if you manage the server",
            ),
            CommandExample(
                command="alerts pause",
                options={"alert": '"supply chain"'},
                result="Stops the alert until you resume it, like the button below its messages",
            ),
            CommandExample(
                command="alerts resume",
                options={"alert": '"supply chain"'},
                result="Resumes the alert for articles that are added from then on",
            ),
            CommandExample(
                command="alerts remove",
                options={"alert": '"supply chain"'},
                result="Removes the alert and everything stored for it",
            ),
        ),
        notes=(
            "A new article matches if it contains all the words, however far apart.",
            "An alert sends at most one message per hour.",
        ),
    ),
    HelpTopic(
        name="digest",
        purpose="Read the digests and see why an article is in one",
        examples=(
            CommandExample(
                command="digest list",
                result="Shows the digests of this server and when each is posted next",
            ),
            CommandExample(
                command="digest preview",
                options={"date": "2 March"},
                result="Shows the digest of that day only to you; without a date, the digest as of now",
            ),
            CommandExample(
                command="digest history",
                result="Shows whether the digest was posted on each of its last days",
            ),
            CommandExample(
                command="digest why",
                options={"article": "OpenAI details", "date": "2 March"},
                result="Shows why the article is in the digest of that day or why it is not",
            ),
        ),
        notes=("If the server has several digests, choose one with the digest option.",),
    ),
    HelpTopic(
        name="digest set",
        purpose="Set up digests; you need the Manage Server permission",
        examples=(
            CommandExample(
                command="digest set",
                options={"channel": "#news", "time": "08:30", "topics": "AI: OpenAI, flood"},
                result="Posts a digest there every day; options that you leave out keep their values",
            ),
            CommandExample(
                command="digest topics add",
                options={"terms": "OpenAI Pentagon", "heading": "AI"},
                result="Adds a topic: words to search for and their heading",
            ),
            CommandExample(
                command="digest topics remove", options={"topic": "AI"}, result="Deletes the topic"
            ),
            CommandExample(
                command="digest now", result="Posts today's digest now instead of at its usual time"
            ),
            CommandExample(command="digest pause", result="Stops the digest until you resume it"),
            CommandExample(command="digest resume", result="Resumes the digest from then on"),
            CommandExample(
                command="digest off", result="Deletes the digest, its topics and its history"
            ),
        ),
    ),
    HelpTopic(
        name="settings",
        purpose="Change how I answer in a server; you need the Manage Server permission",
        examples=(
            CommandExample(command="settings show", result="Shows the settings and their defaults"),
            CommandExample(
                command="settings answers",
                options={"excerpts": "2", "visible": "False"},
                result="Sets how many excerpts an answer has and whether everyone sees replies to commands",
            ),
            CommandExample(
                command="settings channels list", result="Shows the channels where I answer"
            ),
            CommandExample(
                command="settings channels add",
                options={"channel": "#news"},
                result="Adds a channel; I then answer only in the channels of the list",
            ),
            CommandExample(
                command="settings channels remove",
                options={"channel": "#news"},
                result="Removes a channel; with an empty list, I answer in all channels",
            ),
            CommandExample(
                command="settings zone",
                options={"zone": "Europe/Berlin"},
                result="Sets the time zone that decides which day is today",
            ),
            CommandExample(
                command="settings reset", result="Resets all settings to their defaults"
            ),
        ),
    ),
    HelpTopic(
        name="privacy",
        purpose="See or delete what is stored about you",
        examples=(
            CommandExample(
                command="privacy show", result="Shows everything that is stored about you"
            ),
            CommandExample(
                command="privacy delete",
                result="Deletes everything that is stored about you at once",
            ),
        ),
    ),
    HelpTopic(
        name="feedback",
        purpose="Send feedback to the bot's operator",
        examples=(
            CommandExample(
                command="feedback",
                options={"text": "The article of 2 March has the wrong title."},
                result="Sends them this message, without your name unless you choose to add it",
            ),
        ),
    ),
)

WAYS_TO_ASK = (
    ("Mention me in a channel", "@Dateline What did OpenAI agree to?"),
    ("Send me a direct message", "What did OpenAI agree to in February?"),
    ("Reply to my answer", "What about Iran?"),
)
"""The ways to ask without a command, each with an example."""

VERBATIM = Line(
    text="I quote the news word for word from articles, with their date and source. "
    "I never write about it in my own words.",
    is_subtle=True,
)


def find_topic(name: str) -> HelpTopic | None:
    """Return the topic with this name; None if there is none."""
    return next((topic for topic in TOPICS if topic.name == name), None)


def build_help_blocks(topic: HelpTopic | None = None) -> tuple[Block, ...]:
    """Return the help on a topic; without one, on asking, with a list of all topics."""
    return tuple(_build_overview() if topic is None else _build_topic(topic))


def _build_overview() -> Iterator[Block]:
    yield Heading(text="How to ask")
    for way, example in WAYS_TO_ASK:
        yield Line(text=f"{way}: {example}")
    yield Line(text=f"Use a command: {TOPICS[0].examples[0].text}")
    yield VERBATIM
    yield Heading(text="What else you can do")
    for topic in TOPICS:
        yield Line(text=f"{', '.join(_list_commands(topic))}: {topic.purpose}")
    yield Line(text="For subcommands and examples, use /help with a topic.", is_subtle=True)


def _list_commands(topic: HelpTopic) -> list[str]:
    """Return the commands of a topic, each group once by its own name."""
    return list(dict.fromkeys(f"/{example.command.split()[0]}" for example in topic.examples))


def _build_topic(topic: HelpTopic) -> Iterator[Block]:
    yield Heading(text=f"{', '.join(_list_commands(topic))}: {topic.purpose}")
    for example in topic.examples:
        yield Line(text=example.text)
        yield Line(text=f"{example.result}.", is_subtle=True)
    for entry, result in topic.menu_entries.items():
        yield Line(text=f"{entry} (in the Apps menu of a message)")
        yield Line(text=f"{result}.", is_subtle=True)
    for note in topic.notes:
        yield Line(text=note)

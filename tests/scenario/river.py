"""A small library about a river. Its question has more answers than one message shows."""

from datetime import date

from bot.model.article import Article
from tests.builders import an_article

QUESTION = "river rose metres"
"""Five articles answer it, three of them in the first message."""

DATED_QUESTION = "river rose metres in late March 2025"
"""The same five answer it, the one about Fulda first."""

DATES = "Dates understood: 21 to 31 March 2025."
"""What the answer to the dated question says."""

ABSENT_QUESTION = "What did the zeppelin cost?"
"""No article answers it."""

QUOTES = {
    "bremen": "In Bremen the river rose by two metres while markets stayed open all night.",
    "cologne": "Ferries stopped at Cologne, where the river rose several metres within hours.",
    "dresden": "Museum guards carried paintings upstairs: the river rose nine metres near Dresden.",
    "erfurt": "Nobody in Erfurt remembers a spring when this river rose four metres.",
    "fulda": "Since Monday, said the mayor of Fulda, their river rose by three metres.",
}

_DAYS = {"bremen": 2, "cologne": 4, "dresden": 6, "erfurt": 25, "fulda": 27}

ARTICLES: tuple[Article, ...] = tuple(
    an_article(
        f"Rain fell on {name.title()} for days.\n\n{quote}\n\nThen it was dry.",
        id=name,
        title=f"Flood in {name.title()}",
        source="The Courier" if _DAYS[name] < 20 else "The Herald",
        url=f"https://courier.example/{name}",
        published_on=date(2025, 3, _DAYS[name]),
    )
    for name, quote in QUOTES.items()
)

"""A library about a river, and two people who ask about it."""

from functools import partial

from bot.model.alert import Alert
from bot.model.article import Article
from bot.model.ids import Pseudonym
from bot.retrieval.answering.excerpts import Excerpt
from bot.services.alerts import AlertDraft, AlertOwner
from bot.wiring import Application
from tests import builders
from tests.builders import NOON, an_article, ask
from tests.retrieval.builders import some_weights

ANNA = Pseudonym("a" * 32)


BEN = Pseudonym("b" * 32)


QUESTION = "river rose metres"


TOLD = {
    "bremen": "In Bremen the river rose by two metres while markets stayed open all night.",
    "cologne": "Ferries stopped at Cologne, where the river rose several metres within hours.",
    "dresden": "Museum guards carried paintings upstairs: the river rose nine metres near Dresden.",
    "erfurt": "Nobody in Erfurt remembers a spring when this river rose four metres.",
    "fulda": "Since Monday, said the mayor of Fulda, their river rose by three metres.",
    "near": "A river is a river and nothing else here matters.",
}


ARTICLES = {
    name: an_article(f"Rain fell on {name}.\n\n{body}\n\nThen it was dry.", id=name)
    for name, body in TOLD.items()
}


an_app = partial(builders.an_app, weights=some_weights())


async def hold(app: Application, *articles: Article) -> None:
    await app.articles.put(articles, NOON)
    await app.index.refresh()


async def shown(app: Application, question: str = QUESTION) -> tuple[str, tuple[Excerpt, ...]]:
    """Store a shown answer, and return its key and all of its excerpts by rank."""
    answer = await ask(app, question)
    key = await app.services.shown_answers.store(answer, ANNA)
    return key, (*answer.excerpts, *answer.closest_excerpts, *answer.further_excerpts)


async def with_alert(app: Application, person: Pseudonym) -> Alert:
    """Add an alert of the person's own."""
    draft = AlertDraft(
        owner=AlertOwner(person=person), channel=None, query_text="river", quiet_hours=None
    )
    return await app.services.alerts.add(draft, "77")

from dataclasses import replace
from datetime import date

from bot.model.article import Article
from bot.retrieval.answering.answer import Answer, build_answer
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.search_index import MAX_HITS
from tests.builders import an_article, an_index, the_analyser, what_is_found
from tests.retrieval.builders import some_weights

TODAY = date(2026, 3, 2)
TOLD = {
    "bremen": "In Bremen the river rose by two metres while markets stayed open all night.",
    "cologne": "Ferries stopped at Cologne, where the river rose several metres within hours.",
    "dresden": "Museum guards carried paintings upstairs: the river rose nine metres near Dresden.",
    "erfurt": "Nobody in Erfurt remembers a spring when this river rose four metres.",
    "fulda": "Since Monday, said the mayor of Fulda, their river rose by three metres.",
}
RIVERS = [an_article(body, id=name, published_on=TODAY) for name, body in TOLD.items()]
NEAR = an_article("A river is a river and nothing else here matters.", id="near")


def search(question: str, *articles: Article) -> tuple[Query, SearchResult]:
    query = parse_query(question, today=TODAY, analyser=the_analyser())
    found = what_is_found(query, an_index(*articles), until=TODAY, weights=some_weights())
    return query, found


def answer_of(question: str, *articles: Article, max_excerpts: int = 3) -> Answer:
    query, found = search(question, *articles)
    return build_answer(
        query, found, limits=AnswerLimits(max_excerpts=max_excerpts), weights=some_weights()
    )


def test_further_excerpts_are_other_answers_then_closest_passages() -> None:
    answer = answer_of("river rose metres", *RIVERS, NEAR, max_excerpts=2)

    ids = [excerpt.article.id for excerpt in (*answer.excerpts, *answer.further_excerpts)]
    assert set(ids[:5]) == TOLD.keys()
    assert ids[5:] == ["near"]
    assert len(answer.excerpts) == 2
    assert answer.answering_count == 5


def test_further_excerpts_come_best_first_in_each_part() -> None:
    answer = answer_of("river rose metres", *RIVERS, NEAR)

    found = (*answer.excerpts, *answer.further_excerpts)
    scores = [excerpt.score for excerpt in found]
    count = answer.answering_count
    assert scores[:count] == sorted(scores[:count], reverse=True)
    assert scores[count:] == sorted(scores[count:], reverse=True)


def test_answers_come_before_closest_passages_with_a_higher_score() -> None:
    query, found = search("river rose metres", *RIVERS, NEAR)
    first, *others, near = found.hits
    near_second = replace(found, hits=(first, near, *others))

    answer = build_answer(query, near_second, limits=AnswerLimits(), weights=some_weights())

    *answering, last = (
        excerpt.article.id for excerpt in (*answer.excerpts, *answer.further_excerpts)
    )
    assert set(answering) == TOLD.keys()
    assert last == "near"


def test_further_excerpts_of_an_abstention_do_not_answer() -> None:
    rest = [an_article(f"The river {name} is long.", id=name) for name in ("Elbe", "Oder", "Spree")]

    answer = answer_of("river rose metres", NEAR, *rest)

    assert not answer.is_answered
    assert len(answer.closest_excerpts) == 3
    assert len(answer.further_excerpts) == 1
    assert answer.answering_count == 0


def test_no_excerpt_is_repeated() -> None:
    twin = an_article(RIVERS[0].body, id="twin")

    answer = answer_of("river rose metres", *RIVERS, twin, max_excerpts=1)

    found = (*answer.excerpts, *answer.further_excerpts)
    assert len({excerpt.text for excerpt in found}) == len(found) == 5


def test_shown_and_further_excerpts_are_at_most_the_hits() -> None:
    articles = [
        an_article(
            f"The river rose by metres in {number} {number + 1000} {number + 2000} towns.",
            id=f"{number}",
        )
        for number in range(MAX_HITS + 10)
    ]

    answer = answer_of("river rose metres", *articles)

    assert len(answer.excerpts) + len(answer.further_excerpts) <= MAX_HITS


def test_without_articles_nothing_follows() -> None:
    answer = answer_of("river rose metres")

    assert (answer.further_excerpts, answer.answering_count) == ((), 0)

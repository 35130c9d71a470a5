"""What was typed, understood: terms, names, phrases, exclusions, dates, the kind of answer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.dates.grammar import DateMention, dates_in
from bot.errors import EmptyQuery
from bot.model.span import Span
from bot.retrieval.question.answer_type import Kind, Wanted, wanted
from bot.retrieval.text.terms import Analyser, Term

_PHRASE = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"“”»]")
_EXCLUDED = re.compile(r"(?<!\S)-([^\W\d][\w’'.-]*)")
_DENIES = re.compile(
    r"\b(?:(?:can)?not|no(?!\. ?\d)|never|none|neither|nor|without|except)\b|n['’]t\b",
    re.IGNORECASE,
)
_ENOUGH_ASKED = 2
_SAYING = frozenset({"say", "said", "tell", "told"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words typed in quotation marks, and their terms, of which there is at least one."""

    text: str
    terms: tuple[str, ...]

    def stands_in(self, keys: Sequence[str]) -> bool:
        """Whether a text of these terms holds the phrase's side by side."""
        size = len(self.terms)
        return any(tuple(keys[at : at + size]) == self.terms for at in range(len(keys)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is searched for.

    Attributes:
        terms: The terms, each once, in the order typed; never empty.
        words: For each term, the word that was typed.
        joined: Those of the terms that join a hyphenated word whose parts are terms too.
        names: Runs of terms that were typed as one name, with capitals.
        phrases: What stood in quotation marks, which a passage must hold side by side.
        excluded: Terms that a passage must not hold.
        dates: The dates that the question speaks of.
        wanted: The kind of answer.
        noun: The terms of the noun asked for ("which AI model"), which an answer need not repeat.
        asked: Those of the terms that stand where it asks: in the last question, between commas
            where at least two terms besides the noun stand there; never empty.
        denies: Whether it speaks of what is not so ("who did not sign"), which terms do not tell.
        asked_on: The day it is asked; None where days mean nothing.
    """

    terms: tuple[str, ...]
    words: tuple[str, ...]
    joined: frozenset[str] = frozenset()
    names: tuple[tuple[str, ...], ...] = ()
    phrases: tuple[Phrase, ...] = ()
    excluded: frozenset[str] = frozenset()
    dates: tuple[DateMention, ...] = ()
    wanted: Wanted = Wanted()  # noqa: RUF009 - a frozen value
    noun: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    denies: bool = False
    asked_on: date | None = None

    @property
    def asked_for(self) -> frozenset[str]:
        """The terms of the noun asked for; none where there is no noun."""
        return self.noun if self.wanted.head is None else self.noun | {self.wanted.head}

    def word_of(self, term: str) -> str:
        """The word that was typed for `term`."""
        return self.words[self.terms.index(term)]


def parse(question: str, *, today: date | None, analyser: Analyser) -> Query:
    """The query that `question` makes on the day `today`.

    Words in quotation marks are a phrase, and `-word` excludes a word. The words of a date and those
    that only say which kind of answer is wanted are not searched for. Where `today` is None, as for
    articles without dates, those of a date are words like others.

    Raises:
        EmptyQuery: Nothing is left to search for.
    """
    dates = dates_in(question, today) if today else ()
    want = wanted(question, analyser)
    exclusions = list(_EXCLUDED.finditer(question))
    silent = [*want.silent, *(mention.span for mention in dates)]
    silent += [Span(*found.span()) for found in exclusions]
    terms = _searched(analyser.terms(question), silent, want.kind)
    if not terms:
        raise EmptyQuery
    words = _words(question, terms)
    noun = _terms_in(want.noun, terms)
    return Query(
        terms=tuple(words),
        words=tuple(words.values()),
        joined=_joined(terms),
        names=_names(question, terms),
        phrases=_phrases(question, analyser),
        excluded=frozenset(key for found in exclusions for key in analyser.keys(found[1])),
        dates=dates,
        wanted=want,
        noun=noun,
        asked=_asked(want.clauses, terms, noun),
        denies=_DENIES.search(question) is not None,
        asked_on=today,
    )


def _asked(clauses: Sequence[Span], terms: Sequence[Term], noun: frozenset[str]) -> frozenset[str]:
    """The terms of the narrowest clause that says enough, else all."""
    part, sentence = (_terms_in(clause, terms) for clause in clauses)
    if len(part - noun) >= _ENOUGH_ASKED:
        return part
    return sentence or frozenset(term.text for term in terms)


def _terms_in(span: Span, terms: Iterable[Term]) -> frozenset[str]:
    return frozenset(term.text for term in terms if _inside(term, span))


def _inside(term: Term, span: Span) -> bool:
    return span.start <= term.start and term.end <= span.end


def _searched(terms: Iterable[Term], silent: Sequence[Span], kind: Kind) -> list[Term]:
    """The terms that say what is searched for."""
    left = [term for term in terms if not any(_inside(term, span) for span in silent)]
    if kind is Kind.WORDS:
        return [term for term in left if term.text not in _SAYING] or left
    return left


def _words(question: str, terms: Sequence[Term]) -> dict[str, str]:
    """Each term with the word that was first typed for it."""
    words: dict[str, str] = {}
    for term in terms:
        words.setdefault(term.text, question[term.start : term.end])
    return words


def _joined(terms: Sequence[Term]) -> frozenset[str]:
    pairs = [
        (whole.text, part.text)
        for whole, part in pairwise(terms)
        if _inside(part, Span(whole.start, whole.end))
    ]
    return frozenset(whole for whole, _ in pairs) - {part for _, part in pairs}


def _phrases(question: str, analyser: Analyser) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(text=found[1], terms=keys)
        for found in _PHRASE.finditer(question)
        if (keys := tuple(analyser.keys(found[1])))
    )


def _names(question: str, terms: Sequence[Term]) -> tuple[tuple[str, ...], ...]:
    """The runs of terms with capitals, but for a single one that begins the question."""
    if not any(map(str.islower, question)):
        return ()
    runs: list[list[Term]] = []
    for term in terms:
        if not question[term.start].isupper():
            continue
        if runs and _goes_on(question, runs[-1][-1], term):
            runs[-1].append(term)
        else:
            runs.append([term])
    first = len(question) - len(question.lstrip())
    return tuple(
        tuple(term.text for term in run) for run in runs if len(run) > 1 or run[0].start > first
    )


def _goes_on(question: str, before: Term, term: Term) -> bool:
    """Whether two terms are of one name; a possessive ends a name."""
    is_owner = question[before.start : before.end].endswith(("'s", "’s"))
    return not is_owner and question[before.end : term.start] == " "

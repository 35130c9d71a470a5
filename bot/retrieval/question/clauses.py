"""The structure of a question: the sentence, the clause and the word that ask."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.english.word_lists import ENGLISH
from bot.model.span import Span
from bot.retrieval.text.punctuation import get_end_marks
from bot.retrieval.text.sentences import split_question

_BEGINNING = re.compile(ENGLISH.get_pattern("question_beginning"), re.IGNORECASE)
_TRUE_OR_FALSE = re.compile(ENGLISH.get_pattern("true_or_false"), re.IGNORECASE)
# An ellipsis is no full stop: a text that ends in one may wait for an answer.
_FULL_STOP = re.compile(r"(?<!\.)\.(?!\.)")
_CLAUSE_BREAK = re.compile(r",(?=\s)|;|:(?=\s)|\s[–—-]+\s")
_QUESTION_WORD = re.compile(ENGLISH.get_pattern("question_word"), re.IGNORECASE)

# Tried on a question word at the beginning of the sentence: "When the strike ended, which …".
_SUBORDINATOR = re.compile(ENGLISH.get_pattern("subordinator"), re.IGNORECASE)
_CLEARLY_ASKING = re.compile(ENGLISH.get_pattern("clearly_asking"), re.IGNORECASE)
_CONTINUATION = re.compile(ENGLISH.get_pattern("question_after_break"), re.IGNORECASE)
# The doubt about a word that most likely only joins clauses, as in "we know which party won".
_MAX_DOUBT = 2
# Each question word is judged by all that stands before it, so a text of thousands would take
# quadratic time.
_MAX_QUESTION_WORDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionStructure:
    """The parts of a question.

    Attributes:
        sentence: The last sentence that asks something.
        clause: The part of this sentence between the commas around the question word.
        polite_opening: The words before the question itself ("can you tell me").
        question_word_start: The offset of the question word. None if there is none, or if the
            question asks for yes or no.
        is_yes_or_no: Whether the question asks for yes or no.
    """

    sentence: Span
    clause: Span
    polite_opening: Span
    question_word_start: int | None
    is_yes_or_no: bool


def analyse_question_structure(question: str) -> QuestionStructure:
    """Return the structure of a question."""
    sentence = _find_asking_sentence(question)
    beginning = next(_BEGINNING.finditer(question, *sentence))
    is_yes_or_no = beginning["yes_or_no"] is not None
    question_word_start = (
        None if is_yes_or_no else _find_question_word(question, sentence, beginning.end())
    )
    return QuestionStructure(
        sentence=sentence,
        clause=_find_clause(
            question, sentence, sentence.end if question_word_start is None else question_word_start
        ),
        polite_opening=Span(*beginning.span("polite")),
        question_word_start=question_word_start,
        is_yes_or_no=is_yes_or_no,
    )


def _find_asking_sentence(question: str) -> Span:
    """Return the last sentence with a question mark, else with a question word, else the last one."""
    candidates = [
        sentence
        for sentence in split_question(question)
        if not _TRUE_OR_FALSE.fullmatch(sentence.extract(question))
    ]
    return next(_iter_asking_sentences(question, candidates), Span(0, len(question)))


def _iter_asking_sentences(question: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """Yield the sentences of a question, those that more likely ask something first."""
    last_first = sentences[::-1]
    yield from (span for span in last_first if "?" in get_end_marks(span.extract(question)))
    yield from (span for span in last_first if _QUESTION_WORD.search(span.extract(question)))
    yield from last_first


def _find_question_word(question: str, sentence: Span, opening_end: int) -> int | None:
    """Return the offset of the question word that is the least likely to join clauses.

    Of equally likely words, the first counts. None means that there is no question word, or that the
    sentence ends in a full stop and all of its question words seem to join clauses.
    """
    words = islice(_QUESTION_WORD.finditer(question, *sentence), _MAX_QUESTION_WORDS)
    doubts = [(_rate_doubt(question, word, sentence, opening_end), word.start()) for word in words]
    if not doubts or (
        min(doubts)[0] == _MAX_DOUBT
        and _FULL_STOP.search(get_end_marks(sentence.extract(question)))
    ):
        return None
    return min(doubts)[1]


def _rate_doubt(question: str, word: re.Match[str], sentence: Span, opening_end: int) -> int:
    """Return the doubt that a question word really asks, from 0 to _MAX_DOUBT."""
    if word.start() == opening_end:
        return _MAX_DOUBT if _SUBORDINATOR.match(question, word.start()) else 0
    # A question word at the very end asks: "The film was directed by whom?"
    if not any(map(str.isalnum, question[word.end() : sentence.end])):
        return 0
    continuation = _CONTINUATION.search(question[sentence.start : word.end()])
    return 1 if continuation or _CLEARLY_ASKING.match(question, word.start()) else _MAX_DOUBT


def _find_clause(question: str, sentence: Span, offset: int) -> Span:
    """Return the part of a sentence between the commas before and after `offset`."""
    breaks = list(_CLAUSE_BREAK.finditer(question, *sentence))
    start = max(
        (clause_break.end() for clause_break in breaks if clause_break.end() <= offset),
        default=sentence.start,
    )
    end = min(
        (clause_break.start() for clause_break in breaks if clause_break.start() >= offset),
        default=sentence.end,
    )
    return Span(start, end)

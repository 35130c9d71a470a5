"""The kind of answer that a question asks for, and the noun in it that names the thing."""

import re
from dataclasses import dataclass, replace

from bot.english.word_lists import ENGLISH, join_words
from bot.model.span import EMPTY_SPAN, Span
from bot.retrieval.question.answer_kinds import (
    KINDS_BY_NOUN,
    KINDS_WITH_HEAD,
    KINDS_WITH_IGNORED_HEAD,
    LENIENT_KINDS,
    NAMED_KINDS,
    NUMERIC_KINDS,
    AnswerTypeKind,
)
from bot.retrieval.question.clauses import QuestionStructure, analyse_question_structure
from bot.retrieval.question.nouns import NAMED_NOUNS, TITLE_NOUNS
from bot.retrieval.text.punctuation import get_end_marks
from bot.retrieval.text.terms import Analyser


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerType:
    """The kind of answer that a question asks for.

    Attributes:
        kind: The kind.
        head: The term of the last word of the question's noun: "court" in "which federal court". None
            without a noun.
        is_strict: Whether a sentence without a sign of this kind can't be the answer.
        has_title_noun: Whether the noun is written beside a name, such as "judge" or "court".
        ignored_spans: Words that only ask ("can you tell me", "how many"). They are not searched for.
        noun_span: The noun with the words before it ("AI model"). An answer need not repeat it. Empty
            if the answer has to mention the noun ("the name of the storm").
        clauses: The clause that asks, between commas, and then the whole sentence.
        is_question: Whether the text asks anything. Claims and plain search terms do not.
    """

    kind: AnswerTypeKind = AnswerTypeKind.ANY
    head: str | None = None
    is_strict: bool = False
    has_title_noun: bool = False
    ignored_spans: tuple[Span, ...] = ()
    noun_span: Span = EMPTY_SPAN
    clauses: tuple[Span, ...] = ()
    is_question: bool = True

    @property
    def is_factoid(self) -> bool:
        """Whether the answer is a name, a number or a thing, and not a reason or a statement."""
        return self.is_numeric or self.head is not None or self.kind in NAMED_KINDS

    @property
    def is_numeric(self) -> bool:
        """Whether the answer is written in digits."""
        return self.kind in NUMERIC_KINDS


_MONEY_WORDS = re.compile(rf"\b{join_words(ENGLISH.get_words('money_words'))}\b", re.IGNORECASE)
_TITLE_NOUN = re.compile(join_words(TITLE_NOUNS), re.IGNORECASE)
_NAMED_NOUN = re.compile(join_words(NAMED_NOUNS), re.IGNORECASE)

_OF_PHRASE = re.compile(ENGLISH.get_pattern("of_phrase"), re.IGNORECASE)
# Names that own a noun: the first in "which OpenAI's model", the second after the noun in "which
# country Putin's army attacked".
_LEADING_OWNER = re.compile(r"(?:[A-Z]\S*\s+)*[A-Z]\S*['’]s?\s+")
_INNER_OWNER = re.compile(r"\s+(?:[A-Z]\S*\s+)*[A-Z]\S*['’]s\b.*")
_OWNER_NOUN = re.compile(ENGLISH.get_pattern("owner_noun"))

_NOUN_GROUPS = ("noun", "bearer", "thing")
_QUESTION_PATTERNS = tuple(
    (AnswerTypeKind(form.kind), re.compile(form.pattern, re.IGNORECASE))
    for form in ENGLISH.get_forms("question_forms")
)
_ENDING_PATTERNS = tuple(
    (AnswerTypeKind(form.kind), re.compile(rf"\b(?:{form.pattern})\W*$", re.IGNORECASE))
    for form in ENGLISH.get_forms("open_endings")
)
_OPEN_END_MARKS = ("?", ":", "…", "...")
"""The marks of a text that waits for its completion."""


def parse_answer_type(question: str, analyser: Analyser) -> AnswerType:
    """Return the kind of answer that a question asks for. It is ANY for a yes-or-no question."""
    structure = analyse_question_structure(question)
    answer_type = (
        _parse_open_question(question, structure)
        if structure.question_word_start is None
        else _parse_question_word(question, structure, structure.question_word_start, analyser)
    )
    return replace(
        answer_type,
        ignored_spans=(structure.polite_opening, *answer_type.ignored_spans),
        clauses=(structure.clause, structure.sentence),
    )


def _parse_open_question(question: str, structure: QuestionStructure) -> AnswerType:
    """Return the answer type of a question without a question word."""
    if structure.is_yes_or_no:
        return AnswerType()
    kind = _find_kind_by_ending(structure.sentence.extract(question))
    is_question = kind is not AnswerTypeKind.ANY or _expects_completion(question, structure)
    return AnswerType(kind=kind, is_question=is_question)


def _parse_question_word(
    question: str, structure: QuestionStructure, start: int, analyser: Analyser
) -> AnswerType:
    """Return the answer type of a question with its question word at `start`."""
    for kind, pattern in _QUESTION_PATTERNS:
        match = pattern.match(question, start, structure.sentence.end)
        # "How big is the fine?" asks for money, "How big is the storm?" does not.
        if match and (
            kind is not AnswerTypeKind.MONEY or _MONEY_WORDS.search(question, *structure.sentence)
        ):
            return _parse_match(kind, match, analyser)
    return AnswerType()


def _expects_completion(question: str, structure: QuestionStructure) -> bool:
    """Return whether a text without a question word waits for an answer, or asks for one politely."""
    asking_words = structure.polite_opening.extract(question).strip()
    return bool(asking_words or _has_gap(structure.sentence.extract(question)))


def _has_gap(sentence: str) -> bool:
    """Return whether a sentence has a gap to be filled in, or ends in a mark that waits for more."""
    marks = get_end_marks(sentence)
    return (
        "__" in sentence
        or sentence.removesuffix(marks).endswith("_")
        or any(mark in marks for mark in _OPEN_END_MARKS)
    )


def _find_kind_by_ending(sentence: str) -> AnswerTypeKind:
    """Return the kind of answer that an unfinished sentence waits for ("for the first time since:")."""
    return next(
        (kind for kind, pattern in _ENDING_PATTERNS if pattern.search(sentence)), AnswerTypeKind.ANY
    )


def _parse_match(kind: AnswerTypeKind, match: re.Match[str], analyser: Analyser) -> AnswerType:
    """Return the answer type for the words that a form of question matched."""
    group = next((name for name in _NOUN_GROUPS if match.groupdict().get(name)), None)
    if group is None:
        return AnswerType(
            kind=kind, is_strict=kind not in LENIENT_KINDS, ignored_spans=(Span(*match.span()),)
        )
    noun, head = _find_noun_and_head(match.string, Span(*match.span(group)))
    word = head.extract(match.string)
    # "How many years" asks for a count, although "what year" asks for a date.
    kind = kind if kind is AnswerTypeKind.COUNT else KINDS_BY_NOUN.get(word.lower(), kind)
    before = Span(match.start(), min(match.end(), match.start(group)))
    is_strict = kind not in LENIENT_KINDS
    if group == "thing" or kind not in KINDS_WITH_HEAD:
        ignored_spans = (before, head) if kind in KINDS_WITH_IGNORED_HEAD else (before,)
        return AnswerType(kind=kind, is_strict=is_strict, ignored_spans=ignored_spans)
    expects_any = kind is AnswerTypeKind.NAME and not _expects_name(match, group, word)
    return AnswerType(
        kind=kind,
        head=next(reversed(analyser.extract_term_texts(word)), None),
        is_strict=is_strict and not expects_any,
        has_title_noun=_TITLE_NOUN.fullmatch(word) is not None,
        ignored_spans=(before,),
        noun_span=noun if group == "noun" else EMPTY_SPAN,
    )


def _expects_name(match: re.Match[str], group: str, head: str) -> bool:
    """Return whether the answer is a name. "What agreement" may be answered without one."""
    asks_which = match[0].lower().startswith("which")
    return asks_which or group == "bearer" or _NAMED_NOUN.fullmatch(head) is not None


def _find_noun_and_head(question: str, span: Span) -> tuple[Span, Span]:
    """Return the noun without names that own it, and the word in it that names what is asked for.

    This is the last word, unless a common noun owns it: "which country's war" asks for a country,
    "which of Altman's models" for a model.
    """
    text = span.extract(question)
    leading_owner = _LEADING_OWNER.match(text)
    start = leading_owner.end() if leading_owner else 0
    inner_owner = _INNER_OWNER.search(text, start)
    noun = text[start : inner_owner.start() if inner_owner else None].rstrip(".’'”\"")
    owner = _OWNER_NOUN.search(noun)
    last = Span(*owner.span()) if owner else Span(noun.rfind(" ") + 1, len(noun))
    start += span.start
    of_phrase = _OF_PHRASE.match(question, start + len(noun))
    # An answer need not repeat "head of the bank". From "head of Tesla" it has to mention Tesla.
    is_plain = of_phrase is not None and of_phrase[0].islower()
    end = of_phrase.end() if of_phrase and is_plain else start + len(noun)
    return Span(start, end), last.shift(start)

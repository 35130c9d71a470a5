"""The kind of answer that a question wants, and the noun it asks for. English throughout."""

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
    get_kind,
)
from bot.retrieval.question.clauses import QuestionStructure, analyse_question_structure
from bot.retrieval.question.nouns import NAMED_NOUNS, TITLE_NOUNS
from bot.retrieval.text.terms import Analyser


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerType:
    """The kind of answer that a question wants.

    Attributes:
        kind: What it asks for.
        head: The term of the noun asked for ("which court", "how many people"); None without one.
        is_strict: Whether a sentence without such a thing can't be the answer.
        has_title_noun: Whether the noun stands beside the name of what it means, like a judge or a court.
        ignored_spans: The words that only ask ("can you tell me", "how many"): not searched for.
        noun_span: The noun asked for with what stands before it ("AI model"); an answer need not
            repeat it. Nowhere where the answer must speak of it ("the name of the storm").
        clauses: Where the question asks, the narrower first: between commas, and the sentence.
        is_question: Whether it asks at all; a claim does not, nor do terms to search for.
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
        """Whether the answer has a name or digits: a thing, and not a reason or a sentence."""
        return self.is_numeric or self.head is not None or self.kind in NAMED_KINDS

    @property
    def is_numeric(self) -> bool:
        """Whether the answer is written with digits."""
        return self.kind in NUMERIC_KINDS


_MONEY_WORDS = re.compile(rf"\b{join_words(ENGLISH.get_words('money_words'))}\b", re.IGNORECASE)
_TITLE_NOUN = re.compile(join_words(TITLE_NOUNS), re.IGNORECASE)
_NAMED_NOUN = re.compile(join_words(NAMED_NOUNS), re.IGNORECASE)

_OF_PHRASE = re.compile(ENGLISH.get_pattern("of_phrase"), re.IGNORECASE)
_LEADING_OWNER = re.compile(r"(?:[A-Z]\S*\s+)*[A-Z]\S*['’]s?\s+")
_INNER_OWNER = re.compile(r"\s+(?:[A-Z]\S*\s+)*[A-Z]\S*['’]s\b.*")
_OWNER_NOUN = re.compile(ENGLISH.get_pattern("owner_noun"))

_NOUN_GROUPS = ("noun", "bearer", "thing")
_QUESTION_PATTERNS = tuple(
    (get_kind(form.kind), re.compile(form.pattern, re.IGNORECASE))
    for form in ENGLISH.get_forms("question_forms")
)
_ENDING_PATTERNS = tuple(
    (get_kind(form.kind), re.compile(rf"\b(?:{form.pattern})\W*$", re.IGNORECASE))
    for form in ENGLISH.get_forms("open_endings")
)
_GAP = re.compile(r"__|(?:[?:…_]|\.{3})\W*$")
"""A gap to be filled, or how a text ends that waits for something."""


def parse_answer_type(question: str, analyser: Analyser) -> AnswerType:
    """The kind of answer that `question` wants; that of a yes-or-no question is any."""
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
    """Return what a question without a question word wants."""
    if structure.is_yes_or_no:
        return AnswerType()
    kind = _find_kind_by_ending(structure.sentence.extract(question))
    is_question = kind is not AnswerTypeKind.ANY or _expects_completion(question, structure)
    return AnswerType(kind=kind, is_question=is_question)


def _parse_question_word(
    question: str, structure: QuestionStructure, start: int, analyser: Analyser
) -> AnswerType:
    """Return what a question wants whose question word stands at `start`."""
    for kind, pattern in _QUESTION_PATTERNS:
        match = pattern.match(question, start, structure.sentence.end)
        if match and (
            kind is not AnswerTypeKind.MONEY or _MONEY_WORDS.search(question, *structure.sentence)
        ):
            return _parse_match(kind, match, analyser)
    return AnswerType()


def _expects_completion(question: str, structure: QuestionStructure) -> bool:
    """Whether a question without a question word waits for something, or begins by asking for it."""
    asking_words = structure.polite_opening.extract(question).strip()
    return bool(asking_words or _GAP.search(structure.sentence.extract(question)))


def _find_kind_by_ending(sentence: str) -> AnswerTypeKind:
    """What a sentence leaves open that ends before its last word ("for the first time since:")."""
    return next(
        (kind for kind, pattern in _ENDING_PATTERNS if pattern.search(sentence)), AnswerTypeKind.ANY
    )


def _parse_match(kind: AnswerTypeKind, match: re.Match[str], analyser: Analyser) -> AnswerType:
    """What the words of a form want, without what stands around them."""
    group = next((name for name in _NOUN_GROUPS if match.groupdict().get(name)), None)
    if group is None:
        return AnswerType(
            kind=kind, is_strict=kind not in LENIENT_KINDS, ignored_spans=(Span(*match.span()),)
        )
    noun, head = _find_noun_and_head(match.string, Span(*match.span(group)))
    word = head.extract(match.string)
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
    """Whether the answer is a name: "what agreement" may be told without one."""
    asks_which = match[0].lower().startswith("which")
    return asks_which or group == "bearer" or _NAMED_NOUN.fullmatch(head) is not None


def _find_noun_and_head(question: str, span: Span) -> tuple[Span, Span]:
    """The noun without names that own it, and the word for what is asked, the last but for owners.

    "Which country's war" asks for a country, "which of Altman's models" for a model.
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
    is_plain = of_phrase is not None and of_phrase[0].islower()
    end = of_phrase.end() if of_phrase and is_plain else start + len(noun)
    return Span(start, end), last.shift(start)

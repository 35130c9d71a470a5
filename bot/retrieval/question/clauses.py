"""Which part of a question asks, and by which word. English throughout."""

import re
from dataclasses import dataclass

from bot.model.span import Span
from bot.retrieval.text.sentences import sentences

AUXILIARY = (
    r"(?:(?:did|do|does|is|are|was|were|will|would|has|have|had|can|could|may|might|should|must)"
    r"(?:n['’]t)?|(?:can|won)['’]t)"
)
PRONOUN = r"(?:he|she|it|they|we|you|i|there|who|that|which|what|one)"
DETERMINER = (
    r"(?:the|an?|this|that|these|those|his|her|its|their|our|my|your|some|any|many|most|all)"
)
_POLITE = (
    r"(?:(?:hey|hi|hello|so|ok|okay|please|well|and|but|also|all|there)\b[,\s]*"
    r"|(?:can|could|would) (?:you|someone|anyone) (?:please )?tell (?:me|us)\s+"
    r"|(?:please )?tell (?:me|us)\s+|(?:do|does) (?:you|we|anyone|anybody|someone) know\s+"
    r"|(?:i|we) want to know\s+|true or false\b[?:]?\s*)*"
)
_BEGINNING = re.compile(
    rf"(?P<polite>\s*{_POLITE})(?P<yes_or_no>{AUXILIARY}\b)?"
    r"(?P<preposition>(?:about|at|by|during|for|from|in|of|on|since|to|under|until|with)\s+)?",
    re.IGNORECASE,
)
_TRUTH = re.compile(r"true or false\W*", re.IGNORECASE)
_STOP = re.compile(r"(?<!\.)\.(?!\.)\W*$")
_MARK = re.compile(r"\?\W*$")
_BREAK = re.compile(r",(?=\s)|;|:(?=\s)|\s[–—-]+\s")
_WORD = re.compile(r"\b(?:which|what|whom|whose|who|when|where|why|how)\b", re.IGNORECASE)

# Tried behind a question word that begins the sentence: "When the strike ended, which …".
_JOINS = re.compile(rf"(?:when|where)(?!['’]s|\s+{AUXILIARY}\b)", re.IGNORECASE)
_ASKS = re.compile(
    rf"(?:which|what)(?!['’]s)(?!\s+(?:{AUXILIARY}|{PRONOUN}|{DETERMINER}|\w{{2,}}ed|\w+s\s+(?:for|{DETERMINER}))\b)"
    r"|which (?:one\b|of (?:these|those|the)\b)"
    r"|how (?:many|much|long|old|fast|far|tall|high|deep|wide|heavy|big|large|often|strong|soon)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    rf"(?:(?:[;:–—]|\b(?:and|but|so))\s*{_WORD.pattern}|,\s*(?:what|why|how))$", re.IGNORECASE
)
_JOINING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Where a question asks.

    Attributes:
        sentence: The last sentence that asks.
        part: What of it stands between the commas around the question word.
        polite: The words before the question proper ("can you tell me").
        word: Where the question word begins; None in a question without one, or of yes or no.
        is_yes_or_no: Whether it asks for yes or no.
    """

    sentence: Span
    part: Span
    polite: Span
    word: int | None
    is_yes_or_no: bool


def asking(question: str) -> Asking:
    """Where `question` asks."""
    sentence = _asking_sentence(question)
    beginning = next(_BEGINNING.finditer(question, *sentence))
    is_yes_or_no = beginning["yes_or_no"] is not None
    word = None if is_yes_or_no else _question_word(question, sentence, beginning.end())
    return Asking(
        sentence=sentence,
        part=_part(question, sentence, sentence.end if word is None else word),
        polite=Span(*beginning.span("polite")),
        word=word,
        is_yes_or_no=is_yes_or_no,
    )


def _asking_sentence(question: str) -> Span:
    """The last sentence with a question mark, else the last with a question word, else the last."""
    told = [each for each in sentences(question) if not _TRUTH.fullmatch(each.of(question))]
    for sign in (_MARK, _WORD):
        for sentence in reversed(told):
            if sign.search(sentence.of(question)):
                return sentence
    return told[-1] if told else Span(0, len(question))


def _question_word(question: str, sentence: Span, opening: int) -> int | None:
    """Where the word begins that is the least likely to join clauses; of equals the first.

    None where there is none, and where all seem to join what a full stop ends.
    """
    words = _WORD.finditer(question, *sentence)
    doubts = [(_doubt(question, word, sentence, opening), word.start()) for word in words]
    if not doubts or (min(doubts)[0] == _JOINING and _STOP.search(sentence.of(question))):
        return None
    return min(doubts)[1]


def _doubt(question: str, word: re.Match[str], sentence: Span, opening: int) -> int:
    """How much speaks for a word that joins clauses, from 0 to _JOINING."""
    if word.start() == opening:
        return _JOINING if _JOINS.match(question, word.start()) else 0
    if not any(map(str.isalnum, question[word.end() : sentence.end])):
        return 0
    goes_on = _GOES_ON.search(question[sentence.start : word.end()])
    return 1 if goes_on or _ASKS.match(question, word.start()) else _JOINING


def _part(question: str, sentence: Span, at: int) -> Span:
    """The part of a sentence between the commas before and behind `at`."""
    breaks = list(_BREAK.finditer(question, *sentence))
    start = max((each.end() for each in breaks if each.end() <= at), default=sentence.start)
    end = min((each.start() for each in breaks if each.start() >= at), default=sentence.end)
    return Span(start, end)

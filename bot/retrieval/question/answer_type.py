"""The kind of answer that a question wants, and the noun it asks for. English throughout."""

import re
from dataclasses import dataclass, replace

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
from bot.retrieval.question.clauses import (
    AUXILIARY,
    DETERMINER,
    PRONOUN,
    QuestionStructure,
    analyse_question_structure,
)
from bot.retrieval.question.nouns import NAMED_NOUNS, TITLE_NOUNS
from bot.retrieval.text.speech_verbs import QUESTION_VERBS
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


_SPEECH_VERB_AHEAD = rf"(?=.*\b(?:{'|'.join(QUESTION_VERBS)})\b)"
_MONEY_WORDS = re.compile(
    r"\b(?:worth|cost\w*|pay\w*|paid|pric\w+|spen[dt]\w*|charged?|earn\w*|raised?|money|dollars|euros"
    r"|sold|sell\w*|fined?|fees?|settle\w*|damages|debts?|tax\w*|salar\w+|wages?|budget|bill|buy|bought"
    r"|auction\w*|loans?|donat\w+|compensation|jackpot|prize|revenue|profits?)\b",
    re.IGNORECASE,
)
_TITLE_NOUN = re.compile("|".join(TITLE_NOUNS), re.IGNORECASE)
_NAMED_NOUN = re.compile("|".join(NAMED_NOUNS), re.IGNORECASE)

_FUNCTION_WORD = (
    rf"(?:{AUXILIARY}|{PRONOUN}|{DETERMINER}|about|across|after|against|alongside|amid|around|as|at|"
    r"before|behind|between|by|during|for|from|in|including|inside|into|near|of|off|on|out|outside|"
    r"over|since|than|through|to|towards?|under|unless|until|up|via|when|where|while|with|without|"
    r"within|how|because|if|and|or|but|both|also|else|exactly|just|not|now|soon|again|ago|ever|never|"
    r"per|last|available|back|nationwide|still|together|"
    r"\w{3,}(?:ent|ed|al|ous|ful|iv|et)e?ly)(?![\w’'-])"
)
# What ends a noun unless it begins it ("which hit show"): verbs, mostly.
_NOUN_END = (
    r"(?:early|earlier|later?|next|agreed|beat|became|becomes?|began|broke|brought|built|came|caught|"
    r"comes|cut|drew|exists?|fell|found|gave|gets?|gives?|got|happen|held|helps?|hit|holds?|kept|"
    r"known|leads?|left|led|lost|made|makes?|means?|meet|met|owns?|paid|plays?|put|quit|ran|ranks?|"
    r"remains?|represents?|rose|said|sank|saw|says?|sells?|sent|set|shot|shut|sold|spent|stands?|"
    r"stolen|struck|swept|takes?|tends|told|took|tops|usually|went|won|"
    r"(?:aim|need|plan|want)s?(?=\s+to\b)|"
    r"(?<!ly )(?!united|hundred|animated|beloved|armed)\w+[^e\W]ed|"
    r"\w{3,}(?=\s+(?:the|an?|his|her|its|their|our|down|off|out|up)\b)|"
    r"(?!building|meeting|painting|ruling|wedding)\w{3,}ing(?=\s+(?:the|an?|at|in|on|to)\b)"
    r")(?![\w’'-])"
)
_NOUN_WORD = r"(?:[“\"]\w[^“”\"]{0,30}[”\"]|[$£€'’]?\w(?:[\w’'.&-]*\w)?\.?)"
_NOUN = (
    rf"(?!{_FUNCTION_WORD}){_NOUN_WORD}(?:\s+(?!{_FUNCTION_WORD}|{_NOUN_END}){_NOUN_WORD}){{0,7}}"
)
_OF_PHRASE = re.compile(rf"\s+of\s+(?:{DETERMINER}\s+)?{_NOUN}", re.IGNORECASE)
_LEADING_OWNER = re.compile(r"(?:[A-Z]\S*\s+)*[A-Z]\S*['’]s?\s+")
_INNER_OWNER = re.compile(r"\s+(?:[A-Z]\S*\s+)*[A-Z]\S*['’]s\b.*")
_POSSESSIVE_NOUN = re.compile(
    r"(?<!\S)(?!(?:children|girl|kid|boy|m[ae]n|nation|people|wom[ae]n|world|year)s?['’])"
    r"[a-z][\w-]*(?=['’]s?(?:\s|$))"
)

_NOUN_GROUPS = ("noun", "bearer", "thing")
_SORT_NOUN = "(?:kinds?|types?|sorts?|examples?)"
_NAME_OF = rf"(?:\w+ )?(?:name|title|nickname) of\s+(?:{DETERMINER}\s+)?"
_CALLED = "(?:called|titled|named|nicknamed|dubbed|known as)"
_OF_THESE = rf"(?:\s+one\b)?(?:\s+of\b)?(?:\s+{DETERMINER}(?=\s))?(?:\s+following\b)?"
_WHAT_IS_THE = rf"what {AUXILIARY}\s+(?:the|its|their|his|her)\s+"
_QUESTION_PATTERNS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (AnswerTypeKind.DURATION, r"how (?:long|soon|much (?:longer|time))\b"),
        (AnswerTypeKind.WEIGHT, r"how (?:heavy\b|much\b(?=.*\bweigh))"),
        (AnswerTypeKind.AMOUNT, r"(?:(?<=by )how much|how much of)\b"),
        (
            AnswerTypeKind.AMOUNT,
            r"how much\b(?=.*\b(?:increased?|risen|grown|fallen|dropped|declined)\b)",
        ),
        (
            AnswerTypeKind.MONEY,
            r"how (?:much|big|large|many (?:dollars|euros|pounds))\b(?: money\b)?",
        ),
        (AnswerTypeKind.AMOUNT, r"how (?:much|big|large|often|strong|high)\b"),
        (AnswerTypeKind.AGE, r"(?:how old|what age(?! groups?\b))\b"),
        (AnswerTypeKind.SPEED, r"how fast\b"),
        (AnswerTypeKind.LENGTH, r"how (?:far|tall|deep|wide)\b"),
        (
            AnswerTypeKind.COUNT,
            rf"how (?:many|few)\b(?:\s+more\b)?(?:\s+of \w+\b)?(?:\s+(?P<noun>{_NOUN}))?",
        ),
        (AnswerTypeKind.REASON, r"(?:why|how come)\b"),
        (AnswerTypeKind.REASON, r"what(?=\s+(?:caused|causes|is causing|led to|motivated)\b)"),
        (AnswerTypeKind.REASON, r"(?:(?<=due to )|(?<=because of ))what(?=\W*$)"),
        (AnswerTypeKind.DATE, r"when\b"),
        (AnswerTypeKind.PLACE, r"where\b"),
        (AnswerTypeKind.PERSON, rf"(?:who|whom|whose|what {AUXILIARY} (?:his|her) name)\b"),
        (AnswerTypeKind.QUOTATION, rf"(?:what|how) {AUXILIARY}\b{_SPEECH_VERB_AHEAD}"),
        (AnswerTypeKind.ANY, r"what happen(?:s|ed)?\b"),
        (
            AnswerTypeKind.ANY,
            rf"(?:what|which) {_SORT_NOUN} of\b(?:\s+{DETERMINER}\b)?(?:\s+(?P<noun>{_NOUN}))?",
        ),
        (AnswerTypeKind.ANY, r"(?:which|what)\s+(?:\w+\s+)?things?\b"),
        (AnswerTypeKind.NAME, rf"{_WHAT_IS_THE}(?={_NAME_OF}(?P<bearer>{_NOUN}))"),
        (
            AnswerTypeKind.NAME,
            rf"what {AUXILIARY}\b(?=.*\b{_CALLED}\W*$)(?:\s+the\s+(?P<bearer>{_NOUN}))?",
        ),
        (AnswerTypeKind.ANY, rf"{_WHAT_IS_THE}(?P<thing>{_NOUN})"),
        (AnswerTypeKind.PERCENTAGE, r"(?:what|which) (?:percentage|per ?cent|share|proportion)\b"),
        (AnswerTypeKind.NAME, rf"what\s+(?!{_NOUN_END})(?P<noun>{_NOUN})"),
        (AnswerTypeKind.NAME, r"which\s+one\b(?!\s+of)"),
        (AnswerTypeKind.NAME, rf"which{_OF_THESE}(?:\s+(?P<noun>{_NOUN}))?"),
    )
)
_ENDING_PATTERNS = tuple(
    (kind, re.compile(rf"\b(?:{pattern})\W*$", re.IGNORECASE))
    for kind, pattern in (
        (AnswerTypeKind.DATE, r"since(?: at least)?(?: the)?"),
        (AnswerTypeKind.REASON, r"because(?: of)?|due to"),
        (AnswerTypeKind.NAME, rf"renamed(?: to)?|{_CALLED}"),
        (AnswerTypeKind.PERSON, r"(?:held|set|owned|led|directed|written) by"),
        (AnswerTypeKind.AMOUNT, r"measures|weighs|ballooned to"),
    )
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
    owner = _POSSESSIVE_NOUN.search(noun)
    last = Span(*owner.span()) if owner else Span(noun.rfind(" ") + 1, len(noun))
    start += span.start
    of_phrase = _OF_PHRASE.match(question, start + len(noun))
    is_plain = of_phrase is not None and of_phrase[0].islower()
    end = of_phrase.end() if of_phrase and is_plain else start + len(noun)
    return Span(start, end), last.shift(start)

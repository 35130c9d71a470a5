"""Verification of quotations: which quotes in a text are verbatim in an article of the library."""

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.text.controls import SUBSTITUTES
from bot.retrieval.text.passages import iter_sentences
from bot.retrieval.text.punctuation import HYPHENS, strip_bidi_controls
from bot.retrieval.text.terms import Analyser

MIN_WORDS = 3
"""The minimum number of words in a quotation; fewer are an expression."""

MAX_QUOTATIONS = 10
"""The maximum number of quotations checked per text, so that the results fit in one message."""

_MARKS = "\"'`“”„«»‘’\u00b4\u201a\u201b\u201f\u2039\u203a\u02bc\uff02\uff07"
_ANY_MARK = f"[{re.escape(_MARKS)}]"
_HYPHENS = re.escape(HYPHENS)
# A quotation copied from an answer has substitutes for the control characters of the article.
_ANY_SHOWN_AS = {
    substitute: f"[{substitute}{''.join(char for char in SUBSTITUTES if SUBSTITUTES[char] == substitute)}]"
    for substitute in SUBSTITUTES.values()
}

_BLOCK = re.compile(r"^>>> ?[\s\S]*|(?:^>(?: .*)?$\n?)+", re.MULTILINE)
_BLOCK_SIGN = re.compile(r"^>(?:>> ?| )?", re.MULTILINE)
_INLINE = re.compile(
    r"“(?P<curly>[^“”]+)”"
    r"|„(?P<low>[^„“”]+)[“”]"
    r"|«(?P<angled>[^«»]+)»"
    r"|»(?P<reversed>[^«»]+)«"
    # A blank line ends the quotation: without that, one missing mark would swap the inside and
    # the outside of all quotations after it.
    r'|"(?P<straight>(?:(?!\n\s*\n)[^"])+)"'
    r"|(?<!\w)‘(?P<single>[^‘]+?)’(?!\w)"
)
_WORD = re.compile(r"[^\W_]")

# The first and last words must be whole words and whole numbers: "elected" does not occur in
# "re-elected", nor "5 million" in "1.5 million".
_BEFORE = rf"(?<![\w{_HYPHENS}])(?<!\d[.,])"
_BEHIND = rf"(?![\w{_HYPHENS}])(?![.,]\d)(?!['’]\w)"


class QuotationStatus(StrEnum):
    """How a quotation stands in the library."""

    VERBATIM = "verbatim"
    RECASED = "recased"
    ABSENT = "absent"
    COMMON = "common"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedQuotation:
    """A quotation with the result of its check.

    Attributes:
        quotation: The quotation as entered, on one line.
        status: Whether an article contains it verbatim, with other capitals or not at all; or that
            it consists of common words only and was not searched.
        citation: The sentences with the quotation in the article published first; None if none has
            it.
        other_count: The number of other articles that contain it in the same way.
    """

    quotation: str
    status: QuotationStatus
    citation: Citation | None = None
    other_count: int = 0


def find_quotations(text: str) -> tuple[str, ...]:
    """Return the distinct quotations of at least MIN_WORDS words in a text, in order.

    Quotations stand in quotation marks, straight or typographic, or on lines that begin with `>`.
    They are returned on one line. A comma or full stop at the end belongs to the sentence around
    the quotation and is removed. Controls of the text's direction are removed, too.
    """
    plain_text = strip_bidi_controls(text)
    candidates = (_clean_quotation(quoted_text) for quoted_text in _iter_quoted(plain_text))
    return tuple(
        dict.fromkeys(candidate for candidate in candidates if _count_words(candidate) >= MIN_WORDS)
    )


def _iter_quoted(text: str) -> Iterator[str]:
    end = 0
    for block in _BLOCK.finditer(text):
        yield from _iter_inline(text[end : block.start()])
        yield _strip_marks(_BLOCK_SIGN.sub("", block.group()).strip())
        end = block.end()
    yield from _iter_inline(text[end:])


def _iter_inline(text: str) -> Iterator[str]:
    return (match[match.lastgroup or 0] for match in _INLINE.finditer(text))


def _strip_marks(block: str) -> str:
    """Return the block without quotation marks that enclose all of it."""
    match = _INLINE.fullmatch(block)
    return match[match.lastgroup or 0] if match else block


def _clean_quotation(text: str) -> str:
    line = " ".join(text.split())
    return line[:-1].rstrip() if line.endswith((",", ".")) else line


def _count_words(quotation: str) -> int:
    return sum(bool(_WORD.search(word)) for word in quotation.split())


async def check_quotations(
    texts: Iterable[str], index: LibrarySearch, *, until: date
) -> tuple[CheckedQuotation, ...]:
    """Check each quotation against the library, in order.

    The kind of quotation marks and white space are ignored, so a quotation is found across lines
    and paragraphs, too.

    Args:
        texts: The quotations.
        index: The search over the library.
        until: The clock's day; articles dated later are hidden.
    """
    return tuple([await _check_quotation(text, index, until) for text in texts])


async def _check_quotation(quotation: str, index: LibrarySearch, until: date) -> CheckedQuotation:
    terms = select_required_terms(quotation, index.analyser)
    if not terms:
        return CheckedQuotation(quotation=quotation, status=QuotationStatus.COMMON)
    articles = await index.find_matching_articles(terms, until=until)
    return await asyncio.to_thread(find_in_articles, articles, quotation)


def select_required_terms(quotation: str, analyser: Analyser) -> tuple[str, ...]:
    """Return terms that every article with the quotation contains, whatever its case.

    Only plain words inside the quotation are certain: a number may belong to a unit outside it, and
    an acronym is a term of its own in capitals.
    """
    terms = analyser.extract_terms(quotation)
    inside = [
        term.text
        for term in terms
        if _WORD.search(quotation[: term.start]) and _WORD.search(quotation[term.end :])
    ]
    all_terms = [term.text for term in terms]
    return tuple(
        dict.fromkeys(_keep_plain_words(inside) or _keep_plain_words(all_terms) or all_terms)
    )


def _keep_plain_words(terms: Iterable[str]) -> list[str]:
    return [term for term in terms if term.isalpha() and not term.isupper()]


def find_in_articles(articles: Iterable[Article], quotation: str) -> CheckedQuotation:
    """Check a quotation against articles; the first article with it is cited."""
    matcher = _QuotationMatcher(quotation)
    verbatim: list[tuple[Article, Span]] = []
    recased: list[tuple[Article, Span]] = []
    for article in articles:
        spans = list(matcher.find_spans(article.body))
        exact = next((span for span in spans if matcher.is_exact(article.body, span)), None)
        if exact:
            verbatim.append((article, exact))
        elif spans:
            recased.append((article, spans[0]))
    status = QuotationStatus.VERBATIM if verbatim else QuotationStatus.RECASED
    return _build_result(quotation, status, verbatim or recased)


class _QuotationMatcher:
    """A matcher of the words of one quotation in article bodies."""

    def __init__(self, quotation: str) -> None:
        # Measured: searching a lower-case body, without a look-behind, for a pattern that starts
        # with plain letters is fifteen times faster than `re.IGNORECASE`.
        pattern = _build_pattern(_lowercase(quotation))
        self._loose = re.compile(pattern)
        self._bounded = re.compile(_BEFORE + pattern + _BEHIND)
        self._exact = re.compile(_build_pattern(quotation))

    def find_spans(self, body: str) -> Iterator[Span]:
        """Yield the spans of the words in the body, ignoring case."""
        lowered = _lowercase(body)
        for match in self._loose.finditer(lowered):
            if self._bounded.match(lowered, match.start()):
                yield Span(*match.span())

    def is_exact(self, body: str, span: Span) -> bool:
        """Return whether the words at this span have the same case."""
        return bool(self._exact.fullmatch(body, *span))


def _lowercase(text: str) -> str:
    """Return the text in lower case with the same length.

    "İ" is the only character with a lower case of two characters.
    """
    return text.replace("İ", "I").lower()


def _build_result(
    quotation: str, status: QuotationStatus, matches: Sequence[tuple[Article, Span]]
) -> CheckedQuotation:
    if not matches:
        return CheckedQuotation(quotation=quotation, status=QuotationStatus.ABSENT)
    return CheckedQuotation(
        quotation=quotation,
        status=status,
        citation=_cite_sentences(*matches[0]),
        other_count=len(matches) - 1,
    )


def _cite_sentences(article: Article, quoted_span: Span) -> Citation:
    """Cite the whole sentences that overlap the quotation."""
    sentences = [
        sentence
        for sentence in iter_sentences(article.body)
        if sentence.start < quoted_span.end and quoted_span.start < sentence.end
    ]
    return Citation(
        article=article,
        span=Span(sentences[0].start, sentences[-1].end),
        answer_span=quoted_span,
        matches=(quoted_span,),
        score=0.0,
    )


def _build_pattern(quotation: str) -> str:
    """Build a pattern for the words with any white space between them and any quotation marks."""
    words = [
        "".join(
            _ANY_MARK if char in _MARKS else _ANY_SHOWN_AS.get(char, re.escape(char))
            for char in word
        )
        for word in quotation.split()
    ]
    return r"\s+".join(words)

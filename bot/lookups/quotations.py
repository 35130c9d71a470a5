"""Verification of quotations: which quotes in a text are verbatim in an article of the library."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.index.word_pairs import lower_in_place
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.text.controls import SUBSTITUTES
from bot.retrieval.text.passages import get_sentences
from bot.retrieval.text.punctuation import HYPHENS, strip_bidi_controls

MIN_WORDS = 3
"""The minimum number of words in a quotation; fewer are an expression."""

MAX_QUOTATIONS = 10
"""The maximum number of quotations checked per text, so that the results fit in one message."""

MAX_OTHERS = 100
"""The maximum number of other articles counted; a stock phrase stands in thousands."""

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
        other_count: The number of other articles that contain it in the same way, at most
            MAX_OTHERS.
        has_more_others: Whether even more articles contain it.
    """

    quotation: str
    status: QuotationStatus
    citation: Citation | None = None
    other_count: int = 0
    has_more_others: bool = False


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
    searches = [_QuotationSearch(text) for text in texts]
    searched = [
        search for search in searches if index.analyser.extract_term_texts(search.quotation)
    ]
    candidates = await index.find_articles_with_texts(
        # In lower case for articles with other capitals, and as written.
        [
            *(lower_in_place(search.quotation) for search in searched),
            *(search.quotation for search in searched),
        ],
        until=until,
    )
    await asyncio.to_thread(_read_articles, candidates, searched)
    return tuple(
        search.build_result()
        if search in searched
        else CheckedQuotation(quotation=search.quotation, status=QuotationStatus.COMMON)
        for search in searches
    )


def _read_articles(
    candidates: Iterable[tuple[Callable[[], Article], Sequence[int]]],
    searches: Sequence["_QuotationSearch"],
) -> None:
    """Let each search read the articles that may contain its quotation.

    Args:
        candidates: A function that loads each article, and the indices of the texts that it may
            contain: the quotations in lower case, then the quotations as written.
        searches: The searches for the quotations.
    """
    for load, indices in candidates:
        unfinished = [
            index for index in indices if index < len(searches) and not searches[index].is_complete
        ]
        if unfinished:
            article = load()  # takes longer than searching it
            for index in unfinished:
                searches[index].read(article, may_be_verbatim=index + len(searches) in indices)


def find_in_articles(articles: Iterable[Article], quotation: str) -> CheckedQuotation:
    """Check a quotation against articles; the first article with it is cited."""
    search = _QuotationSearch(quotation)
    for article in articles:
        search.read(article, may_be_verbatim=True)
    return search.build_result()


class _QuotationSearch:
    """A search for one quotation, and the articles that it has found."""

    def __init__(self, quotation: str) -> None:
        self.quotation = quotation
        self._matcher = _QuotationMatcher(quotation)
        self._verbatim: list[tuple[Article, Span]] = []
        self._recased: list[tuple[Article, Span]] = []

    @property
    def is_complete(self) -> bool:
        """Whether no further article can change the result."""
        return len(self._verbatim) > MAX_OTHERS + 1

    def read(self, article: Article, *, may_be_verbatim: bool) -> None:
        """Search an article, unless the result can't depend on it."""
        if may_be_verbatim and (span := self._matcher.find_verbatim(article.body)):
            self._verbatim.append((article, span))
        elif not self._verbatim and len(self._recased) <= MAX_OTHERS + 1:
            span = self._matcher.find_recased(article.body)
            self._recased += [(article, span)] if span else []

    def build_result(self) -> CheckedQuotation:
        """Return the result for the articles read so far; the first with the quotation is cited."""
        matches = self._verbatim or self._recased
        if not matches:
            return CheckedQuotation(quotation=self.quotation, status=QuotationStatus.ABSENT)
        other_count = len(matches) - 1
        return CheckedQuotation(
            quotation=self.quotation,
            status=QuotationStatus.VERBATIM if self._verbatim else QuotationStatus.RECASED,
            citation=_cite_sentences(*matches[0]),
            other_count=min(other_count, MAX_OTHERS),
            has_more_others=other_count > MAX_OTHERS,
        )


class _QuotationMatcher:
    """A matcher of the words of one quotation in article bodies."""

    def __init__(self, quotation: str) -> None:
        # Measured: searching a lower-case body, without a look-behind, for a pattern that starts
        # with plain letters is fifteen times faster than `re.IGNORECASE`.
        exact, loose = _build_pattern(quotation), _build_pattern(lower_in_place(quotation))
        self._exact, self._loose = re.compile(exact), re.compile(loose)
        self._bounded_exact = re.compile(_BEFORE + exact + _BEHIND)
        self._bounded_loose = re.compile(_BEFORE + loose + _BEHIND)

    def find_verbatim(self, body: str) -> Span | None:
        """Return the first span of the words in the body; None if there is none."""
        return _find_bounded(body, self._exact, self._bounded_exact)

    def find_recased(self, body: str) -> Span | None:
        """Return the first span of the words, ignoring case; None if there is none."""
        return _find_bounded(lower_in_place(body), self._loose, self._bounded_loose)


def _find_bounded(text: str, pattern: re.Pattern[str], bounded: re.Pattern[str]) -> Span | None:
    """Return the first match of a pattern at which its form with boundaries matches, too."""
    matches = (bounded.match(text, match.start()) for match in pattern.finditer(text))
    return next((Span(*match.span()) for match in matches if match), None)


def _cite_sentences(article: Article, quoted_span: Span) -> Citation:
    """Cite the whole sentences that overlap the quotation."""
    sentences = get_sentences(article).find_overlapping(quoted_span)
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

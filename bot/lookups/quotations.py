"""The quotations in a text, and which of them an article of the library has word for word."""

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.text.passages import sentences_in
from bot.retrieval.text.terms import Analyser
from bot.search.embedded import LiveCorpus

LEAST_WORDS = 3
"""Fewer words than these are an expression rather than a quotation."""

MOST_QUOTATIONS = 10
"""Of one text, so many are checked: what is said of them fits into one message."""

_MARKS = "\"'`“”„«»‘’\u00b4\u201a\u201b\u201f\u2039\u203a\u02bc\uff02\uff07"
_ANY_MARK = f"[{re.escape(_MARKS)}]"
_HYPHENS = "\\-\u2010\u2011"

_BLOCK = re.compile(r"^>>> ?[\s\S]*|(?:^>(?: .*)?$\n?)+", re.MULTILINE)
_BLOCK_SIGN = re.compile(r"^>(?:>> ?| )?", re.MULTILINE)
_INLINE = re.compile(
    r"“(?P<curly>[^“”]+)”"
    r"|„(?P<low>[^„“”]+)[“”]"
    r"|«(?P<angled>[^«»]+)»"
    r"|»(?P<reversed>[^«»]+)«"
    # A mark that was left out must not turn all that follows inside out: a blank line ends it.
    r'|"(?P<straight>(?:(?!\n\s*\n)[^"])+)"'
    r"|(?<!\w)‘(?P<single>[^‘]+?)’(?!\w)"
)
_WORD = re.compile(r"[^\W_]")

# What stands before and behind must not make other words or another number of the first and last
# one: "elected" is not in "re-elected", nor "5 million" in "1.5 million".
_BEFORE = rf"(?<![\w{_HYPHENS}])(?<!\d[.,])"
_BEHIND = rf"(?![\w{_HYPHENS}])(?![.,]\d)(?!['’]\w)"


class Likeness(StrEnum):
    """How a quotation stands in the library."""

    VERBATIM = "verbatim"
    RECASED = "recased"
    ABSENT = "absent"
    COMMON = "common"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A quotation, and what the library has of it.

    Attributes:
        quotation: Its words as they were typed, on one line.
        likeness: Word for word, but for capitals, nowhere, or of common words only, which are not
            looked for.
        citation: The sentences that hold it in the article that was published first; None where no
            article does.
        others: How many other articles have it in the same way.
    """

    quotation: str
    likeness: Likeness
    citation: Citation | None = None
    others: int = 0


def quotations(text: str) -> tuple[str, ...]:
    """What a text quotes in at least LEAST_WORDS words, each once, in order, on one line.

    That is what stands in quotation marks, straight ones or typographic, and in lines that begin
    with `>`. A comma or a full stop at the end is the sentence's around it.
    """
    found = (_words(quoted) for quoted in _quoted(text))
    return tuple(dict.fromkeys(each for each in found if _counted(each) >= LEAST_WORDS))


def _quoted(text: str) -> Iterator[str]:
    end = 0
    for block in _BLOCK.finditer(text):
        yield from _inline(text[end : block.start()])
        yield _unmarked(_BLOCK_SIGN.sub("", block.group()).strip())
        end = block.end()
    yield from _inline(text[end:])


def _inline(text: str) -> Iterator[str]:
    return (found[found.lastgroup or 0] for found in _INLINE.finditer(text))


def _unmarked(block: str) -> str:
    """The block without the quotation marks around all of it."""
    whole = _INLINE.fullmatch(block)
    return whole[whole.lastgroup or 0] if whole else block


def _words(quoted: str) -> str:
    line = " ".join(quoted.split())
    return line[:-1].rstrip() if line.endswith((",", ".")) else line


def _counted(quotation: str) -> int:
    return sum(bool(_WORD.search(word)) for word in quotation.split())


async def checked(texts: Iterable[str], corpus: LiveCorpus, *, until: date) -> tuple[Checked, ...]:
    """What the library has of each quotation, in their order.

    Of quotation marks it does not matter which they are, nor does white space, so that a quotation
    is found across lines and paragraphs, too.

    Args:
        texts: The quotations.
        corpus: Where they are looked for.
        until: The clock's day; articles dated later are hidden.
    """
    return tuple([await _checked(text, corpus, until) for text in texts])


async def _checked(quotation: str, corpus: LiveCorpus, until: date) -> Checked:
    terms = telling_terms(quotation, corpus.analyser)
    if not terms:
        return Checked(quotation=quotation, likeness=Likeness.COMMON)
    articles = await corpus.holding(terms, until=until)
    return await asyncio.to_thread(found_in, articles, quotation)


def telling_terms(quotation: str, analyser: Analyser) -> tuple[str, ...]:
    """Terms that an article holds if it holds the quotation, whatever its capitals and line ends.

    That is sure of plain words inside it alone: numbers may belong to a unit that stands beside
    them, and acronyms keep their capitals.
    """
    terms = analyser.terms(quotation)
    inside = [
        term.text
        for term in terms
        if _WORD.search(quotation[: term.start]) and _WORD.search(quotation[term.end :])
    ]
    every = [term.text for term in terms]
    return tuple(dict.fromkeys(_plain(inside) or _plain(every) or every))


def _plain(terms: Iterable[str]) -> list[str]:
    return [term for term in terms if term.isalpha() and not term.isupper()]


def found_in(articles: Iterable[Article], quotation: str) -> Checked:
    """What these articles, of which the first counts most, have of the quotation."""
    wording = _Wording(quotation)
    same: list[tuple[Article, Span]] = []
    recased: list[tuple[Article, Span]] = []
    for article in articles:
        places = list(wording.places(article.body))
        exact = next((place for place in places if wording.is_exact(article.body, place)), None)
        if exact:
            same.append((article, exact))
        elif places:
            recased.append((article, places[0]))
    likeness = Likeness.VERBATIM if same else Likeness.RECASED
    return _told(quotation, likeness, same or recased)


class _Wording:
    """What finds the words of a quotation in a body."""

    def __init__(self, quotation: str) -> None:
        # In lower case and without a look at what stands before, the plain words at its beginning
        # are found fifteen times faster than by `re.IGNORECASE` (measured).
        lowered = _pattern(_lowered(quotation))
        self._loose = re.compile(lowered)
        self._apart = re.compile(_BEFORE + lowered + _BEHIND)
        self._exact = re.compile(_pattern(quotation))

    def places(self, body: str) -> Iterator[Span]:
        """Where the words stand in it, whatever their capitals."""
        lowered = _lowered(body)
        for found in self._loose.finditer(lowered):
            if self._apart.match(lowered, found.start()):
                yield Span(*found.span())

    def is_exact(self, body: str, place: Span) -> bool:
        """Whether they stand there with these capitals, too."""
        return bool(self._exact.fullmatch(body, *place))


def _lowered(text: str) -> str:
    """The text in lower case, of the same length: "İ" alone has a lower case of two characters."""
    return text.replace("İ", "I").lower()


def _told(quotation: str, likeness: Likeness, found: Sequence[tuple[Article, Span]]) -> Checked:
    if not found:
        return Checked(quotation=quotation, likeness=Likeness.ABSENT)
    return Checked(
        quotation=quotation,
        likeness=likeness,
        citation=_citation(*found[0]),
        others=len(found) - 1,
    )


def _citation(article: Article, place: Span) -> Citation:
    """The whole sentences in which the place lies."""
    sentences = [
        each
        for each in sentences_in(article.body, Span(0, len(article.body)))
        if each.start < place.end and place.start < each.end
    ]
    return Citation(
        article=article,
        span=Span(sentences[0].start, sentences[-1].end),
        answering=place,
        matches=(place,),
        score=0.0,
    )


def _pattern(quotation: str) -> str:
    """The words, parted by any white space, and any quotation mark in place of another."""
    words = [
        "".join(_ANY_MARK if char in _MARKS else re.escape(char) for char in word)
        for word in quotation.split()
    ]
    return r"\s+".join(words)

"""Where the sentences of a text stand.

sentencex proposes the ends; what it gets wrong in news (times, list numbers, "U.S. The", stops
inside quotations, stray quotation marks) is repaired here. A newline always ends a sentence, since
headings and captions seldom have a full stop.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import sentencex

from bot.dates.names import MONTH_STEMS, WEEKDAY_STEMS
from bot.english.word_lists import ENGLISH, join_words
from bot.model.span import Span
from bot.retrieval.text.abbreviations import (
    ABBREVIATIONS,
    NUMBER_PREFIXES,
    PREFIXES,
    TIME_ABBREVIATIONS,
)
from bot.retrieval.text.punctuation import CLOSING_MARKS, STOP_MARKS

# A quotation or bracket up to this long stays in one sentence, so that no part of it is quoted as
# the article's own words; a longer one is split inside, or it could not be quoted at all.
_MAX_QUOTATION_CHARS = 400
# How far back from a cut the last word is looked for.
_MAX_TAIL_CHARS = 64

_OPENING_MARKS = r"(?:[\"'“‘(\[…]|\.{3}| ){0,8}"
_LINES = re.compile(r"[^\n\r\x85\u2028\u2029]+")
_UNUSUAL_WHITESPACE = re.compile(r"[^\S ]")
_STOPS = re.compile(rf"[{STOP_MARKS}][{re.escape(CLOSING_MARKS)}}}]*(?= )")
_QUOTATIONS = re.compile(
    rf"“[^“”]{{0,{_MAX_QUOTATION_CHARS}}}(?:”| “(?= |$))"
    rf"|\"(?! )[^\"]{{0,{_MAX_QUOTATION_CHARS}}}\"(?!\w)"
    rf"|\([^()]{{0,{_MAX_QUOTATION_CHARS}}}\)"
)
_MARKS = "\"'“”‘’()[]{}"
_EXCLAMATION_END = re.compile("[!?][\"'”’ ]+$")
_ENUMERATOR = re.compile(r"[\W_]*(?:\d{1,3}|[A-Za-z]|[IVXivx]{1,4})?[\W_]*")
_WORD_BREAKS = re.compile("[ –—/:-]")
_INITIALS = re.compile(r"(?:[^\W\d_]+\.)*[^\W\d_]")
_SHORT_NAME = re.compile("[A-Z][a-z]{1,3}")

_STARTERS = join_words(ENGLISH.get_words("sentence_starters"))
_SPEECH_VERBS = join_words(ENGLISH.get_words("report_verbs", "attribution_verbs"))
_DAYS_AND_MONTHS = join_words((*WEEKDAY_STEMS, *MONTH_STEMS))
_TIME_ZONES = join_words(ENGLISH.get_words("time_zones"))

_SENTENCE_START = re.compile(rf"{_OPENING_MARKS}{_STARTERS}(?=[ ,'’])")
_CONTINUATION = re.compile(rf"{_OPENING_MARKS}(?:[a-zß-ÿ](?![A-Z])|[,;:|/&–—-])|[\W_]*$")
_ATTRIBUTION = re.compile(rf"(?:[A-Z][\w.'’-]* ){{1,4}}{_SPEECH_VERBS}\b")
_CONTINUATION_AFTER_TIME = re.compile(rf"{_DAYS_AND_MONTHS}|{_TIME_ZONES}\b|\d")


def split_sentences(text: str) -> tuple[Span, ...]:
    """The sentences in order, trimmed of white space; together they hold all else of the text."""
    return tuple(
        span.shift(line.start())
        for line in _LINES.finditer(text)
        for span in _split_line(line.group())
    )


def _split_line(line: str) -> Iterator[Span]:
    # sentencex panics on some white space ("B\xa0."), with an exception that is a BaseException.
    plain = _UNUSUAL_WHITESPACE.sub(" ", line)
    begin = _skip_spaces(plain, 0)
    for cut in (*_find_cuts(plain, begin), len(plain)):
        if begin < cut:
            yield Span(begin, begin + len(plain[begin:cut].rstrip(" ")))
        begin = cut


def _find_cuts(line: str, begin: int) -> Iterator[int]:
    """Where the second and all later sentences of a line begin."""
    quotations = [quotation.span() for quotation in _QUOTATIONS.finditer(line)]
    ends = frozenset(end for _, end in quotations)
    boundaries = sentencex.get_sentence_boundaries("en", line)
    proposed = {_find_next_begin(line, boundary["end_index"], ends) for boundary in boundaries}
    stop_cuts = {_find_next_begin(line, stop.end(), ends) for stop in _STOPS.finditer(line)}
    for cut in sorted(proposed | stop_cuts):
        is_outside_quotation = not _is_inside(quotations, cut)
        if is_outside_quotation and _is_cut(line, begin, cut, is_proposed=cut in proposed):
            yield cut
            begin = cut


def _find_next_begin(line: str, stop: int, quotation_ends: frozenset[int]) -> int:
    """Where the text goes on behind a stop, its closing marks and the spaces."""
    begin = _skip_spaces(line, stop)
    while _is_closing_mark(line, begin) or begin + 1 in quotation_ends:
        begin = _skip_spaces(line, begin + 1)
    return begin


def _skip_spaces(line: str, start: int) -> int:
    end = start
    while line.startswith(" ", end):
        end += 1
    return end


def _is_closing_mark(line: str, offset: int) -> bool:
    return (
        line.startswith(("”", "’", ")", "]", "}"), offset)
        and not line[offset + 1 : offset + 2].isalnum()
    )


def _is_inside(spans: Sequence[tuple[int, int]], cut: int) -> bool:
    """Whether a cut would go through one of the ordered spans."""
    before = bisect_left(spans, (cut, 0)) - 1
    return before >= 0 and cut < spans[before][1]


def _is_cut(line: str, begin: int, cut: int, *, is_proposed: bool) -> bool:
    """Whether one sentence reaches from `begin` to `cut`, and another begins there."""
    before = line[max(begin, cut - _MAX_TAIL_CHARS) : cut].rstrip(" ")
    if _ENUMERATOR.fullmatch(before) or _CONTINUATION.match(line, cut):
        return False
    if _EXCLAMATION_END.search(before) and _ATTRIBUTION.match(line, cut):
        return False
    last = _WORD_BREAKS.split(before)[-1].strip(_MARKS)
    if _requires_continuation(last.rstrip(STOP_MARKS), line, cut):
        return False
    is_glued = line[cut - 1].isascii() and line[cut - 1] != " "
    is_doubtful = is_glued or _is_abbreviated(last, is_known=is_proposed)
    return not is_doubtful or _SENTENCE_START.match(line, cut) is not None


def _requires_continuation(name: str, line: str, cut: int) -> bool:
    """Whether this last word, without its stop, belongs to what begins at the cut."""
    if name in TIME_ABBREVIATIONS:
        return _CONTINUATION_AFTER_TIME.match(line, cut) is not None
    if name in NUMBER_PREFIXES:
        return line[cut].isdigit()
    return name in PREFIXES


def _is_abbreviated(last: str, *, is_known: bool) -> bool:
    """Whether the stop behind this last word may be a part of it; sentencex knows short names."""
    name = last.rstrip(STOP_MARKS)
    if name in TIME_ABBREVIATIONS:
        return False
    if name in ABBREVIATIONS or last.endswith(("..", "…")):
        return True
    is_name = _INITIALS.fullmatch(name) or (not is_known and _SHORT_NAME.fullmatch(name))
    return last.endswith(".") and bool(is_name)

"""Splitting of text into sentences.

The library sentencex proposes where sentences end. This module corrects its mistakes in news: times,
list numbers, "U.S. The", stops inside quotations and stray quotation marks. A newline always ends a
sentence, since headings and captions seldom have a full stop.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

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
from bot.retrieval.text.long_texts import iter_matches, replace_characters
from bot.retrieval.text.punctuation import CLOSING_MARKS, STOP_MARKS

# A quotation or bracket up to this length stays in one sentence, so that no part of it looks like
# the article's own words. A longer one is split inside, since it could not be shown whole.
_MAX_QUOTATION_CHARS = 400
# The last word before a cut is searched in this many characters.
_MAX_TAIL_CHARS = 64
# sentencex takes quadratic time in the sentences of a line of Chinese and in quotation marks, and
# holds the GIL: 8 000 ordinary sentences took 4.8 s, 60 000 quotation marks 43 s. So a long line is
# given to it in pieces, and a piece that is full of quotation marks not at all.
_MAX_PIECE_CHARS = 4000
_MAX_PIECE_QUOTATION_MARKS = 200
# A piece with more stops than this is no prose: its sentences have 16 characters on average. It is
# not split, since judging a stop takes longer than reading the whole piece.
_MAX_PIECE_STOPS = 250

_OPENING_MARKS = r"(?:[\"'“‘(\[…]|\.{3}| ){0,8}"
_LINES = re.compile(r"[^\n\r\x85\u2028\u2029]+")
_UNUSUAL_WHITESPACE = re.compile(r"[^\S ]")
# Most headings and short paragraphs: nothing in them can end a sentence.
_ONE_SENTENCE = re.compile(r"[\w “”‘’–—\"#$%&'()*+,/:;<=>@\[\\\]^`{|}~-]*[.!?]?")
_STOPS = re.compile(rf"[{STOP_MARKS}][{re.escape(CLOSING_MARKS)}}}]*(?= )")
_QUOTATIONS = re.compile(
    rf"“[^“”]{{0,{_MAX_QUOTATION_CHARS}}}(?:”| “(?= |$))"
    rf"|\"(?! )[^\"]{{0,{_MAX_QUOTATION_CHARS}}}\"(?!\w)"
    rf"|\([^()]{{0,{_MAX_QUOTATION_CHARS}}}\)"
)
_MARKS = "\"'“”‘’()[]{}"
_QUOTATION_MARKS = re.compile("[\"'`“”‘’«»„\u201a\u2039\u203a「」『』]")
_SPACED_STOPS = tuple(f"{mark} " for mark in STOP_MARKS)
_WIDE_STOPS = "。\uff01\uff1f"
"""They end a sentence in Chinese and Japanese, without a space behind them."""

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
    """Return the sentences in order, trimmed. Together they contain all text but white space."""
    return tuple(map(Span, *find_sentence_bounds(text)))


def split_question(text: str) -> tuple[Span, ...]:
    """Return the sentences of a question, in the same form.

    A question is split while somebody waits, so sentencex is not asked: each stop counts as
    proposed. The 5,309 judged questions are split in the same way.
    """
    return tuple(map(Span, *find_sentence_bounds(text, uses_sentencex=False)))


def find_sentence_bounds(text: str, *, uses_sentencex: bool = True) -> tuple[list[int], list[int]]:
    """Return the starts and the ends of the sentences, as `split_sentences` does."""
    starts: list[int] = []
    ends: list[int] = []
    for match in _LINES.finditer(text):
        line, offset = match.group(), match.start()
        begin = len(line) - len(line.lstrip(" "))
        if _ONE_SENTENCE.fullmatch(line):
            if begin < len(line):
                starts.append(offset + begin)
                ends.append(offset + len(line.rstrip(" ")))
            continue
        # sentencex panics on a letter before unusual white space and a full stop ("B\xa0."). Its
        # PanicException is a BaseException, so `except Exception` would not catch it.
        line = replace_characters(_UNUSUAL_WHITESPACE, " ", line)
        begin = _skip_spaces(line, 0)
        cuts = _find_cuts(line, begin, uses_sentencex=uses_sentencex)
        for cut in (*cuts, len(line)):
            if begin < cut:
                starts.append(offset + begin)
                ends.append(offset + begin + len(line[begin:cut].rstrip(" ")))
            begin = cut
    return starts, ends


def _find_cuts(line: str, begin: int, *, uses_sentencex: bool) -> Iterator[int]:
    """Yield the offsets in a line at which its second and all later sentences begin."""
    quotations = [quotation.span() for quotation in iter_matches(_QUOTATIONS, line)]
    ends = frozenset(end for _, end in quotations)
    proposed: set[int] = set()
    stop_cuts: set[int] = set()
    for start, end, stops in _iter_pieces(line):
        # sentencex misses many stops before an opening quotation mark: 2 % of the sentences of 500
        # news articles begin at such a stop. So every stop is tried.
        stop_cuts.update(_find_next_begin(line, stop, ends) for stop in stops)
        proposed_stops = _propose_stops(line, start, end) if uses_sentencex else stops
        proposed.update(_find_next_begin(line, stop, ends) for stop in proposed_stops)
    for cut in sorted(proposed | stop_cuts):
        is_outside_quotation = not _is_inside(quotations, cut)
        if is_outside_quotation and _is_cut(line, begin, cut, is_proposed=cut in proposed):
            yield cut
            begin = cut


def _iter_pieces(line: str) -> Iterator[tuple[int, int, Iterable[int]]]:
    """Yield the start and end of each piece that may hold several sentences, and its stops' ends."""
    stops = [stop.end() for stop in iter_matches(_STOPS, line)]
    start = first = 0
    while start < len(line):
        end = _find_piece_end(line, start)
        last = bisect_right(stops, end)
        wide_stops = sum(line.count(mark, start, end) for mark in _WIDE_STOPS)
        if last - first + wide_stops <= _MAX_PIECE_STOPS:
            yield start, end, stops[first:last]
        start, first = end, last


def _propose_stops(line: str, start: int, end: int) -> Iterator[int]:
    """Yield the offsets behind the sentences that sentencex finds in a piece, its end included."""
    piece = line[start:end]
    if len(_QUOTATION_MARKS.findall(piece)) > _MAX_PIECE_QUOTATION_MARKS:
        return
    for boundary in sentencex.get_sentence_boundaries("en", piece):
        stop = start + boundary["end_index"]
        # The end of a piece is a proposal only if a sentence surely ends there.
        if stop < end or end == len(line) or line[stop - 1] in _WIDE_STOPS:
            yield stop


def _find_piece_end(line: str, start: int) -> int:
    """Return the end of the piece of a line that begins at `start`, between two words if possible."""
    limit = start + _MAX_PIECE_CHARS
    if limit >= len(line):
        return len(line)
    for marks in (_SPACED_STOPS, _WIDE_STOPS, " "):
        ends = [line.rfind(mark, start, limit) + len(mark) for mark in marks]
        if max(ends) > start + 1:
            return max(ends)
    return limit


def _find_next_begin(line: str, stop: int, quotation_ends: frozenset[int]) -> int:
    """Return the offset of the text after a stop, its closing marks and spaces."""
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
    """Return whether a cut would split one of the spans, which are in order."""
    before = bisect_left(spans, (cut, 0)) - 1
    return before >= 0 and cut < spans[before][1]


def _is_cut(line: str, begin: int, cut: int, *, is_proposed: bool) -> bool:
    """Return whether a sentence ends and another begins at `cut`.

    Args:
        line: The line.
        begin: The offset at which the sentence before `cut` begins.
        cut: The offset at which the next sentence would begin.
        is_proposed: Whether sentencex proposes this cut.
    """
    before = line[max(begin, cut - _MAX_TAIL_CHARS) : cut].rstrip(" ")
    if _ENUMERATOR.fullmatch(before) or _CONTINUATION.match(line, cut):
        return False
    if _EXCLAMATION_END.search(before) and _ATTRIBUTION.match(line, cut):
        return False
    # From here on, only the last word before the cut matters: it may be an abbreviation.
    last = _WORD_BREAKS.split(before)[-1].strip(_MARKS)
    if _requires_continuation(last.rstrip(STOP_MARKS), line, cut):
        return False
    is_glued = line[cut - 1].isascii() and line[cut - 1] != " "
    is_doubtful = is_glued or _is_abbreviated(last, is_known=is_proposed)
    return not is_doubtful or _SENTENCE_START.match(line, cut) is not None


def _requires_continuation(name: str, line: str, cut: int) -> bool:
    """Return whether the text at the cut continues this last word, given without its stop."""
    if name in TIME_ABBREVIATIONS:
        return _CONTINUATION_AFTER_TIME.match(line, cut) is not None
    if name in NUMBER_PREFIXES:
        return line[cut].isdigit()
    return name in PREFIXES


def _is_abbreviated(last: str, *, is_known: bool) -> bool:
    """Return whether the stop behind this last word may be part of it.

    If sentencex proposes the cut (`is_known`), a short word such as "Bill." is not taken for an
    abbreviation: sentencex knows the short names.
    """
    name = last.rstrip(STOP_MARKS)
    if name in TIME_ABBREVIATIONS:
        return False
    if name in ABBREVIATIONS or last.endswith(("..", "…")):
        return True
    is_name = _INITIALS.fullmatch(name) or (not is_known and _SHORT_NAME.fullmatch(name))
    return last.endswith(".") and bool(is_name)

"""The plain text of a message, without markdown."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bot.model.span import Span
from bot.retrieval.text.punctuation import strip_bidi_controls

_ESCAPED_MARK = re.compile(r"\\([!-/:-@\[-`{-~])")
_PRIVATE_USE_START = 0xE000
"""The code point from which escaped characters are parked while markdown is removed."""

# Every repetition below is bounded or stops at a character that also begins the pattern. Without
# that, a message full of beginnings is read to its end from each of them.
_PRIVATE_USE_MARK = re.compile("[\ue021-\ue07e]")
_MASKED_LINK = re.compile(r"\[([^\[\]\n]+)\]\(<?https?://[^\s)]{1,512}\)")
_URL = re.compile(r"<?https?://[^\s>]+>?")
_MENTION = re.compile(r"<(?:@[!&]?|#)\d{1,20}>")
_TOKEN = re.compile(
    rf"{_MENTION.pattern}|<(?:a?:\w{{2,32}}:\d{{1,20}}|t:-?\d{{1,20}}(?::\w)?|/[^:>]{{1,100}}:\d{{1,20}})>"
)
"""A mention, an emoji of a server, a time or a command, as Discord writes it."""

_LINE_MARK = re.compile(r"^(> )?(?:#{1,3}|-#) ", re.MULTILINE)
# Bold, italics, underline, strikethrough, spoilers and code.
_MARK_RUN = re.compile(r"\*+|_+|~~+|\|\|+|`+")
_MarkKind = tuple[str, int]
"""A mark's character and its length; a mark pairs with one of its own kind."""

_ITALICS: _MarkKind = ("_", 1)
"""The only mark that does not count inside a word: snake_case is no markup."""


def extract_message_text(message: discord.Message) -> str:
    """Return the text of a message with its forwarded messages, embeds and components."""
    return "\n\n".join(filter(None, map(strip_markdown, _iter_texts(message))))


def _iter_texts(message: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    yield message.content
    yield from iter_displayed_texts(message.components)
    for embed in message.embeds:
        yield embed.title or ""
        yield embed.description or ""
    if isinstance(message, discord.Message):
        for snapshot in message.message_snapshots:
            yield from _iter_texts(snapshot)


def iter_displayed_texts(components: Iterable[Any]) -> Iterator[str]:
    """Yield the texts of Components V2, in the order in which they are displayed."""
    for component in iter_components(components):
        if component.type is discord.ComponentType.text_display:
            yield component.content


def iter_components(components: Iterable[Any]) -> Iterator[Any]:
    """Yield every component of a message, each before those inside it."""
    for component in components:
        yield component
        yield from iter_components(getattr(component, "children", ()))


def iter_custom_ids(components: Iterable[Any]) -> Iterator[str]:
    """Yield the custom_ids of the components of a message, nested ones too."""
    for component in iter_components(components):
        if custom_id := getattr(component, "custom_id", None):
            yield custom_id


def strip_mentions(text: str) -> str:
    """Return the text without mentions, which are ids and no words to search for."""
    return " ".join(_MENTION.sub(" ", text).split())


def strip_markdown(markdown: str) -> str:
    """Return the text without formatting, mentions and links; quoted lines keep their ">"."""
    text = _ESCAPED_MARK.sub(
        lambda match: chr(_PRIVATE_USE_START + ord(match[1])), strip_bidi_controls(markdown)
    )
    # Links go before other marks, so that underscores in an address are not read as italics.
    text = _URL.sub(" ", _MASKED_LINK.sub(r"\1", text))
    text = _strip_marks(_LINE_MARK.sub(r"\1", _TOKEN.sub(" ", text)))
    return _PRIVATE_USE_MARK.sub(
        lambda match: chr(ord(match[0]) - _PRIVATE_USE_START), text
    ).strip()


def _strip_marks(text: str) -> str:
    """Return the text without pairs of marks, nested ones too, in one pass.

    A mark closes the earliest open mark of its kind.
    """
    open_marks: defaultdict[_MarkKind, deque[Span]] = defaultdict(deque)
    paired_marks: list[Span] = []
    for run in _MARK_RUN.finditer(text):
        unpaired: list[tuple[_MarkKind, Span]] = []
        for kind, mark in _split_run(run):
            if open_marks[kind] and _can_close(text, run, kind):
                paired_marks += (open_marks[kind].popleft(), mark)
            elif _can_open(text, run, kind):
                unpaired.append((kind, mark))
        for kind, mark in unpaired:  # only now: marks of one run never close each other
            open_marks[kind].append(mark)
    return _remove_spans(text, sorted(paired_marks))


def _split_run(run: re.Match[str]) -> Iterator[tuple[_MarkKind, Span]]:
    """Yield the marks of a run, each with its kind.

    Backticks count as a whole. Asterisks count one by one: "**" is two pairs, one inside the other.
    Other marks are two characters long, and the underscore that is left over is one for italics.
    """
    character, (start, end) = run[0][0], run.span()
    length = {"`": end - start, "*": 1}.get(character, 2)
    for mark_start in range(start, end - length + 1, length):
        yield (character, length), Span(mark_start, mark_start + length)
    if character == "_" and (end - start) % 2:
        yield _ITALICS, Span(end - 1, end)


def _can_open(text: str, run: re.Match[str], kind: _MarkKind) -> bool:
    """Return whether the marks of the run stand right before what they mark."""
    start, end = run.span()
    if end == len(text) or text[end].isspace():
        return False
    return kind != _ITALICS or start == 0 or not _is_word_character(text[start - 1])


def _can_close(text: str, run: re.Match[str], kind: _MarkKind) -> bool:
    """Return whether the marks of the run stand right behind what they mark."""
    start, end = run.span()
    if start == 0 or text[start - 1].isspace():
        return False
    return kind != _ITALICS or end == len(text) or not _is_word_character(text[end])


def _is_word_character(character: str) -> bool:
    return character.isalnum() or character == "_"


def _remove_spans(text: str, spans: Iterable[Span]) -> str:
    """Return the text without these spans, which are in order and do not overlap."""
    kept: list[str] = []
    end = 0
    for span in spans:
        kept.append(text[end : span.start])
        end = span.end
    return "".join((*kept, text[end:]))

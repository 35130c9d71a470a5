"""Reading and writing the Markdown of the documentation."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

_REGION = re.compile(
    r"(?P<start><!-- generated: (?P<name>[\w-]+) -->\n).*?(?P<end><!-- end of generated -->\n)",
    re.DOTALL,
)
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(r"^(?P<marks>#{1,6}) (?P<text>.+)$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^()\s]+)\)")


class CodeBlock(NamedTuple):
    """A fenced block; `language` is "" if none is named."""

    language: str
    code: str


def replace_regions(page: str, contents: Mapping[str, str]) -> str:
    """Return the page with new contents between its markers `<!-- generated: NAME -->`."""

    def replace(region: re.Match[str]) -> str:
        content = contents[region["name"]].strip()
        return f"{region['start']}\n{content}\n\n{region['end']}"

    return _REGION.sub(replace, page)


def list_region_names(page: str) -> list[str]:
    """Return the names of the page's generated regions, in order."""
    return [region["name"] for region in _REGION.finditer(page)]


def format_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table without the columns that are empty in every row."""
    rows = list(rows)
    columns = [column for column in zip(header, *rows, strict=True) if any(column[1:])]
    head, *body = zip(*columns, strict=True)
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *body)]
    return "\n".join([lines[0], f"|{'---|' * len(columns)}", *lines[1:]])


def escape_cell(text: str) -> str:
    """Return a sentence that a table cell shows as it is, without its full stop."""
    plain = " ".join(text.split()).removesuffix(".")
    return re.sub(r"([|<>*\\`]|\b_|_\b)", r"\\\1", plain)


def find_code_blocks(page: str) -> Iterator[CodeBlock]:
    """Yield the fenced blocks of a page."""
    for fence in _FENCE.finditer(page):
        yield CodeBlock(fence["language"], fence["code"])


def find_links(page: str) -> list[str]:
    """Return the targets of the page's links, those in code excepted."""
    prose = re.sub(r"`[^`\n]*`", "``", _FENCE.sub("", page))
    return [link["target"] for link in _LINK.finditer(prose)]


def find_anchors(page: str) -> set[str]:
    """Return the anchors that GitHub gives to the page's headings."""
    anchors: set[str] = set()
    for heading in _HEADING.finditer(_FENCE.sub("", page)):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading["text"])
        anchor = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        number, unique = 0, anchor
        while unique in anchors:
            number += 1
            unique = f"{anchor}-{number}"
        anchors.add(unique)
    return anchors


def split_sections(page: str) -> dict[str, str]:
    """Return the text below each heading of the second and third level, by the heading."""
    parts = re.split(r"^##+ (.+)\n", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def parse_table(text: str) -> list[list[str]]:
    """Return the cells of each row of the first table in the text, without its header."""
    lines = text.splitlines()
    start = next((index for index, line in enumerate(lines) if line.startswith("|")), len(lines))
    rows: list[list[str]] = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows[2:]

r"""Word lists and patterns of English, read from the TOML files of this folder.

An entry of a file is one of these:
- A list of words. In a list that becomes part of a pattern, a `*` at the end of a word stands for one
  or more letters.
- A pattern: a regular expression. `{name}` stands for another entry of any file: for one of the words
  of a list, or for a pattern. Line breaks and the spaces after them do not count.
- A table: word lists with a name each.
- Forms: patterns, each with a kind of answer and an example.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeGuard

_REFERENCE = re.compile(r"\{([a-z_]+)\}")
_LINE_BREAK = re.compile(r"\n *")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to word something.

    Attributes:
        kind: The kind of answer, a value of `AnswerTypeKind`.
        pattern: A regular expression, without references.
        example: A text that the pattern matches.
    """

    kind: str
    pattern: str
    example: str


class WordLists:
    """The entries of all files of a folder, by name.

    Every method raises a ValueError that names the entry if it is missing or of another sort.
    """

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self._entries = entries

    @classmethod
    def load(cls, folder: Traversable) -> "WordLists":
        """Read all TOML files of a folder.

        Raises:
            ValueError: A file is not valid TOML, or a name is given in two files.
        """
        entries: dict[str, Any] = {}
        # In a fixed order, so that an error about a name in two files is always the same.
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".toml"):
                _add_entries(entries, file)
        return cls(entries)

    @property
    def names(self) -> frozenset[str]:
        """The names of all entries."""
        return frozenset(self._entries)

    @property
    def fingerprint(self) -> str:
        """A checksum that changes with every entry, and not with comments."""
        return sha256(json.dumps(self._entries, sort_keys=True).encode()).hexdigest()

    def get_words(self, *names: str) -> tuple[str, ...]:
        """Return the words of one or more lists, in the order of the files."""
        return tuple(word for name in names for word in self._get_list(name))

    def get_table(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """Return the lists of a table by their names."""
        table = self._get_entry(name)
        if not isinstance(table, dict) or not all(map(_is_word_list, table.values())):
            raise _build_error(name, "has to be a table of word lists")
        return {key: tuple(words) for key, words in table.items()}

    def get_pattern(self, name: str) -> str:
        """Return a pattern as a regular expression, with its references filled in."""
        pattern = self._get_entry(name)
        if not isinstance(pattern, str):
            raise _build_error(name, "has to be a pattern")
        return self._expand(pattern)

    def get_forms(self, name: str) -> tuple[Form, ...]:
        """Return forms in the order of the file, their patterns with references filled in."""
        forms = self._get_entry(name)
        if not isinstance(forms, list) or not all(map(_is_form, forms)):
            raise _build_error(name, "has to be forms with a kind, a pattern and an example")
        return tuple(
            Form(kind=form["kind"], pattern=self._expand(form["pattern"]), example=form["example"])
            for form in forms
        )

    def _expand(self, pattern: str) -> str:
        return _REFERENCE.sub(
            lambda reference: self._get_alternatives(reference[1]), _LINE_BREAK.sub("", pattern)
        )

    def _get_alternatives(self, name: str) -> str:
        if isinstance(self._get_entry(name), str):
            return f"(?:{self.get_pattern(name)})"
        return join_words(self.get_words(name))

    def _get_list(self, name: str) -> list[str]:
        words = self._get_entry(name)
        if not _is_word_list(words):
            raise _build_error(name, "has to be a list of words")
        return words

    def _get_entry(self, name: str) -> object:
        if name not in self._entries:
            raise _build_error(name, "is missing")
        return self._entries[name]


def join_words(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of the words."""
    # The group keeps the alternatives together inside a longer pattern.
    return f"(?:{'|'.join(_build_word_pattern(word) for word in words)})"


def _build_word_pattern(word: str) -> str:
    stem = word.removesuffix("*")
    return re.escape(stem) if stem == word else rf"{re.escape(stem)}\w+"


def _add_entries(entries: dict[str, Any], file: Traversable) -> None:
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _build_error(file.name, f"is not valid TOML: {error}") from error
    for name in read.keys() & entries.keys():
        raise _build_error(name, f"is in {file.name} and in an earlier file")
    entries |= read


def _is_word_list(entry: object) -> TypeGuard[list[str]]:
    return isinstance(entry, list) and all(isinstance(word, str) for word in entry)


def _is_form(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() == {"kind", "pattern", "example"}
        and all(isinstance(value, str) for value in entry.values())
    )


def _build_error(name: str, fault: str) -> ValueError:
    return ValueError(f"the word lists of bot/english can't be used: {name} {fault}")


# Read at import, so that a broken file stops the program at once and not at the first question.
ENGLISH = WordLists.load(files("bot.english"))

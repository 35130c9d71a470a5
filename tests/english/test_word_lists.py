import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path

import pytest

from bot.english.word_lists import ENGLISH, Form, WordLists, join_words

FOLDER = Path(__file__).parents[2] / "bot" / "english"
FILES = sorted(FOLDER.glob("*.toml"))
REFERENCE = re.compile(r"\{([a-z_]+)\}")
READERS = {"get_words", "get_pattern", "get_table", "get_forms"}


def load(folder: Path, **contents: str) -> WordLists:
    """Return the word lists of a folder with these files."""
    for name, text in contents.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return WordLists.load(folder)


def iter_read_names() -> Iterator[object]:
    """Yield the names that the program reads, and those that patterns refer to."""
    for path in FOLDER.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in READERS
            ):
                yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))
    for path in FILES:
        yield from REFERENCE.findall(path.read_text(encoding="utf-8"))


def list_word_lists() -> dict[str, tuple[str, ...]]:
    """Return every list of words by its name, those of tables too."""
    lists = {}
    for name in sorted(ENGLISH.names):
        try:
            lists[name] = ENGLISH.get_words(name)
        except ValueError:
            continue
    for table in ("unit_spellings", "currency_words", "nouns_by_kind"):
        lists |= {f"{table}.{key}": words for key, words in ENGLISH.get_table(table).items()}
    return lists


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_loads_and_begins_with_a_comment(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert load(tmp_path, one=text).names
    assert text.startswith("# ")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_described_in_the_folder(path: Path) -> None:
    assert f"`{path.name}`" in (FOLDER / "__init__.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "words"), list_word_lists().items())
def test_no_list_has_blank_or_repeated_words(name: str, words: tuple[str, ...]) -> None:
    assert words, name
    assert all(word == word.strip() != "" for word in words)
    assert len(set(words)) == len(words)


def test_every_entry_is_used_and_no_other_is() -> None:
    assert set(iter_read_names()) == ENGLISH.names


def test_every_magnitude_has_a_spelling_in_terms() -> None:
    spellings = ENGLISH.get_table("unit_spellings").values()

    assert set(ENGLISH.get_words("magnitudes", "short_magnitudes")) <= set(chain(*spellings))


@pytest.mark.parametrize(
    ("short_forms", "names"),
    [("more_short_months", "months"), ("more_short_weekdays", "weekdays")],
)
def test_every_short_form_begins_like_its_name(short_forms: str, names: str) -> None:
    stems = {name[:3] for name in ENGLISH.get_words(names)}

    assert {form[:3] for form in ENGLISH.get_words(short_forms)} <= stems


@pytest.mark.parametrize("name", ["question_forms", "open_endings", "answer_signs"])
def test_each_pattern_of_a_form_matches_its_example(name: str) -> None:
    unmatched = [
        form.example
        for form in ENGLISH.get_forms(name)
        if not re.search(form.pattern, form.example, re.IGNORECASE)
    ]

    assert not unmatched


def test_the_files_are_found_in_the_package() -> None:
    assert WordLists.load(files("bot.english")).fingerprint == ENGLISH.fingerprint


def test_a_pattern_refers_to_lists_and_patterns_of_any_file(tmp_path: Path) -> None:
    lists = load(
        tmp_path, one='words = ["a.m", "no*"]', two="pattern = '{words} {part}'\npart = 'x+'"
    )

    assert lists.get_pattern("pattern") == r"(?:a\.m|no\w+) (?:x+)"


def test_a_line_break_in_a_pattern_does_not_count(tmp_path: Path) -> None:
    lists = load(tmp_path, one="pattern = '''\n(?:a\n  |b)'''")

    assert lists.get_pattern("pattern") == "(?:a|b)"


def test_forms_have_their_references_filled_in(tmp_path: Path) -> None:
    lists = load(
        tmp_path,
        one='words = ["a"]\n[[forms]]\nkind = "any"\nexample = "a b"\npattern = "{words} b"',
    )

    assert lists.get_forms("forms") == (Form(kind="any", pattern="(?:a) b", example="a b"),)


@pytest.mark.parametrize(
    ("word", "matched", "not_matched"),
    [("cost*", "costly", "cost"), ("e.g", "e.g", "egg"), ("km/h", "km/h", "kmh")],
)
def test_a_star_stands_for_letters_and_other_signs_for_themselves(
    word: str, matched: str, not_matched: str
) -> None:
    pattern = re.compile(join_words([word]))

    assert pattern.fullmatch(matched)
    assert not pattern.fullmatch(not_matched)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('words = ["a"', "one.toml is not valid TOML"),
        ('other = ["a"]', "words is missing"),
        ("words = [1]", "words has to be a list of words"),
        ("words = 'a'", "words has to be a list of words"),
    ],
)
def test_an_unusable_list_is_named(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        load(tmp_path, one=text).get_words("words")


def test_other_unusable_entries_are_named(tmp_path: Path) -> None:
    lists = load(tmp_path, one="entry = ['a']\n[[forms]]\nkind = 'any'\n[table]\nwords = 'a'")

    with pytest.raises(ValueError, match="entry has to be a pattern"):
        lists.get_pattern("entry")
    with pytest.raises(ValueError, match="entry has to be a table"):
        lists.get_table("entry")
    with pytest.raises(ValueError, match="table has to be a table"):
        lists.get_table("table")
    with pytest.raises(ValueError, match="forms has to be forms"):
        lists.get_forms("forms")


def test_a_reference_to_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing is missing"):
        load(tmp_path, one="pattern = '{nothing}'").get_pattern("pattern")


def test_a_name_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"words is in two\.toml and in an earlier file"):
        load(tmp_path, one="words = ['a']", two="words = ['b']")


def test_the_fingerprint_changes_with_words_and_not_with_comments(tmp_path: Path) -> None:
    before = load(tmp_path, one="words = ['a']").fingerprint

    assert load(tmp_path, one="# more\nwords = ['a']").fingerprint == before
    assert load(tmp_path, one="words = ['a', 'b']").fingerprint != before

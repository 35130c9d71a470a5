"""The list of the texts that users can read."""

from pathlib import Path

from tests.documentation.list_user_texts import find_user_texts


def list_texts(folder: Path, code: str) -> list[str]:
    path = folder / "module.py"
    path.write_text(code, encoding="utf-8")
    return [text.text for text in find_user_texts([path])]


def test_sentences_and_labels_are_listed_in_order(tmp_path: Path) -> None:
    code = 'LABEL = "Delete"\ndef say(name: str) -> str:\n    return f"No topic “{name}”."\n'

    assert list_texts(tmp_path, code) == ["Delete", "No topic “{}”."]


def test_docstrings_sql_regexes_and_types_are_left_out(tmp_path: Path) -> None:
    code = (
        '"""A module."""\nimport re\nA: "Some Type"\nB = "SELECT key FROM votes"\n'
        'C = re.compile("Some words")\nD = "key"\nE = "(?:one|two) words"\n'
    )

    assert list_texts(tmp_path, code) == []


def test_the_help_of_an_option_is_listed(tmp_path: Path) -> None:
    code = 'def ask(limit: Annotated[int, Option(help="Number of excerpts")]) -> None: ...\n'

    assert list_texts(tmp_path, code) == ["Number of excerpts"]


def test_the_help_of_commands_and_the_comments_of_the_settings_are_listed() -> None:
    texts = [text.text for text in find_user_texts([Path(__file__).parents[2] / "bot"])]

    assert any("dateline ask" in text for text in texts)
    assert any("UTC" in text for text in texts)

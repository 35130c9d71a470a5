from pathlib import Path

from bot.settings.data_files import load_stop_words


def test_stop_words_are_read_one_a_line_without_comments(tmp_path: Path) -> None:
    path = tmp_path / "stop_words.txt"
    path.write_text("# Articles\nthe\n\n  a \n", encoding="utf-8")

    assert load_stop_words(path) == {"the", "a"}

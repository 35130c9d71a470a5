from pathlib import Path

from bot.settings import model_files as config_files


def test_stop_words_are_read_one_a_line_without_comments(tmp_path: Path) -> None:
    path = tmp_path / "stop_words.txt"
    path.write_text("# Articles\nthe\n\n  a \n", encoding="utf-8")

    assert config_files.load_stop_words(path) == {"the", "a"}

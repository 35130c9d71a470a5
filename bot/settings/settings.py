"""All settings of a run, and its folders."""

from pathlib import Path

from bot.settings.sections import Sections


class Settings(Sections):
    """All settings of a run, and its folders.

    Attributes:
        home: The project folder, or what the installed package carries of it.
        data_dir: Where the database lives, and what is derived from it.
    """

    home: Path
    data_dir: Path

    @property
    def seeds_dir(self) -> Path:
        """The folder of the articles that ship."""
        return self.home / "seeds"

    @property
    def stop_words_path(self) -> Path:
        """The file of words too common to search for."""
        return self.home / "config" / "stop_words.txt"

    @property
    def weights_path(self) -> Path:
        """The file of what was learnt from judged questions."""
        return self.home / "config" / "weights.toml"

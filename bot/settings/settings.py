"""All settings of a run, with its folders."""

from pathlib import Path

from bot.settings.sections import Sections


class Settings(Sections):
    """All settings of a run, and its folders.

    Attributes:
        home: The project folder, or the copy that an installed package carries.
        data_dir: The folder of the database and everything derived from it.
    """

    home: Path
    data_dir: Path

    @property
    def seeds_dir(self) -> Path:
        """The folder of the articles that ship with Dateline."""
        return self.home / "seeds"

    @property
    def stop_words_path(self) -> Path:
        """The file of the words that are too common to search for."""
        return self.home / "config" / "stop_words.txt"

    @property
    def weights_path(self) -> Path:
        """The file of the weights learnt from judged questions."""
        return self.home / "config" / "weights.toml"

"""The use cases of filling the library and keeping the index in step with it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from bot.errors import SettingsError, StoreError
from bot.library.ingest import IngestOutcome, ingest
from bot.model.article import ArticleId
from bot.model.counts import format_count
from bot.model.progress import ProgressCallback
from bot.retrieval.index.article_table import ArticleTable
from bot.runtime.clock import Clock
from bot.runtime.disk_errors import describe_reason
from bot.search.embedded import EmbeddedSearch
from bot.settings.settings import Settings
from bot.store.articles import ArticleStore

_MAX_REFUSED_SEEDS = 20
"""The number of refused seed articles that are reported one by one."""

Notify = Callable[[str], None]
"""Shows the operator one sentence."""


class LibraryService:
    """Adds and withdraws articles, and refreshes the index."""

    def __init__(
        self,
        *,
        articles: ArticleStore,
        index: EmbeddedSearch,
        settings: Settings,
        clock: Clock,
        notify: Notify,
    ) -> None:
        """Fill this library, and keep this index in step with it."""
        self._articles = articles
        self._index = index
        self._settings = settings
        self._clock = clock
        self._notify = notify

    async def ingest_seeds(self) -> None:
        """Add the seed articles to a library that never had an article, if the settings say so.

        Raises:
            SettingsError: The folder of seeds does not exist.
        """
        seeds = self._settings.seeds_dir
        if not self._settings.library.seeds or await self._articles.has_ever_held_articles():
            return
        if not seeds.is_dir():
            remedy = (
                "the folder that fills an empty library is missing. "
                "Restore it, or set library.seeds to false."
            )
            raise SettingsError(str(seeds), "library.seeds", remedy)
        outcomes = await self.add_articles([seeds])
        refused = [outcome for outcome in outcomes if outcome.reason]
        articles = format_count(len(outcomes) - len(refused), "article")
        self._notify(f"The library was empty. Added {articles} from {seeds}.")
        for outcome in refused[:_MAX_REFUSED_SEEDS]:
            self._notify(f"Refused: {outcome.path}: {outcome.reason}")
        if len(refused) > _MAX_REFUSED_SEEDS:
            others = format_count(len(refused) - _MAX_REFUSED_SEEDS, "other")
            self._notify(f"Refused: {others}. Ingest {seeds} as JSON to see all of them.")

    async def add_articles(
        self, paths: Sequence[Path], progress: ProgressCallback | None = None
    ) -> tuple[IngestOutcome, ...]:
        """Ingest files and folders, and return the outcome for each file and line."""
        outcomes = await ingest(
            paths,
            self._articles,
            at=self._clock.now,
            max_article_bytes=self._settings.library.max_article_bytes,
            progress=progress,
        )
        # While the bot runs, articles would stay in the log, and be lost if that is deleted. An
        # error, such as a full disk, is not fatal: the articles are stored.
        with suppress(StoreError):
            await self._articles.truncate_wal()
        return outcomes

    async def refresh(self) -> ArticleTable:
        """Bring the index in step with other processes' changes, and return its articles."""
        return (await self._index.refresh()).articles

    async def refresh_and_save_index(self, progress: ProgressCallback | None = None) -> None:
        """Bring the index in step with the library and save it, for a quick next start."""
        await self._index.refresh(progress)
        try:
            await self._index.save()
        except OSError as error:
            # Not fatal: the saved index only makes starts quick; the database has everything.
            self._notify(
                f"The search index could not be saved in {self._settings.data_dir} "
                f"({describe_reason(error)}). Questions are answered, but each start builds it again."
            )

    async def withdraw(self, article_id: str, reason: str) -> None:
        """Withdraw an article: its revisions are deleted, and its receipts report it as withdrawn.

        The saved index still contains it until `refresh_and_save_index`.

        Raises:
            UnknownArticle: The library does not hold it.
        """
        await self._articles.withdraw(ArticleId(article_id), reason, self._clock.now())

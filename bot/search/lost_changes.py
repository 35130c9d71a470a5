"""Noticing that a database has lost articles that the index saved beside it contains.

The database is the truth, and a saved index that is older than it is updated. If the index is newer,
the database was emptied, replaced by an old copy, or its write-ahead log was deleted.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.errors import StoreError
from bot.model.article import ArticleId
from bot.model.counts import format_count
from bot.store.failures import RESTORE_REMEDY


def require_articles(
    database_path: Path, index_path: Path, *, has_ever_held_articles: bool
) -> None:
    """Refuse an empty database beside a saved index, rather than begin a new library.

    An index is saved only after an article was stored, so it fits no database that never had one.

    Raises:
        StoreError: There is a saved index, but the database never had an article.
    """
    if not has_ever_held_articles and index_path.is_file():
        reason = f"it is missing or empty, but the saved index {index_path.name} is not. {RESTORE_REMEDY}"
        raise StoreError(database_path, reason)


def require_indexed_revisions(
    database_path: Path,
    index_path: Path,
    *,
    indexed: Mapping[ArticleId, int],
    last_known: Mapping[ArticleId, int],
) -> None:
    """Refuse a database that lacks revisions that its saved index contains.

    Args:
        database_path: The database.
        index_path: The saved index of the same library.
        indexed: The revision of each article in the saved index.
        last_known: The last revision of each article in the database, withdrawn ones included.

    Raises:
        StoreError: The database lacks a revision.
    """
    lost_count = sum(
        revision > last_known.get(article_id, 0) for article_id, revision in indexed.items()
    )
    if lost_count:
        reason = (
            f"it lacks changes to {format_count(lost_count, 'article')} that the saved index "
            f"{index_path.name} contains. Restore the newest backup of the data folder, "
            f"or delete {index_path.name} to continue without them."
        )
        raise StoreError(database_path, reason)

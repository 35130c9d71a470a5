"""The schema as numbered migrations, from an empty file to today's tables."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiosqlite

from bot.errors import MigrationFailed, StoreError
from bot.store.failures import find_reason

APPLICATION_ID = int.from_bytes(b"DATE")
"""Marks the file as Dateline's in its header; another program's database is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema; it never changes once released.

    Attributes:
        number: Its place in the order, from 1.
        name: What it adds, in a few words.
        sql: Its statements, each ended by a semicolon.
    """

    number: int
    name: str
    sql: str


MIGRATIONS = (
    Migration(
        number=1,
        name="articles and receipts",
        sql=f"""
            PRAGMA application_id = {APPLICATION_ID};

            CREATE TABLE migrations (
                number INTEGER PRIMARY KEY,
                name TEXT NOT NULL
            ) STRICT;

            -- One row, which tells this library from any other.
            CREATE TABLE library (library_id TEXT NOT NULL) STRICT;
            INSERT INTO library VALUES (lower(hex(randomblob(16))));

            -- The articles held now, with their current revision.
            CREATE TABLE articles (
                article_id TEXT PRIMARY KEY CHECK (article_id <> ''),
                revision INTEGER NOT NULL CHECK (revision >= 1)
            ) STRICT, WITHOUT ROWID;

            -- No WITHOUT ROWID here: bodies would swell the tree that ids are searched in.
            -- Adding 0 days makes date() notice that there is no 30 February.
            CREATE TABLE revisions (
                article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
                revision INTEGER NOT NULL CHECK (revision >= 1),
                title TEXT NOT NULL,
                title_derived INTEGER NOT NULL CHECK (title_derived IN (0, 1)),
                source TEXT,
                url TEXT,
                published_on TEXT NOT NULL CHECK (published_on IS date(published_on, '+0 days')),
                body TEXT NOT NULL CHECK (body <> ''),
                ingested_at TEXT NOT NULL,
                PRIMARY KEY (article_id, revision)
            ) STRICT;

            -- Outlives its article: receipts name it, and revision numbers go on after it.
            CREATE TABLE withdrawals (
                article_id TEXT NOT NULL,
                last_revision INTEGER NOT NULL CHECK (last_revision >= 1),
                withdrawn_at TEXT NOT NULL,
                reason TEXT NOT NULL,
                PRIMARY KEY (article_id, last_revision)
            ) STRICT, WITHOUT ROWID;

            -- No reference to revisions: a receipt outlives what it quotes.
            CREATE TABLE receipts (
                receipt TEXT PRIMARY KEY CHECK (length(receipt) = 16),
                article_id TEXT NOT NULL,
                revision INTEGER NOT NULL CHECK (revision >= 1),
                start_offset INTEGER NOT NULL CHECK (start_offset >= 0),
                end_offset INTEGER NOT NULL CHECK (end_offset > start_offset),
                first_shown_at TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;
        """,  # noqa: S608 - the number is a constant
    ),
    Migration(
        number=2,
        name="answers shown and votes",
        sql="""
            -- What the buttons of an answer need. Excerpts are offsets and scores, people are keyed
            -- hashes, and the question is not kept. Instants compare as texts: all are in UTC.
            -- No WITHOUT ROWID: the excerpts would swell the tree that keys are searched in.
            CREATE TABLE answers_shown (
                key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 16),
                excerpts TEXT NOT NULL CHECK (json_array_length(excerpts) <= 30),
                answering_count INTEGER NOT NULL CHECK (answering_count >= 0),
                total INTEGER NOT NULL CHECK (total >= 0),
                dates TEXT NOT NULL CHECK (json_valid(dates)),
                asker TEXT NOT NULL CHECK (asker <> ''),
                shown_at TEXT NOT NULL,
                expires_at TEXT NOT NULL CHECK (expires_at > shown_at)
            ) STRICT;

            CREATE INDEX answers_shown_asker ON answers_shown (asker);
            CREATE INDEX answers_shown_expires_at ON answers_shown (expires_at);

            CREATE TABLE votes (
                receipt TEXT NOT NULL REFERENCES receipts,
                person TEXT NOT NULL CHECK (person <> ''),
                up INTEGER NOT NULL CHECK (up IN (0, 1)),
                PRIMARY KEY (receipt, person)
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX votes_person ON votes (person);
        """,
    ),
    Migration(
        number=3,
        name="what lookups found",
        sql="""
            -- What a lookup found beside its excerpts; null for the answer to a question.
            ALTER TABLE answers_shown ADD COLUMN listing TEXT
                CHECK (listing IS NULL OR json_valid(listing));

            -- What was found without the dates that were understood.
            ALTER TABLE answers_shown ADD COLUMN undated TEXT NOT NULL DEFAULT '[]'
                CHECK (json_array_length(undated) <= 30);
            ALTER TABLE answers_shown ADD COLUMN undated_answering_count INTEGER NOT NULL DEFAULT 0
                CHECK (undated_answering_count >= 0);
            ALTER TABLE answers_shown ADD COLUMN undated_total INTEGER NOT NULL DEFAULT 0
                CHECK (undated_total >= 0);

            -- The server that it was shown in; null in direct messages, and where the app is not
            -- the server's but a person's own.
            ALTER TABLE answers_shown ADD COLUMN guild TEXT CHECK (guild <> '');

            CREATE INDEX answers_shown_guild ON answers_shown (guild) WHERE guild IS NOT NULL;
        """,
    ),
    Migration(
        number=4,
        name="servers",
        sql="""
            -- What the managers of a server set; null where the operator's settings hold. All that
            -- is about a server stands in a column `guild`, by which it is found and deleted.
            CREATE TABLE servers (
                guild TEXT PRIMARY KEY CHECK (guild <> ''),
                max_excerpts INTEGER CHECK (max_excerpts BETWEEN 1 AND 10),
                visible INTEGER CHECK (visible IN (0, 1)),
                channels TEXT NOT NULL CHECK (json_valid(channels)),
                zone TEXT CHECK (zone <> '')
            ) STRICT, WITHOUT ROWID;

            -- The servers that the bot has left, and of which something is still kept.
            CREATE TABLE servers_left (
                guild TEXT PRIMARY KEY CHECK (guild <> ''),
                left_at TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;
        """,
    ),
    Migration(
        number=5,
        name="digests",
        sql="""
            -- What came in of late is looked for many times a day.
            CREATE INDEX revisions_ingested_at ON revisions (ingested_at);
            CREATE INDEX revisions_published_on ON revisions (published_on);

            -- The digests of servers. `due_at` is when one has to be looked at next, by the rules
            -- known when that was reckoned; null where it has to be reckoned anew. `place` orders
            -- those of one moment.
            CREATE TABLE subscriptions (
                subscription_id INTEGER PRIMARY KEY,
                guild TEXT NOT NULL CHECK (guild <> ''),
                channel TEXT NOT NULL CHECK (channel <> ''),
                name TEXT NOT NULL CHECK (name <> ''),
                at TEXT NOT NULL,
                zone TEXT NOT NULL CHECK (zone <> ''),
                days TEXT NOT NULL CHECK (json_array_length(days) >= 1),
                topics TEXT NOT NULL CHECK (json_valid(topics)),
                sources TEXT NOT NULL CHECK (json_valid(sources)),
                max_entries INTEGER NOT NULL CHECK (max_entries >= 1),
                when_empty TEXT NOT NULL CHECK (when_empty IN ('skip', 'note')),
                mention_role TEXT CHECK (mention_role <> ''),
                state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'troubled')),
                trouble TEXT CHECK ((trouble IS NOT NULL) = (state = 'troubled')),
                begins_at TEXT NOT NULL,
                due_at TEXT,
                place INTEGER,
                UNIQUE (guild, name)
            ) STRICT;

            CREATE INDEX subscriptions_due_at ON subscriptions (due_at, place)
                WHERE state = 'active';

            -- One row for each digest and local day, made before anything is posted. No column
            -- `guild`: they go with their digest, and would be many to look through.
            CREATE TABLE deliveries (
                -- AUTOINCREMENT: a number is never used again, and later ones are higher.
                delivery_id INTEGER PRIMARY KEY AUTOINCREMENT,
                subscription_id INTEGER NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
                channel TEXT NOT NULL,
                local_day TEXT NOT NULL CHECK (local_day IS date(local_day, '+0 days')),
                state TEXT NOT NULL
                    CHECK (state IN ('claimed', 'posted', 'empty', 'uncertain', 'failed')),
                window_first TEXT NOT NULL,
                window_last TEXT NOT NULL,
                key TEXT NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 16),
                claimed_at TEXT NOT NULL,
                after_message TEXT,
                message_id TEXT CHECK ((message_id IS NOT NULL) = (state = 'posted')),
                posted_at TEXT CHECK ((posted_at IS NOT NULL) = (state = 'posted')),
                reason TEXT CHECK ((reason IS NOT NULL) = (state IN ('uncertain', 'failed'))),
                UNIQUE (subscription_id, local_day)
            ) STRICT;

            CREATE INDEX deliveries_claimed ON deliveries (claimed_at) WHERE state = 'claimed';

            -- At which step an article was taken into a digest or left out.
            CREATE TABLE delivery_articles (
                delivery_id INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
                article_id TEXT NOT NULL,
                step TEXT NOT NULL,
                detail TEXT NOT NULL,
                PRIMARY KEY (delivery_id, article_id)
            ) STRICT, WITHOUT ROWID;
        """,
    ),
    Migration(
        number=6,
        name="alerts",
        sql="""
            -- What is looked for in new articles: for a server, told in one of its channels, or for
            -- a person, told in direct messages. What a person typed for themselves, and the
            -- channel of their direct messages, are kept here and nowhere else.
            CREATE TABLE alerts (
                key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 16),
                guild TEXT CHECK (guild <> ''),
                person TEXT CHECK (person <> ''),
                channel TEXT NOT NULL CHECK (channel <> ''),
                terms TEXT NOT NULL CHECK (terms <> ''),
                quiet_from TEXT,
                quiet_to TEXT,
                quiet_zone TEXT,
                state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'troubled')),
                trouble TEXT,
                begins_at TEXT NOT NULL,
                CHECK ((guild IS NULL) <> (person IS NULL)),
                CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)),
                CHECK ((quiet_from IS NULL) = (quiet_zone IS NULL)),
                CHECK ((state = 'troubled') = (trouble IS NOT NULL))
            ) STRICT;

            CREATE INDEX alerts_guild ON alerts (guild) WHERE guild IS NOT NULL;
            CREATE INDEX alerts_person ON alerts (person) WHERE person IS NOT NULL;

            -- What was sent for an alert: claimed before it is sent, recorded after.
            CREATE TABLE alert_messages (
                key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 16),
                alert TEXT NOT NULL REFERENCES alerts ON DELETE CASCADE,
                claimed_at TEXT NOT NULL,
                after_message TEXT,
                state TEXT NOT NULL
                    CHECK (state IN ('claimed', 'posted', 'empty', 'uncertain', 'failed')),
                message_id TEXT CHECK ((message_id IS NOT NULL) = (state = 'posted'))
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX alert_messages_alert ON alert_messages (alert, claimed_at);
            CREATE INDEX alert_messages_open ON alert_messages (claimed_at) WHERE state = 'claimed';

            -- The articles that an alert is told of, each once; `message` is null while they wait.
            CREATE TABLE alert_articles (
                alert TEXT NOT NULL REFERENCES alerts ON DELETE CASCADE,
                article_id TEXT NOT NULL CHECK (article_id <> ''),
                message TEXT REFERENCES alert_messages ON DELETE CASCADE,
                PRIMARY KEY (alert, article_id)
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX alert_articles_waiting ON alert_articles (alert) WHERE message IS NULL;
            CREATE INDEX alert_articles_message ON alert_articles (message)
                WHERE message IS NOT NULL;
        """,
    ),
    Migration(
        number=7,
        name="when digests were scheduled",
        sql="""
            -- When the time, the zone or the days were set: a digest was not due by them before.
            ALTER TABLE subscriptions ADD COLUMN scheduled_at TEXT NOT NULL DEFAULT '';
            UPDATE subscriptions SET scheduled_at = begins_at;
        """,
    ),
    Migration(
        number=8,
        name="replies to messages",
        sql="""
            -- The message with the question and the bot's reply to it, so that the reply is deleted
            -- with the message; null for commands.
            ALTER TABLE answers_shown ADD COLUMN question_id TEXT CHECK (question_id <> '');
            ALTER TABLE answers_shown ADD COLUMN reply_id TEXT CHECK (reply_id <> '');

            CREATE INDEX answers_shown_question_id ON answers_shown (question_id)
                WHERE question_id IS NOT NULL;
        """,
    ),
)


async def find_pending_migrations(
    connection: aiosqlite.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> tuple[Migration, ...]:
    """Return the migrations that the file does not have yet, in order.

    Raises:
        StoreError: The file belongs to another program or to a newer Dateline.
    """
    applied_numbers = await _fetch_applied_numbers(connection, path)
    if any(number > migrations[-1].number for number in applied_numbers):
        raise StoreError(
            path, "a newer version of Dateline created it. Update Dateline, then try again."
        )
    return tuple(migration for migration in migrations if migration.number not in applied_numbers)


async def apply_migrations(
    connection: aiosqlite.Connection, path: Path, migrations: Sequence[Migration]
) -> None:
    """Run migrations inside the transaction that the caller has opened, and record each.

    Raises:
        MigrationFailed: A migration failed; the caller rolls back all of them.
    """
    for migration in migrations:
        try:
            # `executescript` would commit the open transaction first.
            for statement in split_statements(migration.sql):
                await connection.execute(statement)
            await connection.execute(
                "INSERT INTO migrations (number, name) VALUES (?, ?)",
                (migration.number, migration.name),
            )
        except sqlite3.Error as error:
            reason = find_reason(error).removesuffix(".")
            raise MigrationFailed(path, reason, f"{migration.number} ({migration.name})") from error


def split_statements(sql: str) -> Iterator[str]:
    """Yield the statements of `sql`, in order.

    Semicolons inside strings, comments and triggers do not end a statement.
    """
    statement = ""
    for piece in sql.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement:
        yield statement


async def _fetch_applied_numbers(connection: aiosqlite.Connection, path: Path) -> frozenset[int]:
    """Return the numbers of the applied migrations; empty for a new file."""
    # A single statement reads one consistent state, even if another process is creating the file.
    ((application_id, tables),) = await connection.execute_fetchall(
        "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id"
    )
    if (application_id, tables) == (0, 0):
        return frozenset()
    if application_id != APPLICATION_ID:
        raise StoreError(
            path, "another program created it. Choose another file, or move this one away."
        )
    rows = await connection.execute_fetchall("SELECT number FROM migrations")
    return frozenset(number for (number,) in rows)

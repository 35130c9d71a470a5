"""An example of every error class, with the sentence that people read about it."""

from datetime import date, time, timedelta
from pathlib import Path

from bot import errors
from bot.errors import BotError
from bot.model.delivery import FailureReason

SENTENCES: tuple[tuple[BotError, str], ...] = (
    (errors.WrongUsage("No such option: --foo."), "No such option: --foo."),
    (
        errors.SettingsError("config/dateline.toml", "answers.max_excerpts", "give a number."),
        "Can't use answers.max_excerpts in config/dateline.toml. Give a number.",
    ),
    (
        errors.ConfigUnreadable(
            "other.toml", "the file", "it can't be read (No such file or directory)"
        ),
        "Can't use the settings file other.toml. It can't be read (No such file or directory). Choose another file with --config.",
    ),
    (
        errors.ArticleError(Path("news.jsonl"), 3, "it has no “date”. Add it"),
        "Can't use news.jsonl, line 3. It has no “date”. Add it.",
    ),
    (
        errors.ArticleError(Path("news.txt"), None, "its text is empty"),
        "Can't use news.txt. Its text is empty.",
    ),
    (
        errors.JudgedFileError(Path("queries.jsonl"), 3, "the field “id” is missing. Add it."),
        "Can't use queries.jsonl, line 3. The field “id” is missing. Add it.",
    ),
    (
        errors.JudgedFileError(Path("queries.jsonl"), None, "it is missing. Add it"),
        "Can't use queries.jsonl. It is missing. Add it.",
    ),
    (
        errors.NotAnAnswer(Path("run.jsonl"), 3),
        "Can't use run.jsonl, line 3. It is not in the format that eval --answers writes.",
    ),
    (
        errors.ChartsNotInstalled(),
        "Charts need matplotlib, which is not installed. Run pip install matplotlib, or omit --png.",
    ),
    (
        errors.UnknownArticle("flood"),
        "There is no article with the ID “flood”. Check the ID, or search for the article.",
    ),
    (errors.ArticleWithdrawn(), "The article that this excerpt quotes has been withdrawn."),
    (
        errors.MalformedReceipt("12\n34"),
        "“12\\n34” is not a receipt. Enter the 16 digits and letters (a to f) shown below an excerpt.",
    ),
    (errors.UnknownButton(), "This button no longer works. Ask or search again."),
    (errors.AnswerExpired(), "This result has expired. Ask or search again."),
    (
        errors.TooManyQuestions(10, timedelta(seconds=23)),
        "You sent 10 requests in the last minute (questions and commands). Try again in 23 seconds.",
    ),
    (
        errors.TooManyQuestions(1, timedelta(seconds=0.2)),
        "You sent 1 request in the last minute (questions and commands). Try again in 1 second.",
    ),
    (
        errors.TooManyPresses(20, timedelta(seconds=7)),
        "You used buttons, menus and forms 20 times in the last minute. Try again in 7 seconds.",
    ),
    (errors.TooBusy(), "I'm busy right now. Please try again in a moment."),
    (
        errors.AlreadyRunning(Path("data")),
        "Another dateline run is using the data folder data. Stop it first, or choose another folder with --data-dir.",
    ),
    (
        errors.DiscordDisconnected(4013),
        "The connection to Discord was closed with code 4013. Discord's developer documentation explains the code.",
    ),
    (
        errors.UnknownTime("25:00"),
        "“25:00” is not a time of day. Enter it as HH:MM, from 00:00 to 23:59, such as 08:30.",
    ),
    (
        errors.UnknownSource("Courir", ("The Courier", "The Herald")),
        "Unknown source “Courir”. Did you mean “The Courier” or “The Herald”?",
    ),
    (
        errors.UnknownSource("Xyz", ()),
        "Unknown source “Xyz”. Use the sources command to see all sources.",
    ),
    (
        errors.EmptyTopic("the"),
        "There is nothing to search for in the topic “the”. Name a person, place, thing or event.",
    ),
    (
        errors.TopicTooLong(100),
        "A topic or its heading is too long. Each can have at most 100 characters; separate topics with commas.",
    ),
    (
        errors.TooManyTopics(10),
        "A digest can have at most 10 topics. Remove one first, or add another digest.",
    ),
    (errors.UnknownTopic("AI", ("Floods",)), "This digest has no topic “AI”. Choose “Floods”."),
    (errors.UnknownTopic("AI", ()), "This digest has no topics. Add one with /digest topics add."),
    (
        errors.TooManyDigests(25),
        "A server can have at most 25 digests. Delete one with /digest off first.",
    ),
    (
        errors.NoDigest(),
        "This server has no digest yet. Members with the Manage Server permission can add one with /digest set.",
    ),
    (
        errors.UnknownDigest(None, ("morning", "evening", "weekly")),
        "There are several digests here. Choose “morning”, “evening” or “weekly”.",
    ),
    (
        errors.UnknownDigest("noon", ("morning",)),
        "There is no digest called “noon”. Choose “morning”.",
    ),
    (
        errors.NoDelivery("news", date(2026, 3, 3)),
        "The digest “news” has nothing for 3 March 2026. Use /digest history to see its days.",
    ),
    (
        errors.NoDelivery("news", None),
        "The digest “news” has not been posted yet. Use /digest preview to see what it would contain.",
    ),
    (
        errors.FutureDay(date(2026, 3, 3)),
        "The day 3 March 2026 is in the future. Choose today or an earlier day.",
    ),
    (
        errors.DeliveryFailed("20", FailureReason.MAY_NOT_POST, is_lasting=True),
        "Missing permission: I can't post in the channel.",
    ),
    (
        errors.DeliveryFailed("20", FailureReason.EMPTY_TOPIC, is_lasting=True),
        "One of its topics has nothing to search for. Remove it with /digest topics remove.",
    ),
    (
        errors.DeliveryUnknown("20"),
        "Discord did not answer. I will try again; check the channel soon.",
    ),
    (
        errors.HistoryUnreadable("20"),
        "Discord did not answer, and I can't check whether the message was posted. Give me the Read Message History permission in the channel.",
    ),
    (
        errors.TooManyAlerts(10, is_guild=False),
        "You have 10 alerts, which is the limit. Remove one with /alerts remove first.",
    ),
    (
        errors.TooManyAlerts(25, is_guild=True),
        "This server has 25 alerts, which is the limit. Remove one with /alerts remove first.",
    ),
    (
        errors.UnknownAlert(),
        "There is no such alert. Choose one of the suggestions that appear while you type.",
    ),
    (
        errors.UnusableAlert("The time zone of its quiet hours no longer exists."),
        "The time zone of its quiet hours no longer exists.",
    ),
    (
        errors.PreviewExpired(),
        "This preview has expired, or its alert was already added. Use /alerts list to see your alerts, or /alerts add to add one.",
    ),
    (
        errors.IncompleteQuietHours(),
        "Quiet hours need a start and an end. Give both quiet_from and quiet_to.",
    ),
    (
        errors.EndlessQuietHours(time(8)),
        "Quiet hours can't start and end at the same time (08:00). Choose another end.",
    ),
    (errors.EmptyQuestion(), "The question is empty. Enter what you want to know."),
    (errors.EmojiOnly(), "Emoji can't be searched for. Ask in words."),
    (
        errors.QuestionTooShort(2),
        "This question is too short. Enter at least 2 characters.",
    ),
    (
        errors.QuestionTooLong(301, 300),
        "This question has 301 characters. Shorten it to 300 or fewer.",
    ),
    (
        errors.ForeignScript(),
        "No article contains any word of this. Ask in English, the language of the articles.",
    ),
    (
        errors.EmptyQuery(),
        "There is nothing to search for in this. Name a person, place, thing or event; a date alone is not enough. To list the articles of a day, use the on command.",
    ),
    (
        errors.ReversedBounds(date(2026, 3, 5), date(2026, 3, 1)),
        "The first day, 5 March 2026, is later than the last day, 1 March 2026. Choose an earlier first day or a later last day.",
    ),
    (
        errors.TooManyTerms(5, 4),
        "A trend can show at most 4 topics, and this has 5. Enter fewer, separated by commas.",
    ),
    (
        errors.UnknownDate("3/2", ("2 March 2026", "3 February 2026")),
        "The date “3/2” can be read in more than one way. Enter “2 March 2026” or “3 February 2026”.",
    ),
    (
        errors.UnknownDate("no\nday"),
        "“no\\nday” is not a date. Enter one such as 2026-03-02, 2 March 2026, February, last week or yesterday.",
    ),
    (
        errors.StoreError(Path("dateline.sqlite3"), "it is damaged. Restore it from a backup."),
        "Can't use the database dateline.sqlite3. It is damaged. Restore it from a backup.",
    ),
    (
        errors.MigrationFailed(Path("dateline.sqlite3"), "SQLite reports “near TABEL”", "0002"),
        "Can't update the database dateline.sqlite3. Migration 0002 failed, and the database was not changed. SQLite reports “near TABEL”.",
    ),
)

EXAMPLES = tuple(error for error, _ in SENTENCES)

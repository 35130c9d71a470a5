"""An error of every class, with the sentence that a person reads about it."""

from datetime import date, time, timedelta
from pathlib import Path

from bot import errors
from bot.errors import BotError
from bot.model.delivery import FailureReason

SENTENCES: tuple[tuple[BotError, str], ...] = (
    (errors.WrongUsage("No such option: --foo."), "No such option: --foo: try --help."),
    (
        errors.SettingsError("config/dateline.toml", "answers.max_excerpts", "give a number."),
        "config/dateline.toml: answers.max_excerpts: give a number.",
    ),
    (
        errors.ConfigUnreadable(
            "other.toml", "the file", "it can't be read (No such file or directory)"
        ),
        "other.toml: the file: it can't be read (No such file or directory): name one that can with --config.",
    ),
    (
        errors.ArticleError(Path("news.jsonl"), 3, "it has no “date”: add it"),
        "news.jsonl, line 3: it has no “date”: add it",
    ),
    (
        errors.ArticleError(Path("news.txt"), None, "its text is empty"),
        "news.txt: its text is empty",
    ),
    (
        errors.JudgedFileError(Path("queries.jsonl"), 3, "it has no “id”: add it"),
        "queries.jsonl, line 3: it has no “id”: add it",
    ),
    (
        errors.JudgedFileError(Path("queries.jsonl"), None, "it is missing: add it"),
        "queries.jsonl: it is missing: add it",
    ),
    (
        errors.NotAnAnswer(Path("run.jsonl"), 3),
        "run.jsonl, line 3: it is no answer as eval --answers writes it",
    ),
    (
        errors.ChartsNotInstalled(),
        "Drawing a chart needs matplotlib, which is not installed: run pip install 'dateline-bot[charts]', or leave out --png.",
    ),
    (errors.UnknownArticle("flood"), "The library holds no article with the id 'flood'."),
    (errors.ArticleWithdrawn(), "The article that this excerpt quotes has been taken back since."),
    (
        errors.MalformedReceipt("12\n34"),
        "'12\\n34' is no receipt: a receipt is 16 digits and letters from a to f, as shown below each excerpt.",
    ),
    (errors.AnswerExpired(), "This is too old to go on from: ask again, or look it up again."),
    (
        errors.TooManyQuestions(10, timedelta(seconds=23)),
        "You have asked 10 questions within a minute: ask again in 23 seconds.",
    ),
    (
        errors.TooManyQuestions(1, timedelta(seconds=0.2)),
        "You have asked 1 question within a minute: ask again in 1 second.",
    ),
    (
        errors.AlreadyRunning(Path("data")),
        "Another dateline run uses the data folder data: stop that one first, or name another folder with --data-dir.",
    ),
    (
        errors.DiscordUnreachable("https://discord.com/api/v10"),
        "The system refused what was needed: Discord can't be reached at https://discord.com/api/v10.",
    ),
    (
        errors.DiscordDisconnected(4013),
        "The system refused what was needed: Discord closed the connection with the code 4013.",
    ),
    (
        errors.UnknownTime("25:00"),
        "'25:00' is no time of day: write it as HH:MM, from 00:00 to 23:59, like 08:30.",
    ),
    (
        errors.UnknownSource("Courir", ("The Courier", "The Herald")),
        "No article is of the source 'Courir': did you mean “The Courier” or “The Herald”?",
    ),
    (errors.UnknownSource("Xyz", ()), "No article is of the source 'Xyz'."),
    (
        errors.EmptyTopic("the"),
        "There is nothing to search for in the topic 'the': name a person, a place, a thing or an event.",
    ),
    (
        errors.TopicTooLong(100),
        "A topic has at most 100 characters, and so has its heading: commas part topics.",
    ),
    (errors.TooManyTopics(10), "A digest has 10 topics at most: take one away, or make another."),
    (errors.UnknownTopic("AI", ("Floods",)), "This digest has no topic 'AI': choose “Floods”."),
    (errors.UnknownTopic("AI", ()), "This digest has no topic 'AI': it has none."),
    (errors.TooManyDigests(25), "A server has 25 digests at most: end one with /digest off first."),
    (
        errors.NoDigest(),
        "There is no digest here yet: whoever manages this server makes one with /digest set.",
    ),
    (
        errors.UnknownDigest(None, ("morning", "evening", "weekly")),
        "Several digests are posted here: choose “morning”, “evening” or “weekly”.",
    ),
    (errors.UnknownDigest("noon", ("morning",)), "No digest is called 'noon': choose “morning”."),
    (
        errors.NoDelivery("news", date(2026, 3, 3)),
        "There is nothing of the digest “news” of 3 March 2026: /digest history shows its days.",
    ),
    (
        errors.NoDelivery("news", None),
        "There is nothing of the digest “news” yet: /digest history shows its days.",
    ),
    (
        errors.FutureDay(date(2026, 3, 3)),
        "3 March 2026 has not come yet: name today or an earlier day.",
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
        "Discord gave no answer, and will be asked again: look into the channel soon.",
    ),
    (
        errors.HistoryUnreadable("20"),
        "Discord gave no answer, and I can't see what was posted since: let me read the channel's message history.",
    ),
    (
        errors.TooManyAlerts(10, is_guild=False),
        "You have 10 alerts, and there are no more: take one away with /alerts remove first.",
    ),
    (
        errors.TooManyAlerts(25, is_guild=True),
        "This server has 25 alerts, and there are no more: take one away with /alerts remove first.",
    ),
    (errors.UnknownAlert(), "There is no such alert: choose one of those offered while you type."),
    (
        errors.UnusableAlert("There is nothing to search for in it any more."),
        "There is nothing to search for in it any more.",
    ),
    (
        errors.PreviewExpired(),
        "I don't know this preview any more: its alert was added, or it is too old. /alerts list shows your alerts, and /alerts add makes one.",
    ),
    (
        errors.IncompleteQuietHours(),
        "Quiet hours begin and end: give both quiet_from and quiet_to.",
    ),
    (
        errors.EndlessQuietHours(time(8)),
        "Quiet hours from 08:00 to 08:00 would never end: give another end.",
    ),
    (errors.EmptyQuestion(), "This holds no question: type what you want to know."),
    (errors.EmojiOnly(), "Emoji can't be searched for: ask in words."),
    (
        errors.QuestionTooShort(2),
        "This is too short to search for: a question has at least 2 characters.",
    ),
    (errors.QuestionTooLong(301, 300), "This question has 301 characters: ask it in at most 300."),
    (
        errors.ForeignScript(),
        "No article holds a word of this: ask in the language of the articles, English.",
    ),
    (
        errors.EmptyQuery(),
        "There is nothing to search for in this: name a person, a place, a thing or an event; a date alone is not enough.",
    ),
    (
        errors.ReversedBounds(date(2026, 3, 5), date(2026, 3, 1)),
        "No day lies between 5 March 2026 and 1 March 2026: give an earlier start or a later end.",
    ),
    (
        errors.TooManyTerms(5, 4),
        "That makes 5 terms, and a trend shows 4 at most: commas part them.",
    ),
    (
        errors.UnknownDate("3/2", ("2 March 2026", "3 February 2026")),
        "'3/2' can be read in more than one way: write “2 March 2026” or “3 February 2026”.",
    ),
    (
        errors.UnknownDate("no\nday"),
        "'no\\nday' is not a date that I know: write for example 2026-03-02, 2 March 2026, February, last week or yesterday.",
    ),
    (
        errors.StoreError(Path("dateline.sqlite3"), "it is damaged: restore it from a copy."),
        "The database dateline.sqlite3 can't be used: it is damaged: restore it from a copy.",
    ),
    (
        errors.MigrationFailed(Path("dateline.sqlite3"), "near “TABEL”", "0002"),
        "The database dateline.sqlite3 can't be used: migration 0002 failed (near “TABEL”); it was left as it was.",
    ),
)

EXAMPLES = tuple(error for error, _ in SENTENCES)

"""The command /ask."""

from discord import app_commands

from bot.discord_ui.commands.asking import AskRequest, answer_question
from bot.discord_ui.commands.autocomplete import build_day_autocomplete, build_source_autocomplete
from bot.discord_ui.commands.options import (
    AFTER,
    BEFORE,
    SOURCE,
    Command,
    Interaction,
    ShortText,
    offer_everywhere,
)
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.replies import InteractionReply
from bot.retrieval.question.validation import MAX_QUESTION_CHARS, MIN_QUESTION_CHARS

QuestionText = app_commands.Range[str, MIN_QUESTION_CHARS, MAX_QUESTION_CHARS]


def build_ask_command(context: BotContext) -> Command:
    """Return the command /ask."""

    @app_commands.command(
        name="ask", description="Ask a question; the answer quotes dated articles word for word"
    )
    @offer_everywhere
    @app_commands.describe(
        question="Your question",
        after=AFTER,
        before=BEFORE,
        source=SOURCE,
        visible="Whether everyone sees the answer (default: this server's setting)",
    )
    async def ask(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: Interaction,
        question: QuestionText,
        after: ShortText | None = None,
        before: ShortText | None = None,
        source: ShortText | None = None,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        request = AskRequest(
            text=question,
            after=after,
            before=before,
            source=source,
            is_question_visible=False,
        )
        private = None if visible is None else not visible
        await answer_question(
            context, request, InteractionReply(interaction, entry_point="ask", private=private)
        )

    ask.autocomplete("after")(build_day_autocomplete(context))
    ask.autocomplete("before")(build_day_autocomplete(context))
    ask.autocomplete("source")(build_source_autocomplete(context))
    return ask

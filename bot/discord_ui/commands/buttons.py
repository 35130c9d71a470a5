"""The handlers of the buttons below answers, digests and alerts.

They work after a restart because their state is in their custom_id. discord.py's `DynamicItem` would
do that too, but it sends no reply to unknown buttons or after errors. So presses are handled in
`on_interaction`, which gets every interaction.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.discord_ui.commands.alerts import add_previewed_alert, pause_alert_of_message
from bot.discord_ui.commands.digest_read import explain_posted_digest
from bot.discord_ui.commands.flow import private_reply
from bot.discord_ui.commands.follow_up import open_form
from bot.discord_ui.commands.listings import extract_query_line, show_listing, show_stored_results
from bot.discord_ui.commands.options import Interaction
from bot.discord_ui.commands.privacy import forget
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import HOW_TO_ASK, report_errors
from bot.discord_ui.messages.answer_pages import (
    build_context_blocks,
    build_further_blocks,
    build_why_blocks,
)
from bot.discord_ui.messages.components import ButtonPress, parse_custom_id
from bot.discord_ui.messages.replies import InPlaceReply, InteractionReply
from bot.lookups.article import build_article_listing, find_piece_number
from bot.presentation.blocks import Action, Line
from bot.services.votes import VoteResult

UNKNOWN_BUTTON = (
    Line(text="This button no longer works."),
    Line(text=HOW_TO_ASK, is_subtle=True),
)
NOT_THE_ASKER = (Line(text="Only the person who asked can delete this."),)
THANKS = "Thank you for voting on this excerpt. Press the button again to remove your vote."
VOTE_WITHDRAWN = "Your vote on this excerpt was removed."


async def answer_button(context: BotContext, interaction: Interaction, custom_id: str) -> None:
    """Handle the press of a button, unless the person pressed too many."""
    press = parse_custom_id(custom_id)
    is_limited = press is None or press.action is not Action.FORGET  # deleting is never refused
    if is_limited and not await _is_admitted(context, interaction):
        return
    if press is None:
        async with private_reply(context, interaction, "button") as reply:
            await reply.send(UNKNOWN_BUTTON)
    else:
        await BUTTON_HANDLERS[press.action](context, interaction, press)


async def _is_admitted(context: BotContext, interaction: Interaction) -> bool:
    """Count the press; if the person has reached their limit, say so and return false."""
    async with private_reply(context, interaction, "button") as reply:
        context.admit(reply.user_id, is_press=reply.is_press)
        return True
    return False


async def _show_more(context: BotContext, interaction: Interaction, press: ButtonPress) -> None:
    """Show the next excerpts, to everyone if the asker pressed the button of a public answer."""
    reply = InteractionReply(interaction, entry_point="more")
    async with report_errors(context, reply):
        # Otherwise any member could fill the channel with pages that nobody asked for.
        is_asker = await _is_asker(context, interaction, press)
        reply.private = not is_asker or is_ephemeral(interaction)
        await reply.begin()
        max_excerpts = (await context.load_preferences(reply.guild)).max_excerpts
        page = await context.services.shown_answers.load_page(
            press.key, press.rank - 1, max_excerpts
        )
        await reply.send(build_further_blocks(page), key=press.key)


async def _show_context(context: BotContext, interaction: Interaction, press: ButtonPress) -> None:
    async with private_reply(context, interaction, "context") as reply:
        await reply.begin()
        excerpt_context = await context.services.shown_answers.load_context(press.key, press.rank)
        await reply.send(build_context_blocks(excerpt_context, press.rank), key=press.key)


async def _explain_excerpt(
    context: BotContext, interaction: Interaction, press: ButtonPress
) -> None:
    async with private_reply(context, interaction, "why") as reply:
        await reply.begin()
        explanation = await context.services.shown_answers.explain_score(press.key, press.rank)
        await reply.send(build_why_blocks(explanation))


async def _turn_page(context: BotContext, interaction: Interaction, press: ButtonPress) -> None:
    """Show another page: in place for the asker, in a private message for everyone else."""
    reply = InPlaceReply(interaction, entry_point="page")
    async with report_errors(context, reply):
        if await _is_owner(context, interaction, press):
            page_reply: InteractionReply = reply
        else:
            page_reply = InteractionReply(interaction, entry_point="page", private=True)
        await page_reply.begin()
        await show_stored_results(
            context,
            page_reply,
            press.key,
            press.rank,
            header=extract_query_line(interaction.message),
        )


async def _show_undated(context: BotContext, interaction: Interaction, press: ButtonPress) -> None:
    """Show the results without dates, to everyone if the asker pressed the button in public."""
    reply = InteractionReply(interaction, entry_point="undated")
    async with report_errors(context, reply):
        is_asker = await _is_asker(context, interaction, press)
        reply.private = not is_asker or is_ephemeral(interaction)
        await reply.begin()
        person = context.get_pseudonym(reply.user_id)
        key = await context.services.listings.store_undated(press.key, person, reply.guild)
        await show_stored_results(
            context, reply, key, header=extract_query_line(interaction.message)
        )


async def _open_article(context: BotContext, interaction: Interaction, press: ButtonPress) -> None:
    """Show the article, at the excerpt, to the person who pressed the button."""
    async with private_reply(context, interaction, "article") as reply:
        await reply.begin()
        excerpt = await context.services.shown_answers.load_excerpt(press.key, press.rank)
        listing = await asyncio.to_thread(build_article_listing, excerpt.article, excerpt)
        first = await asyncio.to_thread(find_piece_number, excerpt)
        await show_listing(context, reply, listing, first=first)


async def _vote(
    context: BotContext, interaction: Interaction, press: ButtonPress, *, up: bool
) -> None:
    async with private_reply(context, interaction, "vote") as reply:
        await reply.begin()
        excerpt = await context.services.shown_answers.load_excerpt(press.key, press.rank)
        person = context.get_pseudonym(reply.user_id)
        vote_result = await context.services.votes.vote(excerpt.receipt, person, is_upvote=up)
        await reply.send((Line(text=format_vote_result(vote_result)),))


def format_vote_result(vote_result: VoteResult) -> str:
    """Return the confirmation of a vote, with the number of votes."""
    acknowledgement = VOTE_WITHDRAWN if vote_result.own_vote is None else THANKS
    return f"{acknowledgement} Votes: {vote_result.votes.up} 👍, {vote_result.votes.down} 👎."


async def _open_follow_up(
    context: BotContext, interaction: Interaction, press: ButtonPress
) -> None:
    await open_form(context, interaction, press.key)


async def _delete(context: BotContext, interaction: Interaction, press: ButtonPress) -> None:
    """Delete the message if the person asked for it or is the only one who sees it."""
    async with private_reply(context, interaction, "delete") as reply:
        if await _is_owner(context, interaction, press):
            await reply.delete_message()
        else:
            await reply.send(NOT_THE_ASKER)


async def _forget(context: BotContext, interaction: Interaction, _press: ButtonPress) -> None:
    await forget(context, interaction)


async def _is_owner(context: BotContext, interaction: Interaction, press: ButtonPress) -> bool:
    """Return whether the person may change the message: they asked, or nobody else sees it."""
    return is_ephemeral(interaction) or await _is_asker(context, interaction, press)


async def _is_asker(context: BotContext, interaction: Interaction, press: ButtonPress) -> bool:
    person = context.get_pseudonym(interaction.user.id)
    return await context.services.shown_answers.is_asker(press.key, person)


def is_ephemeral(interaction: Interaction) -> bool:
    """Return whether only this person sees the message with the button."""
    return bool(interaction.message and interaction.message.flags.ephemeral)


BUTTON_HANDLERS: Mapping[
    Action, Callable[[BotContext, Interaction, ButtonPress], Awaitable[None]]
] = {
    Action.MORE: _show_more,
    Action.IN_CONTEXT: _show_context,
    Action.WHY: _explain_excerpt,
    Action.VOTE_UP: partial(_vote, up=True),
    Action.VOTE_DOWN: partial(_vote, up=False),
    Action.FOLLOW_UP: _open_follow_up,
    Action.DELETE: _delete,
    Action.FORGET: _forget,
    Action.PAGE: _turn_page,
    Action.UNDATED: _show_undated,
    Action.ARTICLE: _open_article,
    Action.DIGEST: explain_posted_digest,
    Action.ALERT: pause_alert_of_message,
    Action.ADD_ALERT: add_previewed_alert,
}

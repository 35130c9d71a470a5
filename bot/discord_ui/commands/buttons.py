"""What happens when a button of an answer is pressed, before and after a restart alike.

discord.py's way, `DynamicItem`, drops without a word what goes wrong in it and what it does not
know. So buttons are answered from the event that it dispatches for every interaction.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import discord

from bot.discord_ui.commands.alerts import add_previewed, pause_told
from bot.discord_ui.commands.digest_read import why_these
from bot.discord_ui.commands.follow_up import open_form
from bot.discord_ui.commands.listings import show_kept, show_listing, typed_above
from bot.discord_ui.commands.privacy import forget
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import HOW_TO_ASK, guarded
from bot.discord_ui.messages.answer_pages import context_blocks, further_blocks, why_blocks
from bot.discord_ui.messages.components import Press, pressed
from bot.discord_ui.messages.replies import InPlaceReply, InteractionReply
from bot.lookups.article import first_piece, opened
from bot.presentation.blocks import Action, Line
from bot.services import conversation
from bot.services import listings as browsing
from bot.services.conversation import Voted

Interaction = discord.Interaction[Any]

UNKNOWN = (Line(text="I don't know this button any more."), Line(text=HOW_TO_ASK, subtle=True))
NOT_THE_ASKER = (Line(text="Only the person who asked for this can delete it."),)
THANKS = "Thank you, I have noted your vote on this excerpt. Press again to take it back."
TAKEN_BACK = "Your vote on this excerpt is taken back."


async def answer_button(desk: Desk, interaction: Interaction, custom_id: str) -> None:
    """Answers a press exactly once."""
    press = pressed(custom_id)
    if press is None:
        reply = InteractionReply(interaction, way="button", private=True)
        async with guarded(desk, reply):
            await reply.send(UNKNOWN)
    else:
        await ANSWERS[press.action](desk, interaction, press)


async def _more(desk: Desk, interaction: Interaction, press: Press) -> None:
    """Shows the next excerpts: to all where the asker wants them, else to who pressed."""
    reply = InteractionReply(interaction, way="more")
    async with guarded(desk, reply):
        person = desk.person(interaction.user.id)
        is_asker = await conversation.is_asker(desk.app, press.key, person)
        reply.private = not is_asker or is_only_for_one(interaction)
        await reply.begin()
        count = (await desk.manner(reply.guild)).max_excerpts
        page = await conversation.shown_page(desk.app, press.key, press.rank - 1, count)
        await reply.send(further_blocks(page), key=press.key)


async def _context(desk: Desk, interaction: Interaction, press: Press) -> None:
    reply = InteractionReply(interaction, way="context", private=True)
    async with guarded(desk, reply):
        await reply.begin()
        context = await conversation.context_of(desk.app, press.key, press.rank)
        await reply.send(context_blocks(context, press.rank), key=press.key)


async def _why(desk: Desk, interaction: Interaction, press: Press) -> None:
    reply = InteractionReply(interaction, way="why", private=True)
    async with guarded(desk, reply):
        await reply.begin()
        why = await conversation.why(desk.app, press.key, press.rank)
        await reply.send(why_blocks(why))


async def _page(desk: Desk, interaction: Interaction, press: Press) -> None:
    """Turns the page: in place for whom it was found, else for who pressed alone."""
    person = desk.person(interaction.user.id)
    reply = InPlaceReply(interaction, way="page")
    async with guarded(desk, reply):
        if is_only_for_one(interaction) or await conversation.is_asker(desk.app, press.key, person):
            shown: InteractionReply = reply
        else:
            shown = InteractionReply(interaction, way="page", private=True)
        await shown.begin()
        await show_kept(desk, shown, press.key, press.rank, above=typed_above(interaction.message))


async def _undated(desk: Desk, interaction: Interaction, press: Press) -> None:
    """Shows what was found without the dates: to all where the asker wants it."""
    reply = InteractionReply(interaction, way="undated")
    async with guarded(desk, reply):
        person = desk.person(interaction.user.id)
        is_asker = await conversation.is_asker(desk.app, press.key, person)
        reply.private = not is_asker or is_only_for_one(interaction)
        await reply.begin()
        key = await browsing.without_dates(desk.app, press.key, person, reply.guild)
        await show_kept(desk, reply, key, above=typed_above(interaction.message))


async def _article(desk: Desk, interaction: Interaction, press: Press) -> None:
    """Opens the article at the excerpt, for who pressed."""
    reply = InteractionReply(interaction, way="article", private=True)
    async with guarded(desk, reply):
        await reply.begin()
        excerpt = await conversation.excerpt_at(desk.app, press.key, press.rank)
        listing = opened(excerpt.article, excerpt)
        await show_listing(desk, reply, listing, interaction.user.id, first=first_piece(excerpt))


async def _vote(desk: Desk, interaction: Interaction, press: Press, *, up: bool) -> None:
    reply = InteractionReply(interaction, way="vote", private=True)
    async with guarded(desk, reply):
        await reply.begin()
        excerpt = await conversation.excerpt_at(desk.app, press.key, press.rank)
        person = desk.person(interaction.user.id)
        voted = await conversation.vote(desk.app, excerpt.receipt, person, up=up)
        await reply.send((Line(text=vote_text(voted)),))


def vote_text(voted: Voted) -> str:
    """What a person reads after they voted."""
    said = TAKEN_BACK if voted.own is None else THANKS
    return f"{said} Votes: {voted.votes.up} 👍, {voted.votes.down} 👎."


async def _follow_up(desk: Desk, interaction: Interaction, press: Press) -> None:
    async with guarded(desk, InteractionReply(interaction, way="follow_up", private=True)):
        await open_form(desk, interaction, press.key)


async def _delete(desk: Desk, interaction: Interaction, press: Press) -> None:
    """Deletes the message for its asker, and what one person alone sees for that person."""
    reply = InteractionReply(interaction, way="delete", private=True)
    async with guarded(desk, reply):
        person = desk.person(interaction.user.id)
        if is_only_for_one(interaction) or await conversation.is_asker(desk.app, press.key, person):
            await reply.take_away()
        else:
            await reply.send(NOT_THE_ASKER)


async def _forget(desk: Desk, interaction: Interaction, _press: Press) -> None:
    await forget(desk, interaction)


def is_only_for_one(interaction: Interaction) -> bool:
    """Whether nobody else sees the message whose button was pressed."""
    return bool(interaction.message and interaction.message.flags.ephemeral)


ANSWERS: Mapping[Action, Callable[[Desk, Interaction, Press], Awaitable[None]]] = {
    Action.MORE: _more,
    Action.IN_CONTEXT: _context,
    Action.WHY: _why,
    Action.VOTE_UP: partial(_vote, up=True),
    Action.VOTE_DOWN: partial(_vote, up=False),
    Action.FOLLOW_UP: _follow_up,
    Action.DELETE: _delete,
    Action.FORGET: _forget,
    Action.PAGE: _page,
    Action.UNDATED: _undated,
    Action.ARTICLE: _article,
    Action.DIGEST: why_these,
    Action.ALERT: pause_told,
    Action.ADD_ALERT: add_previewed,
}

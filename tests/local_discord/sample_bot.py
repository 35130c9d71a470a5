"""A small bot that uses the features of Discord that bots use; it imports nothing of this project."""

import asyncio
from typing import Any

import discord
from discord import app_commands, ui

UNPRIVILEGED_INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
NO_MENTIONS = discord.AllowedMentions.none()
SOURCES = ("Reuters", "Reading Post", "Guardian")


class CountedButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"(?P<action>\w+):(?P<count>\d+)"
):
    def __init__(self, action: str, count: int) -> None:
        super().__init__(ui.Button(label=action.title(), custom_id=f"{action}:{count}"))
        self.action = action
        self.count = count

    @classmethod
    async def from_custom_id(cls, _interaction: Any, _item: Any, match: Any) -> "CountedButton":
        return cls(match["action"], int(match["count"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        match self.action:
            case "more":
                await interaction.response.send_message(f"pressed {self.count}", ephemeral=True)
            case "next":
                await interaction.response.edit_message(view=build_answer_view(self.count + 1))
            case "later":
                await interaction.response.defer()
                await interaction.edit_original_response(view=build_answer_view(self.count + 10))
            case "form":
                await interaction.response.send_modal(Form(self.count))
            case "gone":
                await interaction.response.defer()
                await interaction.delete_original_response()


class Form(ui.Modal):
    def __init__(self, count: int) -> None:
        super().__init__(title="Follow up", custom_id=f"form:{count}")
        self.question: ui.TextInput[Any] = ui.TextInput(min_length=2, max_length=20)
        self.note: ui.TextInput[Any] = ui.TextInput(required=False)
        self.add_item(ui.Label(text="Your question", component=self.question))
        self.add_item(ui.Label(text="A note", component=self.note))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await interaction.response.send_message(
            f"asked {self.question.value} {self.note.value}", ephemeral=True
        )


def build_answer_view(count: int) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    actions = ("more", "next", "later", "form", "gone")
    row: ui.ActionRow[Any] = ui.ActionRow(*(CountedButton(action, count) for action in actions))
    link: ui.ActionRow[Any] = ui.ActionRow(ui.Button(label="Read", url="https://example.org/a"))
    view.add_item(ui.Container(ui.TextDisplay(f"answer {count}"), ui.Separator(), row, link))
    return view


class SampleBot(discord.AutoShardedClient):
    def __init__(self, intents: discord.Intents = UNPRIVILEGED_INTENTS) -> None:
        super().__init__(intents=intents, allowed_mentions=NO_MENTIONS, guild_ready_timeout=0.01)
        self.tree = app_commands.CommandTree(self)
        self.received_messages: list[discord.Message] = []
        self.errors: asyncio.Queue[Exception] = asyncio.Queue()
        self.delay_seconds = 0.0
        self._add_commands()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(CountedButton)
        await self.tree.sync()

    async def before_identify_hook(self, *_: Any, **__: Any) -> None:
        return

    async def on_message(self, message: discord.Message) -> None:
        self.received_messages.append(message)
        if message.author.bot:
            return
        try:
            await message.reply(f"echo {message.content}")
        except discord.DiscordException as error:
            self.errors.put_nowait(error)

    def _add_commands(self) -> None:
        self.tree.error(self._record_error)

        @self.tree.command()
        @app_commands.describe(question="What to find")
        async def ask(
            interaction: discord.Interaction[Any],
            question: app_commands.Range[str, 2, 30],
            source: str | None = None,
            count: int = 1,
        ) -> None:
            """Find an answer."""
            await asyncio.sleep(self.delay_seconds)
            await interaction.response.defer()
            await interaction.edit_original_response(view=build_answer_view(count))
            await interaction.followup.send(f"{question} {source}", ephemeral=True)

        @ask.autocomplete("source")
        async def suggest_sources(_: Any, text: str) -> list[app_commands.Choice[str]]:
            return [
                app_commands.Choice(name=source, value=source)
                for source in SOURCES
                if source.startswith(text)
            ]

        digest = app_commands.Group(name="digest", description="Daily digest", guild_only=True)

        @digest.command(name="here")
        async def post_here(
            interaction: discord.Interaction[Any], channel: discord.TextChannel, hour: float
        ) -> None:
            """Post it here."""
            await interaction.response.send_message(f"{channel.name} at {hour}", ephemeral=True)

        @digest.command(name="tell")
        async def tell_role(interaction: discord.Interaction[Any], whom: discord.Role) -> None:
            """Notify a role."""
            await interaction.response.send_message(f"tells {whom.name}", ephemeral=True)

        self.tree.add_command(digest)

        @self.tree.context_menu(name="Quote")
        async def quote(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            await interaction.response.send_message(f"> {message.content}")

    async def _record_error(self, _interaction: Any, error: app_commands.AppCommandError) -> None:
        self.errors.put_nowait(error)

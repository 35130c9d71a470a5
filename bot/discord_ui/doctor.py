"""Whether the set-up is right: what shows on this machine, then what Discord says of it."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import discord
from pydantic import SecretStr

from bot.discord_ui.client import INTENTS
from bot.discord_ui.commands.registration import (
    Payload,
    differences,
    digest_given,
    digest_of,
    payloads_made,
)
from bot.discord_ui.context import Desk
from bot.discord_ui.messages.sending import UNREACHABLE
from bot.discord_ui.permissions import PERMISSIONS, install_link, invite_link, lacking
from bot.errors import SettingsError
from bot.presentation.wording import count_text, joined
from bot.runtime.clock import Clock, system_clock
from bot.runtime.pseudonyms import Pseudonyms
from bot.services import app as running
from bot.services.diagnostics import findings_here, note, right, wrong
from bot.services.finding import Finding
from bot.settings.settings import Settings, discord_token

_TIMEOUT = aiohttp.ClientTimeout(total=10)
_MOST_SECONDS_APART = 30.0
_MOST_SERVERS = 200
_AGENT = "DiscordBot (dateline, doctor)"

_PORTAL = "in Discord's developer portal"
_GUILD_INSTALL, _USER_INSTALL = "0", "1"


async def examine(
    settings: Settings, environment: Mapping[str, str], clock: Clock
) -> tuple[Finding, ...]:
    """How each part of the set-up is; where Discord can't be asked, all that shows without it."""
    here = await findings_here(settings, clock())
    try:
        token = discord_token(environment)
    except SettingsError as error:
        unasked = note("Discord", "not asked, for want of a token.")
        return (*here, wrong("token", str(error)), unasked)
    return (*here, *await findings_there(settings, token, clock))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What Discord answered.

    Attributes:
        status: The HTTP status.
        at: When, by Discord's clock; None where it does not say.
        value: The JSON; None unless the request went well.
    """

    status: int
    at: datetime | None
    value: Any


class _Asking:
    """Requests that change nothing."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str) -> None:
        self._session = session
        self._api_url = api_url

    async def get(self, path: str) -> Said:
        """What Discord answers."""
        async with self._session.get(f"{self._api_url}{path}") as response:
            is_good = response.status == HTTPStatus.OK
            at = response.headers.get("Date")
            return Said(
                status=response.status,
                at=parsedate_to_datetime(at).astimezone(UTC) if at else None,
                value=await response.json() if is_good else None,
            )


async def findings_there(settings: Settings, token: SecretStr, clock: Clock) -> tuple[Finding, ...]:
    """How each part of the set-up is that Discord knows of."""
    headers = {"Authorization": f"Bot {token.get_secret_value()}", "User-Agent": _AGENT}
    api_url = settings.discord.api_url
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=_TIMEOUT) as session:
            return await _asked(_Asking(session, api_url), settings, clock)
    except (*UNREACHABLE, ValueError):  # some networks answer in Discord's place, with other text
        remedy = "check the network and discord.api_url"
        return (wrong("Discord", f"it can't be reached at {api_url}: {remedy}."),)


async def _asked(asking: _Asking, settings: Settings, clock: Clock) -> tuple[Finding, ...]:
    said = await asking.get("/applications/@me")
    if said.status == HTTPStatus.UNAUTHORIZED:
        remedy = f"copy it anew from the Bot page of your application {_PORTAL}"
        return (wrong("token", f"Discord does not take it: {remedy}."),)
    if said.value is None:
        return (wrong("Discord", f"it answers with the status {said.status}: try again later."),)
    application = said.value
    application_id = int(application["id"])
    return (
        right("token", f"Discord takes it, as that of {application['name']}."),
        clock_finding(said.at, clock()),
        _application(application),
        _intents(application),
        _installs(application),
        await _commands(asking, settings, application_id),
        await _servers(asking),
        await _feedback(asking, settings.discord.feedback_channel),
        _invite(application_id),
        note("install", f"For themselves, people install it with {install_link(application_id)}"),
    )


def clock_finding(there: datetime | None, here: datetime) -> Finding:
    """Whether Discord's clock, where it tells the time, and the one here agree."""
    part = "clock"
    if there is None:
        return note(part, "not compared: Discord does not say what time it is.")
    apart = abs((there - here).total_seconds())
    if apart > _MOST_SECONDS_APART:
        return wrong(part, f"it is {apart:,.0f} s apart from Discord's: let it be set by NTP.")
    return right(part, "it agrees with Discord's.")


def _application(application: Mapping[str, Any]) -> Finding:
    part = "application"
    if address := application.get("interactions_endpoint_url"):
        remedy = f"empty the Interactions Endpoint URL {_PORTAL}"
        return wrong(part, f"commands and buttons go to {address}, not to the bot: {remedy}.")
    if application.get("bot_require_code_grant"):
        remedy = f"switch off Requires OAuth2 Code Grant {_PORTAL}"
        return wrong(part, f"nobody can add the bot by its link: {remedy}.")
    whom = "everyone" if application.get("bot_public") else "you alone"
    return right(part, f"{whom} may add it to a server.")


def _intents(application: Mapping[str, Any]) -> Finding:
    part = "intents"
    flags = discord.ApplicationFlags._from_value(application.get("flags") or 0)  # noqa: SLF001 - as discord.py itself makes them
    granted = {
        "Presence": flags.gateway_presence or flags.gateway_presence_limited,
        "Server Members": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "Message Content": flags.gateway_message_content or flags.gateway_message_content_limited,
    }
    needless = [name for name, is_granted in granted.items() if is_granted]
    if needless:
        text = f"{joined(needless, 'and')} can be switched off {_PORTAL}"
        return note(part, f"none is needed that Discord has to grant: {text}.")
    return right(
        part, f"{sum(1 for _, is_on in INTENTS if is_on)} are asked for, none of them privileged."
    )


def _installs(application: Mapping[str, Any]) -> Finding:
    part = "installs"
    contexts = application.get("integration_types_config") or {_GUILD_INSTALL: {}}
    missing = [
        name
        for key, name in ((_GUILD_INSTALL, "Guild Install"), (_USER_INSTALL, "User Install"))
        if key not in contexts
    ]
    if missing:
        return wrong(
            part, f"switch on {joined(missing, 'and')} on the Installation page {_PORTAL}."
        )
    return right(part, "both servers and people can install it.")


async def _commands(asking: _Asking, settings: Settings, application_id: int) -> Finding:
    part = "commands"
    try:
        made = await _payloads(settings)
    except SettingsError:
        return note(part, "not looked at, since a file that the bot needs can't be read.")
    said = await asking.get(f"/applications/{application_id}/commands")
    if said.value is None:
        return wrong(part, f"Discord answers with the status {said.status}: try again later.")
    different = [*differences(made, said.value)]
    is_given = digest_given(settings.data_dir) == digest_of(application_id, made)
    if not different:
        return right(part, f"Discord has all {len(made)} as they are.")
    named = f"Discord has {joined(different, 'and')} otherwise, or not"
    if is_given:
        remedy = "delete commands.sha256 in the data folder, then start the bot again"
        return wrong(part, f"{named}, though they were registered: {remedy}.")
    return note(part, f"{named}: the next start of the bot registers them.")


async def _payloads(settings: Settings) -> Sequence[Payload]:
    """The commands of this version, made over an empty library that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        elsewhere = settings.model_copy(update={"data_dir": Path(folder)})
        async with running.opened(elsewhere, clock=system_clock, notify=lambda _: None) as app:
            return payloads_made(Desk(app, Pseudonyms.of_folder(elsewhere.data_dir)))


async def _servers(asking: _Asking) -> Finding:
    """In which of the servers the bot is in something is missing."""
    part = "permissions"
    said = await asking.get(f"/users/@me/guilds?limit={_MOST_SERVERS}")
    if said.value is None:
        return wrong(part, f"Discord answers with the status {said.status}: try again later.")
    missing = [
        f"{server['name']} ({', '.join(names)})"
        for server in said.value
        if (names := lacking(discord.Permissions(int(server["permissions"]))))
    ]
    if missing:
        return wrong(part, f"give the bot what it lacks, or add it anew, in: {'; '.join(missing)}.")
    servers = count_text(len(said.value), "server")
    return right(part, f"its roles allow what it needs in {servers}; channels may still deny it.")


async def _feedback(asking: _Asking, channel_id: int) -> Finding:
    part = "feedback"
    if not channel_id:
        return note(part, "/feedback is off: discord.feedback_channel names no channel.")
    said = await asking.get(f"/channels/{channel_id}")
    if said.value is None:
        remedy = "name a channel that the bot sees in discord.feedback_channel"
        return wrong(part, f"the bot can't see the channel {channel_id}: {remedy}.")
    return right(part, f"/feedback goes to #{said.value.get('name')}.")


def _invite(application_id: int) -> Finding:
    uses = [f"{name.replace('_', ' ').title()} {why}" for name, why in PERMISSIONS.items()]
    link = invite_link(application_id)
    return note(
        "invite", f"To a server it is added with {link} which asks for {joined(uses, 'and')}."
    )

"""The checks of `dateline doctor`: this machine first, then what Discord knows."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
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
    FINGERPRINT_FILE,
    Payload,
    build_payloads,
    compute_fingerprint,
    find_differences,
    load_fingerprint,
)
from bot.discord_ui.connecting import MALFORMED_ERRORS
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.sending import CONNECTION_ERRORS
from bot.discord_ui.permissions import (
    REQUIRED_PERMISSIONS,
    build_install_link,
    build_invite_link,
    format_permission,
    list_missing_permissions,
)
from bot.errors import SettingsError
from bot.model.counts import format_count
from bot.presentation.trend import can_draw_charts
from bot.presentation.wording import join_parts
from bot.runtime.clock import TimeSource
from bot.runtime.pseudonyms import Pseudonymizer
from bot.services.diagnostics import (
    check_machine,
    report_error,
    report_note,
    report_ok,
    report_problem,
)
from bot.services.finding import Finding
from bot.services.services import Services
from bot.settings.discord_token import load_discord_token
from bot.settings.settings import Settings

_TIMEOUT = aiohttp.ClientTimeout(total=10)
_MAX_CLOCK_SKEW_SECONDS = 30.0
_MAX_GUILDS = 200  # Discord returns no more in one response
# Discord wants user agents of this form.
_USER_AGENT = "DiscordBot (dateline, doctor)"

_PORTAL = "in Discord's developer portal"
# JSON has no integer keys, so Discord sends its integration types as strings.
_GUILD_INSTALL, _USER_INSTALL = "0", "1"


OpenServices = Callable[[Settings], AbstractAsyncContextManager[Services]]
"""Open the services on the data folder of the settings."""


async def examine(
    settings: Settings,
    environment: Mapping[str, str],
    clock: TimeSource,
    open_services: OpenServices,
) -> tuple[Finding, ...]:
    """Return a finding for each part; without a token, only for the parts on this machine."""
    charts = check_charts(can_draw=can_draw_charts())
    local_findings = (*await check_machine(settings, clock()), charts)
    try:
        token = load_discord_token(environment)
    except SettingsError as error:
        not_asked = report_note("Discord", "Not checked because there is no token.")
        return (*local_findings, report_error("token", error), not_asked)
    return (*local_findings, *await examine_discord(settings, token, clock, open_services))


def check_charts(*, can_draw: bool) -> Finding:
    """Check whether /trend can send a chart."""
    part = "charts"
    if can_draw:
        return report_ok(part, "matplotlib is installed, so /trend sends a chart.")
    remedy = "Run pip install matplotlib to get charts."
    return report_note(part, f"matplotlib is not installed, so /trend sends only numbers. {remedy}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordResponse:
    """A response of Discord's API.

    Attributes:
        status: The HTTP status.
        sent_at: The time by Discord's clock; None if the response has no date.
        value: The decoded JSON; None unless the status is 200.
    """

    status: int
    sent_at: datetime | None
    value: Any


class _DiscordApi:
    """A client of Discord's API that only reads."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str) -> None:
        self._session = session
        self._api_url = api_url

    async def get(self, path: str) -> DiscordResponse:
        """Request the path and return the response."""
        async with self._session.get(f"{self._api_url}{path}") as response:
            is_ok = response.status == HTTPStatus.OK
            date_header = response.headers.get("Date")
            return DiscordResponse(
                status=response.status,
                sent_at=parsedate_to_datetime(date_header).astimezone(UTC) if date_header else None,
                value=await response.json() if is_ok else None,
            )


async def examine_discord(
    settings: Settings, token: SecretStr, clock: TimeSource, open_services: OpenServices
) -> tuple[Finding, ...]:
    """Return a finding for each part that Discord knows about."""
    headers = {"Authorization": f"Bot {token.get_secret_value()}", "User-Agent": _USER_AGENT}
    api_url = settings.discord.api_url
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=_TIMEOUT) as session:
            return await _collect_findings(
                _DiscordApi(session, api_url), settings, clock, open_services
            )
    except (*CONNECTION_ERRORS, ValueError):
        # A ValueError is a response that is no JSON: login pages of networks answer like that.
        remedy = "Check the network and the setting discord.api_url."
        return (report_problem("Discord", f"Discord can't be reached at {api_url}. {remedy}"),)


async def _collect_findings(
    api: _DiscordApi, settings: Settings, clock: TimeSource, open_services: OpenServices
) -> tuple[Finding, ...]:
    response = await api.get("/applications/@me")
    if response.status == HTTPStatus.UNAUTHORIZED:
        remedy = f"Copy it again from the Bot page of your application {_PORTAL}."
        return (report_problem("token", f"Discord rejects it. {remedy}"),)
    if response.value is None:
        return (_report_status("Discord", response),)
    application = response.value
    try:
        application_id = int(application["id"])
    except MALFORMED_ERRORS:
        return (_report_unreadable("Discord"),)
    payloads = await _build_payloads(settings, open_services)
    commands = await api.get(f"/applications/{application_id}/commands")
    guilds = await api.get(f"/users/@me/guilds?limit={_MAX_GUILDS}")
    return (
        _read("token", lambda: _report_token(application)),
        check_clock(response.sent_at, clock()),
        _read("application", lambda: _check_application(application)),
        _read("intents", lambda: _check_intents(application)),
        _read("installs", lambda: _check_installs(application)),
        _read("commands", lambda: _check_commands(settings, application_id, payloads, commands)),
        _read("permissions", lambda: _check_permissions(guilds)),
        await _check_feedback(api, settings.discord.feedback_channel),
        *_build_link_notes(application_id),
    )


def _read(part: str, check: Callable[[], Finding]) -> Finding:
    """Return the finding of a check of Discord's answer, also if the answer lacks a field."""
    try:
        return check()
    except MALFORMED_ERRORS:
        return _report_unreadable(part)


def _report_unreadable(part: str) -> Finding:
    remedy = "Check the setting discord.api_url, and update Dateline if it is right."
    return report_problem(part, f"Discord's answer is not in the documented form. {remedy}")


def _report_token(application: Mapping[str, Any]) -> Finding:
    return report_ok("token", f"Discord accepts it. It belongs to {application['name']}.")


def check_clock(discord_at: datetime | None, local_at: datetime) -> Finding:
    """Check that the local clock agrees with Discord's; not compared if `discord_at` is None."""
    part = "clock"
    if discord_at is None:
        return report_note(part, "Not compared because Discord does not report its time.")
    skew_seconds = abs((discord_at - local_at).total_seconds())
    if skew_seconds > _MAX_CLOCK_SKEW_SECONDS:
        return report_problem(
            part,
            f"It differs from Discord's clock by {skew_seconds:,.0f} s. Synchronise it with NTP.",
        )
    return report_ok(part, "It agrees with Discord's clock.")


def _check_application(application: Mapping[str, Any]) -> Finding:
    part = "application"
    if endpoint_url := application.get("interactions_endpoint_url"):
        remedy = f"Clear the Interactions Endpoint URL {_PORTAL}."
        return report_problem(
            part, f"Commands and buttons go to {endpoint_url} instead of the bot. {remedy}"
        )
    if application.get("bot_require_code_grant"):
        remedy = f"Turn off Requires OAuth2 Code Grant {_PORTAL}."
        return report_problem(part, f"Nobody can add the bot with its link. {remedy}")
    audience = "Everyone" if application.get("bot_public") else "Only you"
    return report_ok(part, f"{audience} can add it to a server.")


def _check_intents(application: Mapping[str, Any]) -> Finding:
    part = "intents"
    flags = discord.ApplicationFlags._from_value(application.get("flags") or 0)  # noqa: SLF001 - as discord.py itself makes them
    granted = {
        "Presence": flags.gateway_presence or flags.gateway_presence_limited,
        "Server Members": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "Message Content": flags.gateway_message_content or flags.gateway_message_content_limited,
    }
    unneeded = [name for name, is_granted in granted.items() if is_granted]
    if unneeded:
        text = f"You can turn off {join_parts(unneeded, 'and')} {_PORTAL}."
        return report_note(part, f"The bot needs no privileged intents. {text}")
    return report_ok(
        part,
        f"The bot requests {sum(1 for _, is_on in INTENTS if is_on)}, none of them privileged.",
    )


def _check_installs(application: Mapping[str, Any]) -> Finding:
    part = "installs"
    # An application without this field can only be installed to servers.
    contexts = application.get("integration_types_config") or {_GUILD_INSTALL: {}}
    missing = [
        name
        for key, name in ((_GUILD_INSTALL, "Guild Install"), (_USER_INSTALL, "User Install"))
        if key not in contexts
    ]
    if missing:
        names = join_parts(missing, "and")
        remedy = f"Turn on {names} on the Installation page {_PORTAL}."
        return report_problem(part, f"Not everyone can install the bot. {remedy}")
    return report_ok(part, "It can be installed to servers and by users.")


def _check_commands(
    settings: Settings,
    application_id: int,
    payloads: Sequence[Payload] | None,
    response: DiscordResponse,
) -> Finding:
    part = "commands"
    if payloads is None:
        return report_note(part, "Not checked because a file that the bot needs can't be read.")
    if response.value is None:
        return _report_status(part, response)
    fingerprint = compute_fingerprint(application_id, payloads)
    is_registered = load_fingerprint(settings.data_dir) == fingerprint
    return compare_commands(payloads, response.value, is_registered=is_registered)


def compare_commands(
    payloads: Sequence[Payload], registered: Sequence[Payload], *, is_registered: bool
) -> Finding:
    """Check that Discord has the commands of this version.

    Args:
        payloads: The commands of this version.
        registered: The commands that Discord has.
        is_registered: Whether this version has registered its commands.
    """
    part = "commands"
    changed_names = [*find_differences(payloads, registered)]
    if not changed_names:
        return report_ok(part, f"Discord has all {len(payloads)} commands of this version.")
    names = join_parts(changed_names, "and")
    difference_text = f"Missing or different in Discord: {names}."
    if is_registered:
        remedy = f"Delete {FINGERPRINT_FILE} in the data folder, then restart the bot."
        return report_problem(part, f"{difference_text} They were registered before. {remedy}")
    return report_note(part, f"{difference_text} The next start of the bot registers the commands.")


async def _build_payloads(
    settings: Settings, open_services: OpenServices
) -> Sequence[Payload] | None:
    """Build the commands of this version with services on a temporary data folder.

    Returns:
        The commands; None if a file that the services need can't be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        # doctor changes nothing, so the services must not open the real data folder.
        temporary_settings = settings.model_copy(update={"data_dir": Path(folder)})
        try:
            async with open_services(temporary_settings) as services:
                pseudonyms = Pseudonymizer.from_folder(temporary_settings.data_dir)
                return build_payloads(BotContext(services, pseudonyms))
        except SettingsError:
            return None


def _check_permissions(response: DiscordResponse) -> Finding:
    """Check the permissions of the bot's roles in each of its servers."""
    part = "permissions"
    if response.value is None:
        return _report_status(part, response)
    missing = [*_iter_missing_permissions(response.value)]
    if missing:
        return report_problem(
            part,
            f"The bot is missing permissions in: {'; '.join(missing)}. "
            "Grant them, or add the bot again with its invite link.",
        )
    servers = format_count(len(response.value), "server")
    return report_ok(
        part,
        f"The bot's roles have the permissions that it needs in {servers}. Channels may still deny them.",
    )


def _iter_missing_permissions(guilds: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the name of each server with missing permissions, and the permissions."""
    for guild in guilds:
        granted = discord.Permissions(int(guild["permissions"]))
        if missing_permissions := list_missing_permissions(granted):
            yield f"{guild['name']} ({', '.join(missing_permissions)})"


def _report_status(part: str, response: DiscordResponse) -> Finding:
    return report_problem(
        part, f"Discord answered with HTTP status {response.status}. Try again later."
    )


async def _check_feedback(api: _DiscordApi, channel_id: int) -> Finding:
    part = "feedback"
    if not channel_id:
        return report_note(
            part, "/feedback is off because the setting discord.feedback_channel is not set."
        )
    response = await api.get(f"/channels/{channel_id}")
    if response.value is None:
        remedy = "Set discord.feedback_channel to a channel that the bot can see."
        return report_problem(part, f"The bot can't see the channel {channel_id}. {remedy}")
    return _read(part, lambda: report_ok(part, f"/feedback goes to #{response.value['name']}."))


def _build_link_notes(application_id: int) -> tuple[Finding, ...]:
    """Return the links that add the bot to a server and install it for a user."""
    permission_texts = [
        f"{format_permission(name)} {why}" for name, why in REQUIRED_PERMISSIONS.items()
    ]
    link = build_invite_link(application_id)
    invite_text = f"Open {link} to add the bot to a server. It asks for {join_parts(permission_texts, 'and')}."
    install_text = f"Open {build_install_link(application_id)} to install the app for yourself."
    return (report_note("invite", invite_text), report_note("install", install_text))

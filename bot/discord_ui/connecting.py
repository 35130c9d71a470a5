"""Connecting to Discord: failed attempts are repeated with growing pauses, and logged in plain lines."""

import asyncio
import math
import os
import ssl
import time
import zlib
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import Any, Literal, TypeVar

import aiohttp
import discord
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.shard import EventItem, EventType, Shard

from bot.discord_ui.messages.sending import CONNECTION_ERRORS
from bot.runtime import logs

T = TypeVar("T")

LINE_INTERVAL_SECONDS = 60.0
"""The time between two log lines while the bot can't connect."""

MALFORMED_ERRORS = (LookupError, TypeError, ValueError, AttributeError, zlib.error)
"""The exceptions of discord.py if something that Discord sent is not as expected."""

_FIRST_SILENCE_SECONDS = 10.0
"""How long an attempt may take before a line says that Discord does not answer."""

_FINAL_ERRORS = (
    discord.LoginFailure,
    discord.PrivilegedIntentsRequired,
    discord.ConnectionClosed,
)
"""The errors after which another attempt is pointless. discord.py raises the last only for those."""

_DISCONNECTIONS = (*CONNECTION_ERRORS, ReconnectWebSocket)
_FAILURES = (*_DISCONNECTIONS, discord.HTTPException, discord.GatewayNotFound)
_UNAUTHORIZED = 401

# Pauses are random, up to 2 ** exponent seconds. discord.py's own maximum is 10, which is 17 minutes.
_MAX_PAUSE_EXPONENT = 6
# For failures after the bot has identified: Discord allows 1000 identifications a day.
_MAX_LATE_PAUSE_EXPONENT = 10

_MAX_IMMEDIATE_ATTEMPTS = 3
"""How often in a row a shard connects at once after Discord has closed the connection."""

_STABLE_SECONDS = 60.0
"""A connection that lasts so long counts as restored."""

Sleep = Callable[[float], Awaitable[object]]
ReportFailure = Callable[[], Awaitable[None]]


class ConnectionAttempts:
    """Repeats an attempt to connect until it succeeds."""

    def __init__(
        self,
        report_failure: ReportFailure,
        *,
        sleep: Sleep = asyncio.sleep,
        read_seconds: Callable[[], float] = time.monotonic,
        first_silence_seconds: float = _FIRST_SILENCE_SECONDS,
    ) -> None:
        """Repeat attempts.

        Args:
            report_failure: Called after each failed attempt.
            sleep: Waits for so many seconds.
            read_seconds: Returns the time, in seconds since any moment.
            first_silence_seconds: How long an attempt may take before a line says so.
        """
        self._report_failure = report_failure
        self._sleep = sleep
        self._read_seconds = read_seconds
        self._first_silence_seconds = first_silence_seconds
        self._logged_at = -math.inf

    async def repeat(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return the result of the first attempt that succeeds; log a line a minute until then.

        Raises:
            discord.LoginFailure: Discord rejects the token.
            discord.PrivilegedIntentsRequired: Discord rejects the intents.
            discord.ConnectionClosed: Discord has closed the connection for good.
        """
        backoff = build_backoff()
        while True:
            try:
                return await self._wait_for(attempt)
            except _FINAL_ERRORS:
                raise
            except Exception as error:
                cause = _find_cause(error)
                if isinstance(cause, discord.HTTPException) and cause.status == _UNAUTHORIZED:
                    raise discord.LoginFailure from error
                await self._report_failure()
                self._log_each_minute(cause)
            await self._sleep(backoff.delay())

    async def _wait_for(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return the result of one attempt; log a line a minute while it takes longer.

        It has no time limit: discord.py may be waiting in it for the end of a rate limit, and
        cancelling it would hold back all later requests.
        """
        task = asyncio.ensure_future(attempt())
        try:
            for seconds in chain([self._first_silence_seconds], repeat(LINE_INTERVAL_SECONDS)):
                await asyncio.wait([task], timeout=seconds)
                if task.done():
                    break
                await self._report_failure()
                self._log_each_minute(None)
            return task.result()
        finally:
            task.cancel()

    def _log_each_minute(self, error: BaseException | None) -> None:
        now = self._read_seconds()
        if now - self._logged_at < LINE_INTERVAL_SECONDS:
            return
        self._logged_at = now
        facts = describe_failure(error) if error else logs.LogFields()
        if error is None:
            logs.warning("Discord does not answer, still waiting", **facts)
        elif isinstance(error, discord.HTTPException):
            logs.warning("Discord refuses the connection, trying again", **facts)
        elif isinstance(error, _DISCONNECTIONS):
            logs.warning(
                "Can't connect to Discord, trying again. "
                "Check the network connection and the setting discord.api_url",
                **facts,
            )
        elif isinstance(error, MALFORMED_ERRORS):
            logs.warning(
                "Can't read Discord's answer, trying again. Check the setting discord.api_url",
                **facts,
            )
        else:
            logs.exception("Connecting failed unexpectedly, trying again", error)


class PersistentShard(Shard):
    """A shard that reconnects after any error that is not final, and logs each attempt in one line."""

    def __init__(  # noqa: PLR0913 - three of discord.py's, and what a test replaces
        self,
        socket: DiscordWebSocket,
        client: discord.Client,
        queue_put: Callable[[EventItem], None],
        *,
        report_failure: ReportFailure,
        sleep: Sleep = asyncio.sleep,
        read_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep a shard connected; the last three as for `ConnectionAttempts`."""
        super().__init__(socket, client, queue_put)  # type: ignore[arg-type] # it only needs a Client
        self._report_failure = report_failure
        self._sleep = sleep
        self._read_seconds = read_seconds
        self._connected_at = math.inf
        self._immediate_attempts = 0
        self._backoff = build_backoff()
        # discord.py would end the whole client after any other error: an event that it can't read, or
        # a gateway that closes the connection before its first event.
        self._handled_exceptions = (Exception,)

    def launch(self) -> None:
        """Receive events from the connection that was just made."""
        self._connected_at = self._read_seconds()
        super().launch()

    async def reidentify(self, exc: ReconnectWebSocket) -> None:
        """Connect again after Discord has closed the connection or asked for this.

        Discord asks for it now and then, so this happens at once. But if Discord closes each new
        connection, discord.py would go on without any pause.
        """
        self._forget_failures_if_stable()
        self._immediate_attempts += 1
        if self._immediate_attempts > _MAX_IMMEDIATE_ATTEMPTS:
            self._backoff._max = _MAX_LATE_PAUSE_EXPONENT  # noqa: SLF001 - see `build_backoff`
            await self._handle_disconnect(exc)
        else:
            logs.info("Reconnecting to Discord", shard=self.id)
            await super().reidentify(exc)

    async def _handle_disconnect(self, e: Exception) -> None:
        """Log the error, and connect again after a pause."""
        if isinstance(e, discord.ConnectionClosed):
            await super()._handle_disconnect(e)  # such an error is final
        elif not self._client.is_closed():
            self._forget_failures_if_stable()
            await self._report_failure()
            facts: logs.LogFields = {"shard": self.id, **describe_failure(e)}
            if isinstance(e, _FAILURES):
                logs.warning("Connection to Discord failed, trying again", **facts)
            else:
                await self.ws.close()  # discord.py leaves it open: it expects no such error
                self._backoff._max = _MAX_LATE_PAUSE_EXPONENT  # noqa: SLF001 - see `build_backoff`
                if isinstance(e, MALFORMED_ERRORS):
                    logs.warning("Discord sent something unreadable, reconnecting", **facts)
                else:
                    logs.exception("Connection failed unexpectedly, reconnecting", e, shard=self.id)
            # In a task: discord.py reconnects one shard after the other, and the others can't wait.
            self._task = self._client.loop.create_task(self._reconnect_later(e))

    async def _reconnect_later(self, error: Exception) -> None:
        await self._sleep(self._backoff.delay())
        self._queue_put(EventItem(EventType.reconnect, self, error))

    def _forget_failures_if_stable(self) -> None:
        """Begin with short pauses again if the connection that has just ended was stable."""
        if self._read_seconds() - self._connected_at >= _STABLE_SECONDS:
            self._connected_at = math.inf  # there is no connection until the next launch
            self._immediate_attempts = 0
            self._backoff = build_backoff()


def build_backoff() -> ExponentialBackoff[Literal[False]]:
    """Return a backoff with random pauses that grow up to 64 s."""
    backoff = ExponentialBackoff[Literal[False]]()
    backoff._max = _MAX_PAUSE_EXPONENT  # noqa: SLF001 - it has no parameter for this
    return backoff


def describe_failure(error: BaseException) -> logs.LogFields:
    """Return the loggable fields of a failed request or connection, with the reason in words.

    Discord's own reason can quote what was sent, so this is only for requests of the bot itself.
    """
    if isinstance(error, discord.HTTPException):
        facts = logs.LogFields(status=error.status, code=error.code)
        # A proxy in between answers with a page instead of a sentence.
        is_sentence = error.text and not error.text.lstrip().startswith("<")
        return {**facts, "reason": logs.PublicText(error.text)} if is_sentence else facts
    facts = logs.LogFields(reason=logs.PublicText(_describe_reason(error)))
    if isinstance(error, aiohttp.ClientResponseError):
        facts["status"] = error.status
    return facts


def _describe_reason(error: BaseException) -> str:
    if isinstance(error, ReconnectWebSocket):
        return "Discord closed the connection"
    # aiohttp wraps the error of the system, with a text that repeats the address.
    cause: Any = getattr(error, "os_error", error)
    if isinstance(cause, ssl.SSLError):
        return getattr(cause, "reason", None) or "SSLError"
    if isinstance(cause, OSError) and cause.errno:
        # The numbers of name resolution are negative, and the system has no text for them.
        return os.strerror(cause.errno) if cause.errno > 0 else str(cause.strerror)
    return type(error).__name__


def _find_cause(error: BaseException) -> BaseException:
    """Return the refusal behind discord.py's error for a missing gateway, else the error."""
    cause = error.__cause__ if isinstance(error, discord.GatewayNotFound) else None
    return cause or error

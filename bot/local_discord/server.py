"""A Discord that listens on the loopback address of this machine."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from bot.local_discord.gateway.gateway import Gateway
from bot.local_discord.rest.api import API_ROOT, RestApi
from bot.local_discord.rest.fault_injection import FaultInjector
from bot.local_discord.rest.rate_limits import WINDOWS, RateLimitBuckets, RateLimitWindow
from bot.local_discord.rest.request_schemas import load_request_schemas
from bot.local_discord.world.clock import AdjustableClock
from bot.local_discord.world.default_world import DEFAULT_GUILD_NAME, add_default_world
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Guild, Message
from bot.local_discord.world.world import World

T = TypeVar("T")

HOST = "127.0.0.1"
TOKEN = "local-discord-token"  # noqa: S105 - it opens nothing else
MAX_REQUEST_BYTES = 100 * 1024 * 1024


class LocalDiscord:
    """A Discord for one bot, with the people in it."""

    def __init__(self, world: World, gateway: Gateway, faults: FaultInjector) -> None:
        self.world = world
        self.gateway = gateway
        self.faults = faults
        self.port = 0

    @classmethod
    @asynccontextmanager
    async def start(  # noqa: PLR0913 - what can be set
        cls,
        *,
        port: int = 0,
        token: str = TOKEN,
        shard_count: int = 1,
        privileged_intents: int = 0,
        windows: Mapping[str, RateLimitWindow] = WINDOWS,
        openapi: Path | None = None,
        clock: AdjustableClock | None = None,
    ) -> AsyncIterator["LocalDiscord"]:
        """Serve a Discord with its default guilds until the end of the block.

        Port 0 takes a free one. With a copy of Discord's openapi.json, request bodies are checked
        against it.
        """
        world = World(
            clock or AdjustableClock(),
            token=token,
            privileged_intents=privileged_intents,
            shard_count=shard_count,
        )
        add_default_world(world)
        discord = cls(world, Gateway(world), FaultInjector())
        rate_limits = RateLimitBuckets(world.clock, windows)
        rest = RestApi(world, rate_limits, discord.faults, load_request_schemas(openapi))
        async with discord._serve(rest, port):
            yield discord

    @property
    def api_url(self) -> str:
        """The root of the REST API."""
        return f"http://{HOST}:{self.port}{API_ROOT}"

    @property
    def clock(self) -> AdjustableClock:
        """The clock of this Discord, which a test can set forward."""
        return self.world.clock

    def find_guild(self, name: str = DEFAULT_GUILD_NAME) -> Guild:
        """Return the guild of a name."""
        return self.world.find_guild(name)

    def find_channel(self, name: str, guild_name: str = DEFAULT_GUILD_NAME) -> Channel:
        """Return the channel or thread of a name in a guild."""
        return self.world.find_channel(name, guild_name)

    def find_person(self, name: str) -> Person:
        """Return the person, or the other bot, of a name."""
        return Person(self.world, self.world.find_user(name))

    def get_messages(self, channel: Channel) -> tuple[Message, ...]:
        """Return all messages of a channel as they are now, oldest first, even ephemeral ones."""
        return tuple(self.world.iterate_messages(channel.id))

    async def wait_for(self, condition: Callable[[], T | None], timeout: float = 5.0) -> T:  # noqa: ASYNC109 - part of the question
        """Return the first true value of `condition`, which is called again after each change.

        Raises:
            TimeoutError: There was none within `timeout` seconds.
        """
        return await self.world.changes.wait_until(condition, timeout)

    @asynccontextmanager
    async def _serve(self, rest: RestApi, port: int) -> AsyncIterator[None]:
        application = _build_application(rest, self.gateway)
        # By default aiohttp waits 60 seconds for open connections, such as a gateway's.
        runner = web.AppRunner(application, shutdown_timeout=1.0, access_log=None)
        await runner.setup()
        try:
            await self._listen(runner, port)
            yield
        finally:
            self.gateway.drop_connections()
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner, port: int) -> None:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        self.port = runner.addresses[0][1]  # the port that was free, if 0 was asked for
        self.world.gateway_url = f"ws://{HOST}:{self.port}/gateway"


def _build_application(rest: RestApi, gateway: Gateway) -> web.Application:
    application = web.Application(client_max_size=MAX_REQUEST_BYTES)
    application.router.add_get("/gateway", gateway.serve)
    application.router.add_get("/gateway/", gateway.serve)
    application.router.add_route("*", API_ROOT + "/{path:.*}", rest.respond)
    return application

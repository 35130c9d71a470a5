"""A Discord on loopback, and what drives it."""

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
from bot.local_discord.world.clock import Clock
from bot.local_discord.world.default_world import add_default_world
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Guild, Message
from bot.local_discord.world.world import World

T = TypeVar("T")

HOST = "127.0.0.1"
TOKEN = "local-discord-token"  # noqa: S105 - it opens nothing but this
MAX_REQUEST_BYTES = 100 * 1024 * 1024


class LocalDiscord:
    """A Discord that one bot talks to, and the people in it."""

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
        shards: int = 1,
        privileged_intents: int = 0,
        windows: Mapping[str, RateLimitWindow] = WINDOWS,
        openapi: Path | None = None,
        clock: Clock | None = None,
    ) -> AsyncIterator["LocalDiscord"]:
        """A Discord with its default guilds, that serves until the end of the block.

        Port 0 takes a free one. With a copy of Discord's openapi.json it judges shapes, too.
        """
        world = World(
            clock or Clock(), token=token, privileged_intents=privileged_intents, shards=shards
        )
        add_default_world(world)
        faults = FaultInjector()
        gateway = Gateway(world)
        rest = RestApi(
            world, RateLimitBuckets(world.clock, windows), faults, load_request_schemas(openapi)
        )
        discord = cls(world, gateway, faults)
        runner = web.AppRunner(
            _build_application(rest, gateway), shutdown_timeout=1.0, access_log=None
        )
        await runner.setup()
        try:
            await discord._listen(runner, port)
            yield discord
        finally:
            gateway.drop_connections()
            await runner.cleanup()

    @property
    def api_url(self) -> str:
        """The root of the REST API."""
        return f"http://{HOST}:{self.port}{API_ROOT}"

    @property
    def clock(self) -> Clock:
        """The clock of this Discord, which a test can advance."""
        return self.world.clock

    def find_guild(self, name: str = "Harbour") -> Guild:
        """The guild of this name."""
        return next(guild for guild in self.world.guilds.values() if guild.name == name)

    def find_channel(self, name: str, guild_name: str = "Harbour") -> Channel:
        """The channel or thread of this name in a guild."""
        guild_id = self.find_guild(guild_name).id
        channels = self.world.channels.values()
        return next(
            channel for channel in channels if (channel.guild_id, channel.name) == (guild_id, name)
        )

    def find_person(self, name: str) -> Person:
        """The person, or the other bot, of this name."""
        users = self.world.users.values()
        return Person(self.world, next(user for user in users if user.name == name))

    def get_messages(self, channel: Channel) -> tuple[Message, ...]:
        """All messages of a channel as they stand, oldest first, whoever sees them."""
        return tuple(self.world.iterate_messages(channel.id))

    async def wait_for(self, condition: Callable[[], T | None], timeout: float = 5.0) -> T:  # noqa: ASYNC109 - part of the question
        """What `condition` gives once it gives something; it is asked again after each change.

        Raises:
            TimeoutError: It gave nothing in time.
        """
        return await self.world.wait_until(condition, timeout)

    async def _listen(self, runner: web.AppRunner, port: int) -> None:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        self.port = runner.addresses[0][1]
        self.world.gateway_url = f"ws://{HOST}:{self.port}/gateway"


def _build_application(rest: RestApi, gateway: Gateway) -> web.Application:
    application = web.Application(client_max_size=MAX_REQUEST_BYTES)
    application.router.add_get("/gateway", gateway.serve)
    application.router.add_get("/gateway/", gateway.serve)
    application.router.add_route("*", API_ROOT + "/{path:.*}", rest.respond)
    return application

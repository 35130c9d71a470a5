"""The REST API over HTTP: who may ask, how often, what goes wrong on purpose, then the route."""

import asyncio
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.local_discord import errors as refusals
from bot.local_discord.errors import Refused
from bot.local_discord.rest import payload_checks as checking
from bot.local_discord.rest import rate_limits
from bot.local_discord.rest.call import Call, Handler
from bot.local_discord.rest.fault_injection import Fault, Faults
from bot.local_discord.rest.rate_limits import RateLimits
from bot.local_discord.rest.request_schemas import Shapes
from bot.local_discord.rest.routes import ROUTES
from bot.local_discord.world.posting import Upload
from bot.local_discord.world.world import Exchange, World

ROOT = "/api/v10"
WITHOUT_TOKEN = ("/interactions/", "/webhooks/")
FILE_FIELD = re.compile(r"files\[(\d+)\]")

Body = tuple[Any, tuple[Upload, ...]]


class Rest:
    """Answers requests below `/api/v10`."""

    def __init__(
        self, world: World, rate_limits: RateLimits, faults: Faults, shapes: Shapes | None
    ) -> None:
        self._shapes = shapes
        self._world = world
        self._rate_limits = rate_limits
        self._faults = faults
        self._routes = [
            (method, route, re.compile(_pattern(route)), handler)
            for (method, route), handler in ROUTES.items()
        ]

    async def respond(self, request: web.Request) -> web.Response:
        """The answer to one request."""
        path = request.path.removeprefix(ROOT)
        faults = list(self._faults.meeting(request.method, path))
        await asyncio.sleep(sum(fault.delay for fault in faults))
        responses = [_failure(fault, fault.status) for fault in faults if fault.status]
        if all(fault.is_done for fault in faults if fault.status):
            responses.append(await self._answered(request, path))
        response = responses[0]
        if any(fault.is_lost for fault in faults) and request.transport is not None:
            request.transport.close()
        self._world.exchanges.append(Exchange(request.method, path, response.status))
        self._world.touch()
        return response

    async def _answered(self, request: web.Request, path: str) -> web.Response:
        headers: Mapping[str, str] = {}
        try:
            self._demand_token(request, path)
            route, parts, handler = self._matched(request.method, path)
            verdict = self._rate_limits.verdict(request.method, route, parts)
            headers = verdict.headers
            if verdict.retry_after is not None:
                return _json(429, verdict.body, headers)
            told = handler(await self._call(request, path, parts))
        except Refused as refused:
            return _json(refused.status, refused.body, headers)
        return (
            web.Response(status=204, headers=headers) if told is None else _json(200, told, headers)
        )

    def _demand_token(self, request: web.Request, path: str) -> None:
        given = request.headers.get("Authorization")
        if not path.startswith(WITHOUT_TOKEN) and given != f"Bot {self._world.token}":
            raise refusals.unauthorized()

    def _matched(self, method: str, path: str) -> tuple[str, dict[str, str], Handler]:
        """The first route that fits, its variable parts, and what answers it."""
        is_known = False
        for known, route, pattern, handler in self._routes:
            if match := pattern.fullmatch(path):
                if known == method:
                    return route, match.groupdict(), handler
                is_known = True
        raise refusals.method_not_allowed() if is_known else refusals.not_found()

    async def _call(self, request: web.Request, path: str, parts: Mapping[str, str]) -> Call:
        body, uploads = await _body(request)
        if self._shapes is not None:
            checking.refuse(self._shapes.problems(request.method, path, body))
        return Call(
            world=self._world,
            path=parts,
            body=body,
            query=request.query,
            uploads=uploads,
        )


def _pattern(route: str) -> str:
    """A route as an expression: each variable part takes what has no slash."""
    return re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route)


async def _body(request: web.Request) -> Body:
    """The JSON of a request, alone or beside files.

    Raises:
        Refused: 50109, where it is no JSON.
    """
    if request.content_type.startswith("multipart/"):
        return await _multipart(request)
    text = await request.text()
    return (_parsed(text) if text else {}), ()


async def _multipart(request: web.Request) -> Body:
    fields = await request.post()
    uploads = tuple(
        Upload(
            index=int(match[1]),
            filename=field.filename,
            content_type=field.content_type,
            data=field.file.read(),
        )
        for name, field in fields.items()
        if (match := FILE_FIELD.fullmatch(name)) and isinstance(field, web.FileField)
    )
    body = fields.get("payload_json", "{}")
    # aiohttp gives bytes where the field names a type of its own, as Discord's examples do.
    return _parsed(
        bytes(body).decode() if isinstance(body, bytes | bytearray) else str(body)
    ), uploads


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        message = "The request body contains invalid JSON."
        raise Refused(400, 50109, message) from None


def _json(status: int, told: object, headers: Mapping[str, str]) -> web.Response:
    """JSON as Discord labels it; aiohttp's own way would name a charset, too."""
    body = json.dumps(told).encode()
    return web.Response(status=status, body=body, headers=headers, content_type="application/json")


def _failure(fault: Fault, status: int) -> web.Response:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        verdict = rate_limits.refused(fault.retry_after, {})
        return _json(status, verdict.body, verdict.headers)
    return _json(status, {"message": f"{status}: Failed on purpose", "code": fault.code}, {})

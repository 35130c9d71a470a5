"""The REST API over HTTP: injected faults, the token, rate limits, and the call of a handler."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.local_discord.errors import (
    INVALID_JSON,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    UNAUTHORIZED,
    ApiError,
)
from bot.local_discord.rest.call import Call, Handler
from bot.local_discord.rest.fault_injection import Fault, FaultInjector
from bot.local_discord.rest.payload_checks import raise_for_problems
from bot.local_discord.rest.rate_limits import RateLimitBuckets, build_rejection
from bot.local_discord.rest.request_schemas import RequestSchemas
from bot.local_discord.rest.route_patterns import compile_route
from bot.local_discord.rest.routes import ROUTES
from bot.local_discord.world.records import Upload
from bot.local_discord.world.world import Exchange, World

API_ROOT = "/api/v10"
TOKENLESS_ROUTES = ("/interactions/", "/webhooks/")
"""The token of an interaction stands in the path; discord.py sends no Authorization there."""

FILE_FIELD = re.compile(r"files\[(\d+)\]")

Body = tuple[Any, tuple[Upload, ...]]


class RestApi:
    """Answers requests below `/api/v10`."""

    def __init__(
        self,
        world: World,
        rate_limits: RateLimitBuckets,
        faults: FaultInjector,
        schemas: RequestSchemas | None,
    ) -> None:
        self._schemas = schemas
        self._world = world
        self._rate_limits = rate_limits
        self._faults = faults
        self._routes = [
            (method, route, compile_route(route), handler)
            for (method, route), handler in ROUTES.items()
        ]

    async def respond(self, request: web.Request) -> web.Response:
        """Answer a request, and record the exchange."""
        path = request.path.removeprefix(API_ROOT)
        faults = list(self._faults.take_matching(request.method, path))
        await asyncio.sleep(sum(fault.delay_seconds for fault in faults))
        responses = [_build_fault_response(fault, fault.status) for fault in faults if fault.status]
        if all(fault.is_executed for fault in faults if fault.status):
            responses.append(await self._handle(request, path))
        response = responses[0]
        if any(fault.drops_connection for fault in faults) and request.transport is not None:
            # The request was carried out, so a bot that tries again does it twice.
            request.transport.close()
        self._world.exchanges.append(Exchange(request.method, path, response.status))
        self._world.changes.notify()
        return response

    async def _handle(self, request: web.Request, path: str) -> web.Response:
        headers: Mapping[str, str] = {}
        try:
            self._require_token(request, path)
            route, path_params, handler = self._match_route(request.method, path)
            verdict = self._rate_limits.check(request.method, route, path_params)
            headers = verdict.headers
            if verdict.retry_after is not None:
                return _build_json_response(429, verdict.body, headers)
            payload = handler(await self._build_call(request, path, path_params))
        except ApiError as error:
            return _build_json_response(error.response.status, error.body, headers)
        return (
            web.Response(status=204, headers=headers)
            if payload is None
            else _build_json_response(200, payload, headers)
        )

    def _require_token(self, request: web.Request, path: str) -> None:
        authorization = request.headers.get("Authorization")
        if not path.startswith(TOKENLESS_ROUTES) and authorization != f"Bot {self._world.token}":
            raise ApiError(UNAUTHORIZED)

    def _match_route(self, method: str, path: str) -> tuple[str, dict[str, str], Handler]:
        """Return the first route that matches, the values of its parameters, and its handler."""
        is_known_path = False
        for route_method, route, pattern, handler in self._routes:
            if match := pattern.fullmatch(path):
                if route_method == method:
                    return route, match.groupdict(), handler
                is_known_path = True
        raise ApiError(METHOD_NOT_ALLOWED if is_known_path else NOT_FOUND)

    async def _build_call(
        self, request: web.Request, path: str, path_params: Mapping[str, str]
    ) -> Call:
        body, uploads = await _read_body(request)
        if self._schemas is not None:
            raise_for_problems(self._schemas.find_problems(request.method, path, body))
        return Call(
            world=self._world,
            path_params=path_params,
            body=body,
            query=request.query,
            uploads=uploads,
        )


async def _read_body(request: web.Request) -> Body:
    """Return the JSON of a request, and the files that came with it.

    Raises:
        ApiError: 50109 if it is not JSON.
    """
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request)
    text = await request.text()
    return (_parse_json(text) if text else {}), ()


async def _read_multipart(request: web.Request) -> Body:
    fields = await request.post()
    uploads = tuple(_read_uploads(fields))
    body = fields.get("payload_json", "{}")
    # aiohttp gives bytes if the field names a type of its own, as Discord's examples do.
    text = bytes(body).decode() if isinstance(body, bytes | bytearray) else str(body)
    return _parse_json(text), uploads


def _read_uploads(fields: Mapping[str, object]) -> Iterator[Upload]:
    for name, field in fields.items():
        match = FILE_FIELD.fullmatch(name)
        if match and isinstance(field, web.FileField):
            yield Upload(
                index=int(match[1]),
                filename=field.filename,
                content_type=field.content_type,
                data=field.file.read(),
            )


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ApiError(INVALID_JSON) from None


def _build_json_response(status: int, payload: object, headers: Mapping[str, str]) -> web.Response:
    """Build a JSON response with Discord's content type.

    discord.py parses a body only if the type is exactly `application/json`. aiohttp's own
    `json_response` adds a charset.
    """
    body = json.dumps(payload).encode()
    return web.Response(status=status, body=body, headers=headers, content_type="application/json")


def _build_fault_response(fault: Fault, status: int) -> web.Response:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        verdict = build_rejection(fault.retry_after_seconds, {})
        return _build_json_response(status, verdict.body, verdict.headers)
    return _build_json_response(
        status, {"message": f"{status}: Failed on purpose", "code": fault.code}, {}
    )

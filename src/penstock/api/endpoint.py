"""From a request to its handler and back: the one path by which every route is served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from penstock.api.auth import authorize
from penstock.api.bodies import decode_json, decode_upload, json_decoder, read_body
from penstock.api.errors import ApiError, bad_request
from penstock.api.http import Call, Reply, Route, encode
from penstock.api.queries import decode_query, list_parameters
from penstock.api.settings import ApiSettings

if TYPE_CHECKING:
    from penstock.runtime.runtime import Runtime

SLOW_S: Final = 30
"""How long a client of a stream may take to take what it is sent."""

MAX_KEY: Final = 255
"""The most characters that an idempotency key may have."""


class PathEndpoint:
    """An ASGI application for the routes of one path, by their method."""

    def __init__(self, routes: Iterable[Route], runtime: Runtime, settings: ApiSettings) -> None:
        self.operations = {route.method: Operation(route, runtime, settings) for route in routes}
        if "GET" in self.operations:
            self.operations["HEAD"] = self.operations["GET"]
        self.allow = ", ".join(sorted(self.operations))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = self.operations.get(scope["method"])
        if operation is None:
            raise ApiError(
                405,
                f"'{scope['path']}' does not take {scope['method']}, only {self.allow}.",
                headers=[("allow", self.allow)],
            )
        scope["penstock.route"] = operation.route.path
        reply = await operation(scope, receive)
        if reply.stream is None:
            await send_reply(send, reply)
        elif scope["method"] == "HEAD":
            await send_reply(send, msgspec.structs.replace(reply, body=b""))
        else:
            scope["penstock.streamed"] = True
            await send_stream(send, reply, reply.stream)


class Operation:
    """One route, with its decoders made."""

    def __init__(self, route: Route, runtime: Runtime, settings: ApiSettings) -> None:
        self.route = route
        self.runtime = runtime
        self.settings = settings
        self.lists = list_parameters(route.query)
        self.decoder = json_decoder(route.body) if route.body is not None else None
        self.limit = settings.upload_limit if route.upload is not None else settings.body_limit

    async def __call__(self, scope: Scope, receive: Receive) -> Reply:
        route = self.route
        headers = Headers(scope=scope)
        authorize(headers, scope["method"], self.settings, open_route=route.open)
        query = decode_query(scope["query_string"], route.query, self.lists)
        raw = b"" if route.method == "GET" else await read_body(receive, headers, self.limit)
        call = Call(
            self.runtime,
            self.settings,
            path_parameters(scope["path_params"]),
            query,
            await self._body(raw, headers),
            self.settings.user,
            scope["penstock.request_id"],
            _idempotency_key(headers) if route.idempotent else None,
            f"{route.method} {scope['path']}",
            raw,
            receive,
            headers,
        )
        return await route.handler(call)

    async def _body(self, raw: bytes, headers: Headers) -> Any:
        if self.decoder is not None:
            return decode_json(self.decoder, raw, headers.get("content-type"), self.settings.depth_limit)
        if self.route.upload is not None:
            return await decode_upload(raw, headers)
        return None


def path_parameters(values: Mapping[str, str]) -> Mapping[str, str]:
    """Give the parameters in the path, once it is sure that each can be a name.

    Raises:
        ApiError: 404, one holds a character that no name has.
    """
    for name, value in values.items():
        if not value.isprintable():
            raise ApiError(404, f"There is nothing with the {name} {value!r}.")
    return values


def _idempotency_key(headers: Headers) -> str | None:
    key = headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        raise bad_request(f"The header Idempotency-Key must have 1 to {MAX_KEY} printable ASCII characters.")
    return key


async def send_reply(send: Send, reply: Reply) -> None:
    """Send a reply whole."""
    body = encode(reply.body)
    await _send_start(send, reply, (b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.body", "body": body})


async def send_stream(send: Send, reply: Reply, pieces: AsyncGenerator[bytes]) -> None:
    """Send a reply piece by piece; a client that takes none for long is left."""
    await _send_start(send, reply)
    async with aclosing(pieces):
        async for piece in pieces:
            try:
                async with asyncio.timeout(SLOW_S):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except TimeoutError:
                return
    await send({"type": "http.response.body", "body": b""})


async def _send_start(send: Send, reply: Reply, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", reply.content_type.encode()), *more]
    headers += [(name.encode(), value.encode()) for name, value in reply.headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})

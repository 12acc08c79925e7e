"""The outermost layer: request ids, errors, security headers, the access log and the request metrics.

One plain ASGI layer instead of a stack of middlewares: every request passes it, so it has to be cheap.
"""

from __future__ import annotations

import re
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from penstock import tracing
from penstock.api.bodies import Disconnected
from penstock.api.endpoint import send_reply
from penstock.api.errors import ApiError, as_api_error
from penstock.api.http import Reply
from penstock.api.settings import ApiSettings

if TYPE_CHECKING:
    from opentelemetry.trace import Span

_log = structlog.get_logger("penstock.api")

REQUESTS: Final = Counter("penstock_http_requests", "Requests answered.", ["method", "route", "status"])
SECONDS: Final = Histogram("penstock_http_request_seconds", "Time to answer a request.", ["method", "route"])

CSP: Final = (
    b"default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_SECURITY: Final = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
_REQUEST_ID: Final = re.compile(rb"[\w.:-]{1,128}", re.ASCII)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Shell:
    """An ASGI application around another one, in which exceptions become replies."""

    def __init__(self, app: ASGIApp, settings: ApiSettings) -> None:
        self.app = app
        self.access_log = settings.access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000, "reason": "there are no web sockets here"})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with tracing.span(scope["method"], "server", parent=tracing.header(scope["headers"])) as span:
            await self._answer(scope, receive, send, span)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, span: Span | None) -> None:
        started = perf_counter()
        exchange = _Exchange(scope, send)
        try:
            await self.app(scope, receive, exchange.send)
        except Disconnected:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller is answered
            if (told := as_api_error(error)) is None:
                _log.exception("request failed", request_id=exchange.request_id, path=scope["path"])
                told = _mistake(exchange.request_id)
            await exchange.refuse(told)
        finally:
            self._note(exchange, perf_counter() - started)
            if span is not None:
                _describe(span, exchange)

    def _note(self, exchange: _Exchange, seconds: float) -> None:
        scope = exchange.scope
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = scope.get("penstock.route", "other")
        status = exchange.status or 499
        REQUESTS.labels(method, route, status).inc()
        if "penstock.streamed" not in exchange.scope:
            SECONDS.labels(method, route).observe(seconds)
        if self.access_log:
            _log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round(seconds * 1000, 1),
                request_id=exchange.request_id,
            )


def _describe(span: Span, exchange: _Exchange) -> None:
    """Say which request a span is of, by the names that OpenTelemetry has for that."""
    scope, status = exchange.scope, exchange.status or 499
    method = scope["method"] if scope["method"] in _METHODS else "other"
    route = scope.get("penstock.route", "other")
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "penstock.request_id": exchange.request_id,
        }
    )
    if status >= 500:
        tracing.failed(span, str(status))


class _Exchange:
    """One request and what has been answered so far."""

    __slots__ = ("_send", "request_id", "scope", "status")

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self._send = send
        self.status: int | None = None
        """The status that was sent; None before that, and for a client that went away."""
        self.request_id = scope["penstock.request_id"] = _request_id(scope)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message["headers"],
                *_SECURITY,
                (b"content-security-policy", self.scope.get("penstock.csp", CSP)),
                (b"x-request-id", self.request_id.encode()),
            ]
        await self._send(message)

    async def refuse(self, error: ApiError) -> None:
        """Answer with an error, unless an answer has begun."""
        if self.status is None:
            await send_reply(self.send, Reply(error.body(self.request_id), error.status, error.headers))


def _mistake(request_id: str) -> ApiError:
    return ApiError(500, f"The server made a mistake; its log tells more about request '{request_id}'.")


def _request_id(scope: Scope) -> str:
    """Give the id that the client chose where it can be used, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            text: str = value.decode()
            return text
    return token_hex(8)

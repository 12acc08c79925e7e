"""What is asked of the server itself: health, metrics, its version, its documentation and its home page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import msgspec
import prometheus_client

from penstock.api import openapi
from penstock.api.docs import docs_page
from penstock.api.errors import ApiError
from penstock.api.folders import PAGES
from penstock.api.http import AnyCall, Handler, Reply, Route

HTML: Final = "text/html;charset=UTF-8"


class Health(msgspec.Struct, frozen=True):
    """That the server answers."""

    status: str


class Version(msgspec.Struct, frozen=True):
    """Which server this is."""

    name: str
    version: str


def routes(surfaces: Sequence[Route]) -> tuple[Route, ...]:
    """Give the routes of the server itself, which document those of the surfaces and themselves."""
    document = cache(lambda: openapi.document((*surfaces, *own)))
    page = cache(lambda: docs_page(document()))

    async def get_openapi(_call: AnyCall) -> Reply:
        return Reply(document())

    async def get_docs(_call: AnyCall) -> Reply:
        return Reply(page(), content_type=HTML)

    own = (
        _get("/health/live", get_live, "Whether the server runs.", {200: Health}),
        _get("/health/ready", get_ready, "Whether it can do its work.", {200: Health}, errors=(503,)),
        _get("/metrics", get_metrics, "Metrics for Prometheus.", {200: "text/plain"}, open=False),
        _get("/version", get_version, "Which server this is.", {200: Version}),
        _get("/openapi.json", get_openapi, "This documentation for machines.", {200: dict[str, Any]}),
        _get("/docs", get_docs, "This documentation for people.", {200: "text/html"}),
        _get("/", get_home, "The home page.", {200: "text/html"}),
    )
    return own


def _get(
    path: str,
    handler: Handler,
    summary: str,
    replies: Mapping[int, Any],
    *,
    errors: Sequence[int] = (),
    open: bool = True,
) -> Route:
    return Route(
        method="GET",
        path=path,
        handler=handler,
        summary=summary,
        tag="Server",
        replies=replies,
        errors=errors,
        open=open,
    )


async def get_live(_call: AnyCall) -> Reply:
    """Answer, which is all that it takes to be alive."""
    return Reply(Health("live"))


async def get_ready(call: AnyCall) -> Reply:
    """Tell whether the server can do its work.

    Raises:
        ApiError: 503, it cannot; the message says what is not ready.
    """
    missing = await call.runtime.ready()
    if missing:
        raise ApiError(503, f"Not ready: {'; '.join(missing)}.", headers=[("retry-after", "1")])
    return Reply(Health("ready"))


async def get_metrics(call: AnyCall) -> Reply:
    """Give every metric of the process and of its runtime in Prometheus' text format."""
    await call.runtime.measure()
    registries = (prometheus_client.REGISTRY, call.runtime.metrics.registry)
    text = b"".join(prometheus_client.generate_latest(registry) for registry in registries)
    return Reply(text, content_type=prometheus_client.CONTENT_TYPE_PLAIN_0_0_4)


async def get_version(_call: AnyCall) -> Reply:
    """Give the server's name and version."""
    return Reply(Version("penstock", version("penstock")))


async def get_home(_call: AnyCall) -> Reply:
    """Give the home page."""
    return Reply((PAGES / "index.html").read_bytes(), content_type=HTML)

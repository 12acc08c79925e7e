"""The built web application: one document for all its pages, and assets whose names change with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from starlette import routing
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from penstock.api.errors import ApiError

PAGES: Final = (
    "/",
    "/instances",
    "/instances/{path:path}",
    "/tasks",
    "/insights",
    "/settings",
    "/designer",
    "/designer/{path:path}",
    "/decisions",
    "/decisions/{path:path}",
    "/forms",
    "/forms/{path:path}",
)
"""The paths at which a browser finds the document. They are named one by one, so that none hides a call."""

WEB_CSP: Final = b"; ".join(
    (
        b"default-src 'none'",
        b"script-src 'self'",
        b"style-src 'self'",
        b"img-src 'self' data:",
        b"font-src 'self' data:",
        b"connect-src 'self'",
        b"frame-ancestors 'none'",
        b"base-uri 'none'",
        b"form-action 'self'",
    )
)

_TYPES: Final = {
    ".js": "text/javascript;charset=UTF-8",
    ".css": "text/css;charset=UTF-8",
    ".svg": "image/svg+xml",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_CODINGS: Final = {"br": ".br", "gzip": ".gz"}
_FOREVER: Final = "public, max-age=31536000, immutable"


def web_routes(folder: Path) -> Iterator[routing.BaseRoute]:
    """Give the routes of the web application that was built into a folder."""
    assets = {file.name: file for file in (folder / "assets").iterdir() if file.suffix in _TYPES}

    async def document(request: Request) -> Response:
        request.scope["penstock.route"] = "web"
        request.scope["penstock.csp"] = WEB_CSP
        headers = {"cache-control": "no-cache"}
        return FileResponse(folder / "index.html", headers=headers, media_type="text/html;charset=UTF-8")

    async def asset(request: Request) -> Response:
        request.scope["penstock.route"] = "/assets/"
        file = assets.get(request.path_params["name"])
        if file is None:
            raise ApiError(404, f"There is no asset '{request.url.path}': load the page anew.")
        return _asset(file, request.headers)

    yield from (routing.Route(path, document) for path in PAGES)
    yield routing.Route("/assets/{name}", asset)


def _asset(file: Path, asked: Headers) -> Response:
    """Give an asset in the best coding that the browser takes and the build has made."""
    headers = {"cache-control": _FOREVER, "vary": "accept-encoding"}
    taken = {part.partition(";")[0].strip() for part in asked.get("accept-encoding", "").split(",")}
    for coding, suffix in _CODINGS.items():
        coded = file.with_name(file.name + suffix)
        if coding in taken and coded.is_file():
            return FileResponse(
                coded, headers={**headers, "content-encoding": coding}, media_type=_TYPES[file.suffix]
            )
    return FileResponse(file, headers=headers, media_type=_TYPES[file.suffix])

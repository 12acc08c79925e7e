"""Folders of static files: our own pages, and those of a project's app."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from penstock.api.errors import ApiError

PAGES: Final = Path(__file__).parent / "pages"

WEB: Final = PAGES / "web"
"""Where the build puts the web application."""

APP_CSP: Final = b"; ".join(
    (
        b"default-src 'self' 'unsafe-inline' data: blob:",
        b"frame-ancestors 'none'",
        b"base-uri 'self'",
        b"form-action 'self'",
    )
)
"""A project's pages are its author's own, so inline scripts are theirs to use; other hosts stay out."""


class Folder:
    """An ASGI application that serves a folder, with `index.html` for a folder in it."""

    def __init__(self, folder: Path, *, name: str, csp: bytes | None = None) -> None:
        self._files = StaticFiles(directory=folder, html=True)
        self._name = name
        self._csp = csp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["penstock.route"] = self._name
        if self._csp is not None:
            scope["penstock.csp"] = self._csp
        try:
            await self._files(scope, receive, send)
        except HTTPException as error:
            if error.status_code == 405:
                raise ApiError(
                    405, "Files are only read: use GET.", headers=[("allow", "GET, HEAD")]
                ) from error
            raise ApiError(error.status_code, f"There is no page '{scope['path']}'.") from error

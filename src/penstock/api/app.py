"""The composition of the HTTP surfaces to one ASGI application."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from starlette import routing
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from penstock.api import system
from penstock.api.domo.routes import routes as domo_routes
from penstock.api.endpoint import PathEndpoint
from penstock.api.errors import not_found
from penstock.api.folders import APP_CSP, PAGES, Folder
from penstock.api.http import Route
from penstock.api.rest.routes import routes as rest_routes
from penstock.api.settings import ApiSettings
from penstock.api.shell import Shell
from penstock.api.web import web_routes

if TYPE_CHECKING:
    from penstock.runtime.runtime import Runtime

__all__ = ["ApiSettings", "create_app"]


def create_app(runtime: Runtime, settings: ApiSettings) -> ASGIApp:
    """Give the application that serves every surface on the runtime.

    The caller starts and closes the runtime; the application holds nothing that needs closing.
    """
    surfaces = (*domo_routes(), *rest_routes(runtime))
    served = (*surfaces, *system.routes(surfaces))
    return Shell(router(served, runtime, settings), settings)


def router(routes: Sequence[Route], runtime: Runtime, settings: ApiSettings) -> routing.Router:
    """Give the application that finds the route of a request, and beside the routes the folders of files."""
    by_path: dict[str, list[Route]] = {}
    for route in routes:
        by_path.setdefault(route.path, []).append(route)
    paths = [routing.Route(path, PathEndpoint(group, runtime, settings)) for path, group in by_path.items()]
    web = [] if settings.web_folder is None else web_routes(settings.web_folder)
    served = [*web, *paths, *_folders(settings)]
    return routing.Router(served, redirect_slashes=False, default=_unknown_path)


def _folders(settings: ApiSettings) -> Iterator[routing.BaseRoute]:
    yield routing.Mount("/pages", Folder(PAGES, name="/pages/"))
    if settings.app_folder is not None:
        yield routing.Route("/app", _to_app)
        yield routing.Mount("/app", Folder(settings.app_folder, name="/app/", csp=APP_CSP))


async def _to_app(_request: Request) -> Response:
    return RedirectResponse("/app/")


async def _unknown_path(scope: Scope, _receive: Receive, _send: Send) -> None:
    raise not_found(f"There is nothing at '{scope['path']}': /docs lists all there is.")

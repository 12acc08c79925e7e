"""The composition root: the only place that builds a server from its parts."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
import uvicorn
import watchfiles

from penstock import config_readers, logs, tracing
from penstock.api.app import create_app
from penstock.api.domo.aliases import put_manifest
from penstock.api.domo.manifest import ManifestError
from penstock.api.folders import WEB
from penstock.api.settings import ApiSettings
from penstock.bpmn import Finding
from penstock.config import Settings, shown
from penstock.project import FUNCTIONS, Project, ProjectError, mappings, open_project, sources
from penstock.runtime.archive import ArchiveError
from penstock.runtime.clock import SystemClock
from penstock.runtime.deployments import Refused
from penstock.runtime.requests import Unavailable
from penstock.runtime.retention import Policy
from penstock.runtime.runtime import Options, Runtime
from penstock.store.database import DatabaseError
from penstock.tracing import TracingError
from penstock.workers.protocol import FunctionsError

OK: Final = 0
FAILED: Final = 1
REFUSED: Final = 5
"""A model, a manifest or a function file has errors."""

_log = structlog.get_logger()


def serve(settings: Settings) -> int:
    """Serve a project folder until the process is told to stop.

    Returns:
        The exit status; what went wrong has been said on standard error.
    """
    logs.configure(settings.log_level, settings.log_format)
    try:
        project = open_project(settings.folder)
        with (
            tracing.sent(settings.traces),
            _listen(settings.host, settings.port) as listener,
            _running(settings, project, grace := Grace(settings.graceful_timeout)) as runtime,
            asyncio.Runner(loop_factory=_loop_factory()) as runner,
        ):
            return runner.run(_serve(settings, project, runtime, listener, grace))
    except (ProjectError, DatabaseError, ArchiveError, TracingError, Unavailable, _CannotListen) as error:
        return _say(str(error), FAILED)
    except (FunctionsError, ManifestError) as error:
        return _say(str(error), REFUSED)
    except Refused as refused:
        return _say(_told(refused.findings), REFUSED)


class Grace:
    """How long a stop may wait for running work: requests and functions together, from when it was asked."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: float | None = None

    def begin(self) -> None:
        """The stop has been asked for; the first time counts."""
        if self._until is None:
            self._until = time.monotonic() + self._seconds

    def left(self) -> float:
        """Give the seconds that are left."""
        return self._seconds if self._until is None else max(0.0, self._until - time.monotonic())


@contextmanager
def _running(settings: Settings, project: Project, grace: Grace) -> Iterator[Runtime]:
    runtime = Runtime(
        Options(
            settings.database,
            functions=project.functions,
            processes=settings.processes,
            function_timeout_ms=int(settings.function_timeout * 1000),
            levels=settings.levels,
            start_ttl_ms=int(settings.start_ttl * 1000),
            retention=_retention(settings),
            test_clock=SystemClock().now() if settings.test_clock else None,
        )
    )
    try:
        runtime.start()
        yield runtime
    finally:
        runtime.stop(grace.left())


def _retention(settings: Settings) -> Policy | None:
    if settings.retention_older_than is None or settings.retention_archive is None:
        return None
    return Policy(
        int(settings.retention_older_than * 1000), settings.retention_archive, settings.retention_every
    )


async def _serve(
    settings: Settings, project: Project, runtime: Runtime, listener: socket.socket, grace: Grace
) -> int:
    await _deploy(runtime, project, settings.user)
    app = create_app(
        runtime,
        ApiSettings(
            user=settings.user,
            token=settings.token,
            body_limit=settings.body_limit,
            upload_limit=settings.upload_limit,
            app_folder=project.pages,
            web_folder=WEB if (WEB / "index.html").is_file() else None,
            access_log=settings.access_log,
            configuration=shown(settings),
        ),
    )
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=max(1, int(settings.graceful_timeout)),
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, runtime, server, grace)
    if settings.token is None and settings.host not in ("127.0.0.1", "::1", "localhost"):
        _log.warning("open to the network without a token: set one with --token-file", host=settings.host)
    _announce(settings, project, listener)
    watch = asyncio.create_task(_watch(runtime, project, settings.user)) if settings.reload else None
    await server.serve(sockets=[listener])
    if watch is not None:
        watch.cancel()
    return OK


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Give the fastest event loop that is installed."""
    return uvicorn.Config("", log_config=None).get_loop_factory()


def _stop(runtime: Runtime, server: _Server, grace: Grace) -> None:
    """Stop serving; who watches goes first, since a stream would keep the server waiting."""
    grace.begin()
    runtime.feed.close()
    server.stop()


class _Server(uvicorn.Server):
    """Uvicorn's server, stopped by our own signal handlers, so that the runtime ends in order after it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """Take no more connections, finish the requests, end; at the second call end at once."""
        self.force_exit = self.should_exit
        self.should_exit = True


def _announce(settings: Settings, project: Project, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    sys.stdout.write(f"Penstock serves {project.folder.name} at http://{shown}:{port}/\n")
    if project.pages is not None:
        sys.stdout.write(f"Its own pages are at http://{shown}:{port}/app/\n")
    sys.stdout.flush()
    _log.info("serving", host=host, port=port, database=config_readers.without_password(settings.database))


# -- the project's files ---------------------------------------------------------------------------


async def _deploy(runtime: Runtime, project: Project, user: str) -> None:
    """Deploy what changed in the folder, and take over its manifest.

    Raises:
        Refused: a workflow has errors.
        ManifestError: the manifest has.
    """
    manifest = mappings(project)
    files = sources(project)
    if files:
        deployed = await runtime.deploy(files, actor=user)
        for finding in deployed.findings:
            _log.info("finding", **{name: getattr(finding, name) for name in finding.__struct_fields__})
        for row in deployed.definitions:
            _log.info(
                "deployed", kind=row.kind, id=row.id, version=row.version, new=row.deployment == deployed.id
            )
    await put_manifest(runtime, manifest)


async def _watch(runtime: Runtime, project: Project, user: str) -> None:
    """Deploy again whenever a file changes; what cannot be used is said, and what runs keeps running."""
    async for changes in watchfiles.awatch(project.folder, watch_filter=_is_source, step=100):
        if any(f"/{FUNCTIONS}/" in path for _, path in changes):
            await _try("functions", asyncio.to_thread(runtime.reload_functions))
        await _try("workflows", _deploy_anew(runtime, project, user))


async def _deploy_anew(runtime: Runtime, project: Project, user: str) -> None:
    await _deploy(runtime, open_project(project.folder), user)


async def _try(what: str, act: Awaitable[None]) -> None:
    try:
        await act
    except Refused as refused:
        _log.error("not reloaded", what=what, reason=_told(refused.findings))
    except (ProjectError, ManifestError, FunctionsError, Unavailable) as error:
        _log.error("not reloaded", what=what, reason=str(error))


def _is_source(_change: watchfiles.Change, path: str) -> bool:
    return path.endswith((".bpmn", ".dmn", ".form", ".py", "manifest.json")) and "/." not in path


# -- what goes wrong before anything is served -----------------------------------------------------


class _CannotListen(Exception):
    pass


@contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port first: who cannot have it need not open the database."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
    except OSError as error:
        raise _CannotListen(f"cannot listen on {host}: {error.strerror or error}") from None
    with listener:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Inherited by every connection: a small answer shall not wait for the client's next packet.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.bind(address)
            listener.listen(1024)
        except OSError as error:
            hint = "; take another with --port, or 0 for a free one" if port else ""
            raise _CannotListen(f"cannot listen on {host}:{port}: {error.strerror}{hint}") from None
        yield listener


def _told(findings: list[Finding]) -> str:
    return "\n".join(
        f"{it.file}:{it.line or 1}: {it.severity} {it.code}: {it.message} {it.remedy}"
        for it in findings
        if it.severity == "error"
    )


def _say(message: str, status: int) -> int:
    sys.stderr.write(f"penstock: {message}\n")
    return status

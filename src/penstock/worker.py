"""Builds and runs what `penstock worker` is: the functions of a project, for a server that is elsewhere."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import Mapping
from datetime import timedelta

import structlog

from penstock import logs, tracing
from penstock.config import Settings
from penstock.job_client import AsyncJobClient
from penstock.project import FUNCTIONS, Project, ProjectError, open_project
from penstock.workers.pool import FunctionPool
from penstock.workers.protocol import FunctionInfo
from penstock.workers.remote import RemoteWorker

_log = structlog.get_logger()


def work(settings: Settings) -> None:
    """Run a project's functions for the server that the settings name, until the process is told to stop.

    Raises:
        ProjectError: the project has no functions, or not one that was chosen.
        FunctionsError: they cannot be used.
        Refused: the server does not accept the token.
        TracingError: traces are wanted, and OpenTelemetry is not installed.
    """
    logs.configure(settings.log_level, settings.log_format)
    project = open_project(settings.folder)
    if project.functions is None:
        raise ProjectError(
            f"{project.folder} has no folder {FUNCTIONS}/: there is nothing for a worker to run."
        )
    pool = FunctionPool(
        project.functions,
        processes=settings.processes,
        default_timeout_ms=int(settings.function_timeout * 1000),
    )
    pool.start()
    try:
        types = chosen(pool.functions, settings.tasks, project)
        with tracing.sent(settings.traces):
            asyncio.run(_work(settings, pool, types))
    finally:
        pool.stop(0.0)


def chosen(functions: Mapping[str, FunctionInfo], tasks: tuple[str, ...], project: Project) -> list[str]:
    """Give the functions that are to be run: all where none is named.

    Raises:
        ProjectError: there is none of a name, or none at all.
    """
    unknown = [name for name in tasks if name not in functions]
    if unknown or not functions:
        known = ", ".join(sorted(functions)) or "none"
        missing = ", ".join(unknown) or "any function"
        raise ProjectError(f"{project.folder / FUNCTIONS} does not offer {missing}. It offers: {known}.")
    return sorted(tasks or functions)


async def _work(settings: Settings, pool: FunctionPool, types: list[str]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    sys.stdout.write(f"Penstock works on {', '.join(types)} for {settings.server}\n")
    sys.stdout.flush()
    _log.info("working", server=settings.server, worker=name, tasks=types)
    async with AsyncJobClient(settings.server, settings.token) as client:
        worker = RemoteWorker(
            client,
            pool,
            types,
            name=name,
            places=settings.processes,
            lease=timedelta(seconds=settings.lease),
        )
        await worker.run(stop, settings.graceful_timeout)

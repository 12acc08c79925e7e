"""Builds and runs what `penstock worker` is: the functions of a project, for servers that are elsewhere."""

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
from penstock.config_readers import without_password
from penstock.job_client import AsyncJobClient
from penstock.project import FUNCTIONS, Project, ProjectError, open_project
from penstock.runtime.runtime import Options, Runtime
from penstock.workers.pool import FunctionPool
from penstock.workers.protocol import FunctionInfo
from penstock.workers.remote import RemoteWorker

_log = structlog.get_logger()


def work(settings: Settings) -> None:
    """Run a project's functions for the server that the settings name, until the process is told to stop.

    Raises:
        ProjectError: the project has no functions.
        FunctionsError: they cannot be used, or there is none of a name that was chosen.
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
        only=settings.tasks,
    )
    pool.start()
    try:
        with tracing.sent(settings.traces):
            asyncio.run(_work(settings, pool, _types(pool.functions, project)))
    finally:
        pool.stop(0.0)


def work_on_database(settings: Settings) -> None:
    """Be a node that runs a project's functions and answers no requests, until the process is told to stop.

    Raises:
        ProjectError: the project has no functions.
        FunctionsError: they cannot be used, or there is none of a name that was chosen.
        DatabaseError: the database cannot be used, or not by several nodes.
        TracingError: traces are wanted, and OpenTelemetry is not installed.
    """
    logs.configure(settings.log_level, settings.log_format)
    project = _project(settings)
    runtime = Runtime(
        Options(
            settings.database,
            functions=project.functions,
            processes=settings.processes,
            function_timeout_ms=int(settings.function_timeout * 1000),
            tasks=settings.tasks,
            levels=settings.levels,
        )
    )
    try:
        with tracing.sent(settings.traces):
            runtime.start()
            _announce(_types(runtime.functions, project), without_password(settings.database))
            asyncio.run(_until_stopped())
    finally:
        runtime.stop(settings.graceful_timeout)


def _project(settings: Settings) -> Project:
    project = open_project(settings.folder)
    if project.functions is None:
        raise ProjectError(
            f"{project.folder} has no folder {FUNCTIONS}/: there is nothing for a worker to run."
        )
    return project


def _types(functions: Mapping[str, FunctionInfo], project: Project) -> list[str]:
    if not functions:
        raise ProjectError(f"{project.folder / FUNCTIONS} offers no function: mark one with @task.")
    return sorted(functions)


def _announce(types: list[str], place: str) -> None:
    sys.stdout.write(f"Penstock works on {', '.join(types)} for {place}\n")
    sys.stdout.flush()


async def _until_stopped() -> None:
    await _stop_signal().wait()


def _stop_signal() -> asyncio.Event:
    """Give an event that is set when the process is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _work(settings: Settings, pool: FunctionPool, types: list[str]) -> None:
    stop = _stop_signal()
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    _announce(types, settings.server)
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

"""`penstock serve`: run the server for a project folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penstock.cli.exits import CommandFailed, Exit
from penstock.cli.options import Token, TokenFile, setting

Folder = Annotated[Path, typer.Argument(help="the project folder", metavar="FOLDER")]


def serve(
    folder: Folder = Path(),
    host: Annotated[str | None, setting("host", metavar="ADDRESS")] = None,
    port: Annotated[str | None, setting("port", metavar="PORT")] = None,
    database: Annotated[str | None, setting("database", metavar="URL")] = None,
    token: Token = None,
    token_file: TokenFile = None,
    user: Annotated[str | None, setting("user", metavar="ID")] = None,
    processes: Annotated[str | None, setting("processes", metavar="N")] = None,
    function_timeout: Annotated[str | None, setting("function_timeout", metavar="TIME")] = None,
    body_limit: Annotated[str | None, setting("body_limit", metavar="SIZE")] = None,
    upload_limit: Annotated[str | None, setting("upload_limit", metavar="SIZE")] = None,
    log_level: Annotated[str | None, setting("log_level", metavar="LEVEL")] = None,
    log_format: Annotated[str | None, setting("log_format", metavar="FORMAT")] = None,
    access_log: Annotated[bool | None, setting("access_log", "--access-log/--no-access-log")] = None,
    traces: Annotated[bool | None, setting("traces", "--traces/--no-traces")] = None,
    graceful_timeout: Annotated[str | None, setting("graceful_timeout", metavar="TIME")] = None,
    reload: Annotated[bool | None, setting("reload", "--reload/--no-reload")] = None,
    test_clock: Annotated[bool | None, setting("test_clock", "--test-clock/--no-test-clock")] = None,
) -> None:
    """Serve a project: deploy what changed, print the address, and run until stopped.

    Every flag can also be set as PENSTOCK_NAME in the environment or as a key in penstock.toml.
    """
    # Every parameter but the folder has the name of its setting.
    flags = {name: value for name, value in locals().items() if name != "folder"}
    from penstock.config import load

    settings = load(folder, flags=flags)
    from penstock.main import serve as run_server

    status = run_server(settings)
    if status:
        raise CommandFailed(Exit(status))

"""`penstock worker`: run the functions of a project for a server that is elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penstock.cli.exits import CommandFailed, Exit, told_of_the_database
from penstock.cli.options import Server, Token, TokenFile, setting

Folder = Annotated[Path, typer.Argument(help="the project folder", metavar="FOLDER")]


def worker(
    folder: Folder = Path(),
    server: Server = None,
    database: Annotated[
        str | None,
        typer.Option("--database", help="in place of a server: the PostgreSQL of the nodes", metavar="URL"),
    ] = None,
    tasks: Annotated[str | None, setting("tasks", metavar="NAMES")] = None,
    token: Token = None,
    token_file: TokenFile = None,
    processes: Annotated[str | None, setting("processes", metavar="N")] = None,
    function_timeout: Annotated[str | None, setting("function_timeout", metavar="TIME")] = None,
    lease: Annotated[str | None, setting("lease", metavar="TIME")] = None,
    traces: Annotated[bool | None, setting("traces", "--traces/--no-traces")] = None,
    graceful_timeout: Annotated[str | None, setting("graceful_timeout", metavar="TIME")] = None,
    log_level: Annotated[str | None, setting("log_level", metavar="LEVEL")] = None,
    log_format: Annotated[str | None, setting("log_format", metavar="FORMAT")] = None,
) -> None:
    """Run the Python functions of a project for a server, and nothing else, until stopped.

    SIGTERM lets what runs finish within the graceful timeout, and hands back the rest. The jobs of a worker
    that was killed go to another one when their lease runs out.
    """
    if database is not None and server is not None:
        raise CommandFailed(Exit.USAGE, "a worker works for a --server or on a --database, not for both")
    # Every parameter but the folder has the name of its setting.
    flags = {name: value for name, value in locals().items() if name != "folder"}
    from penstock.config import load

    settings = load(folder, flags=flags)
    from penstock.worker import work, work_on_database

    if database is None:
        work(settings)
        return
    if database.startswith("sqlite:"):
        raise CommandFailed(Exit.USAGE, "a SQLite database is its server's alone: give the --server")
    with told_of_the_database():
        work_on_database(settings)

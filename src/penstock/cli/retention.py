"""`penstock retention`: archive and remove instances that ended long ago."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penstock.cli.exits import CommandFailed, Exit, told_of_the_database
from penstock.cli.options import Json, setting
from penstock.cli.output import say, say_json, say_table

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

app = typer.Typer(help="Archive and remove instances that ended long ago.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="the project folder", metavar="FOLDER")]


@app.callback()
def retention() -> None:
    """Archive and remove instances that ended long ago."""


@app.command()
def run(
    folder: Folder = Path(),
    older_than: Annotated[str | None, setting("retention_older_than", "--older-than", metavar="TIME")] = None,
    archive: Annotated[Path | None, setting("retention_archive", "--archive", metavar="DIR")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="count them, and change nothing")] = False,
    database: Annotated[str | None, setting("database", metavar="URL")] = None,
    json: Json = False,
) -> None:
    """Archive instances that ended long ago to Parquet files, and remove them from the database.

    A server does so by itself where its settings say how long to keep them. A SQLite database must be without
    a server for this command.
    """
    from penstock.config import load
    from penstock.runtime.archive import Archive, ArchiveError
    from penstock.runtime.clock import SystemClock
    from penstock.runtime.retention import Policy, Retention, candidates
    from penstock.store import schema
    from penstock.store.opening import open_database

    flags = {"retention_older_than": older_than, "retention_archive": archive, "database": database}
    settings = load(folder, flags=flags)
    if settings.retention_older_than is None or settings.retention_archive is None:
        needed = "say how long instances are kept, and where they go: --older-than and --archive"
        raise CommandFailed(Exit.USAGE, needed)
    policy = Policy(int(settings.retention_older_than * 1000), settings.retention_archive)
    clock = SystemClock()
    with told_of_the_database(), closing(open_database(settings.database)) as opened:
        schema.prepare(opened)
        if dry_run:
            found = candidates(opened, clock.now() - policy.older_than_ms)
            _show_found(Counter(row.process_id for batch in found for row, _ in batch), json)
            return

        def transact(act: Callable[[sa.Connection], None]) -> None:
            with opened.transaction() as connection:
                act(connection)

        try:
            retained = Retention(opened, transact, clock, policy, Archive(policy.archive)).run()
        except ArchiveError as error:
            raise CommandFailed(Exit.FAILED, str(error)) from None
    if json:
        say_json({"instances": retained.instances, "files": retained.files, "archive": str(policy.archive)})
    else:
        say(f"archived {retained.instances} instances in {retained.files} files in {policy.archive}")


def _show_found(found: Counter[str], json: bool) -> None:
    if json:
        say_json({"instances": found.total(), "processes": found})
        return
    say_table(("PROCESS", "INSTANCES"), ((id, str(count)) for id, count in sorted(found.items())))
    say(f"would archive {found.total()} instances")

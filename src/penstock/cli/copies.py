"""`penstock backup`, `restore` and `move`: copies of a database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penstock.cli.exits import CommandFailed, Exit, told_of_the_database
from penstock.cli.options import Json, setting
from penstock.cli.output import say, say_json, tell

if TYPE_CHECKING:
    from penstock.store.backup import Copied

Copy = Annotated[Path, typer.Argument(help="the file of the copy", metavar="FILE")]
Folder = Annotated[Path, typer.Argument(help="the project folder", metavar="FOLDER")]
Url = Annotated[str | None, setting("database", metavar="URL")]


def backup(file: Copy, folder: Folder = Path(), database: Url = None, json: Json = False) -> None:
    """Copy a SQLite database to a new file, while its server runs or not."""
    from penstock.store.backup import back_up

    with told_of_the_database():
        copied = back_up(_sqlite_file(folder, database, "pg_dump"), file)
    _show(copied, "backed up to", json)


def restore(file: Copy, folder: Folder = Path(), database: Url = None, json: Json = False) -> None:
    """Put a copy in the place of a SQLite database that no server has; the old file is kept beside it."""
    from penstock.store.backup import restore as put_back

    with told_of_the_database():
        copied = put_back(file, _sqlite_file(folder, database, "pg_restore"))
    _show(copied, "restored", json)


def move(
    source: Annotated[str, typer.Option("--from", help="the SQLite database: sqlite:///FILE", metavar="URL")],
    target: Annotated[
        str, typer.Option("--to", help="the empty PostgreSQL database: postgresql://...", metavar="URL")
    ],
    json: Json = False,
) -> None:
    """Copy a SQLite database that no server has to an empty PostgreSQL database: everything, or nothing.

    Every table is compared by its rows and a checksum before anything is in force. The file is left as it is.
    """
    from penstock.config_readers import database as read
    from penstock.store.move import move as move_all
    from penstock.store.opening import open_database

    try:
        urls = [read(url, Path.cwd()) for url in (source, target)]
    except ValueError as error:
        raise CommandFailed(Exit.USAGE, f"--from and --to must each be {error}") from None
    if not (urls[0].startswith("sqlite:") and urls[1].startswith("postgresql")):
        raise CommandFailed(Exit.USAGE, "a database is moved --from sqlite:///FILE --to postgresql://...")
    file = Path(urls[0].removeprefix("sqlite:///"))
    if not file.is_file():
        raise CommandFailed(Exit.FAILED, f"there is no database {file}")
    with (
        told_of_the_database(),
        closing(open_database(urls[0])) as old,
        closing(open_database(urls[1])) as new,
    ):
        rows = move_all(old, new, lambda table, count: tell(f"{table}: {count}") if not json else None)
    if json:
        say_json({"tables": rows, "rows": sum(rows.values())})
    else:
        say(f"moved {sum(rows.values())} rows of {len(rows)} tables; {file} is as it was")


def _sqlite_file(folder: Path, database: str | None, instead: str) -> Path:
    from penstock.config import load

    url = load(folder, flags={"database": database}).database
    if not url.startswith("sqlite:///"):
        raise CommandFailed(Exit.USAGE, f"this is for SQLite; a PostgreSQL database has its own: {instead}")
    return Path(url.removeprefix("sqlite:///"))


def _show(copied: Copied, what: str, json: bool) -> None:
    kept = None if copied.kept is None else str(copied.kept)
    if json:
        say_json({"file": str(copied.file), "bytes": copied.size, "schema": copied.schema, "kept": kept})
        return
    say(f"{what} {copied.file}: {copied.size} bytes, schema {copied.schema}")
    if kept is not None:
        say(f"what was there is kept as {kept}")

"""`penstock db`: the schema of a database, for those who run it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penstock.cli.exits import CommandFailed, Exit, told_of_the_database
from penstock.cli.options import Json, setting
from penstock.cli.output import say, say_json

if TYPE_CHECKING:
    from penstock.store.database import Database

app = typer.Typer(help="Look after the schema of the database.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="the project folder", metavar="FOLDER")]
Url = Annotated[str | None, setting("database", metavar="URL")]


@app.callback()
def db() -> None:
    """Look after the schema of the database."""


@app.command()
def upgrade(folder: Folder = Path(), database: Url = None) -> None:
    """Bring the schema up to date, and make it where there is none. No server may run on the database."""
    from penstock.store import schema

    with _opened(folder, database) as opened:
        before = schema.check(opened)
        schema.upgrade(opened)
    say(f"the schema is {schema.HEAD}" + ("" if before == schema.HEAD else f"; it was {before or 'empty'}"))


@app.command()
def current(folder: Folder = Path(), database: Url = None, json: Json = False) -> None:
    """Show the revision of the schema, and the one that this release needs."""
    from penstock.store import schema

    with _opened(folder, database) as opened:
        found = schema.check(opened)
    if json:
        say_json({"current": found, "needed": schema.HEAD})
    else:
        say(f"the schema is {found or 'empty'}; this release needs {schema.HEAD}")


@app.command()
def check(folder: Folder = Path(), database: Url = None) -> None:
    """End with status 0 where a server of this release can run on the database, else with 1."""
    from penstock.store import schema

    with _opened(folder, database) as opened:
        found = schema.check(opened)
    if found != schema.HEAD:
        raise CommandFailed(
            Exit.FAILED,
            f"the schema is {found or 'empty'}; this release needs {schema.HEAD}: run `penstock db upgrade`",
        )
    say(f"the schema is {found}, as this release needs")


@contextmanager
def _opened(folder: Path, url: str | None) -> Iterator[Database]:
    from penstock.config import load
    from penstock.store.opening import open_database

    with (
        told_of_the_database(),
        closing(open_database(load(folder, flags={"database": url}).database)) as database,
    ):
        yield database

"""Copies of a SQLite database: made while a server writes to it, and put in its place while none does.

A copy is one snapshot, checked from its first page to its last, and has its name only when it is whole and on
the disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

import sqlalchemy as sa

from penstock.store import schema
from penstock.store.database import DatabaseError
from penstock.store.sqlite import hold

_BESIDE: Final = ("-wal", "-shm")
"""What SQLite keeps beside a file that is in use."""


class Copied(NamedTuple):
    """A copy that was made."""

    file: Path
    size: int
    """In bytes."""
    schema: str
    """The revision of its schema."""
    kept: Path | None = None
    """Where what was there before has gone."""


def back_up(source: Path, target: Path) -> Copied:
    """Copy a database that may be in use to a new file.

    Raises:
        DatabaseError: there is no such database, the file is there already, or it cannot be written.
    """
    if target.exists():
        raise DatabaseError(f"{target} is there already; name a new file for the copy")
    with _new_file(target) as partial:
        revision = _copy(source, partial)
        os.link(partial, target)  # fails where somebody has made it meanwhile
    return Copied(target, target.stat().st_size, revision)


def restore(source: Path, database: Path) -> Copied:
    """Put a copy in the place of a database, and keep what was there beside it.

    Raises:
        DatabaseError: a server has the database, or the copy cannot be used; nothing has changed.
    """
    database = database.resolve()
    if source.exists() and database.exists() and source.samefile(database):
        raise DatabaseError(f"{source} is the database itself; name a copy of it")
    with hold(database), _new_file(database) as partial:
        revision = _copy(source, partial)
        kept = _put_aside(database)
        os.replace(partial, database)
        _to_disk(database.parent)
    return Copied(database, database.stat().st_size, revision, kept)


def _copy(source: Path, target: Path) -> str:
    """Copy one snapshot to an empty file, check it, and give the revision of its schema."""
    if not source.is_file():
        raise DatabaseError(f"there is no database {source}")
    read = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(read, uri=True)) as old, closing(sqlite3.connect(target)) as new:
            # In one step: copied in parts, it would begin anew whenever somebody writes.
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, without others beside it
            found = new.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise DatabaseError(f"cannot copy the database {source} to {target.parent}: {error}") from None
    if found != "ok":
        raise DatabaseError(f"the database {source} is damaged: {found}")
    revision = _revision(source, target)
    _to_disk(target)
    return revision


def _revision(source: Path, copy: Path) -> str:
    engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(copy))
    try:
        with engine.connect() as connection:
            found = schema.current(connection)
    finally:
        engine.dispose()
    if found is None:
        raise DatabaseError(f"{source} is a database, but not one of Penstock's")
    if not schema.is_known(found):
        raise DatabaseError(
            f"{source} has the schema {found}, which is newer than this release ({schema.HEAD}): "
            "install the release that wrote it"
        )
    return found


@contextmanager
def _new_file(beside: Path) -> Iterator[Path]:
    """Give an empty file in the folder of another one, which is gone in the end."""
    partial = beside.with_name(f"{beside.name}.partial-{os.getpid()}")
    try:
        # Only for whom it belongs to: it holds whatever the processes know.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise DatabaseError(f"cannot write {beside}: {error.strerror}") from None
    try:
        yield partial
    except OSError as error:
        raise DatabaseError(f"cannot write {beside}: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)


def _put_aside(database: Path) -> Path | None:
    """Give what is there another name; a damaged file may be among it, so that it is not looked into.

    The file goes before its log, which SQLite takes for a leftover without it. One that was left so by a
    crash follows its file now: it must not come to stand beside another one.
    """
    number = 1
    while (kept := database.with_name(f"{database.name}.before-restore-{number}")).exists():
        number += 1
    found = database.exists()
    if found:
        os.replace(database, kept)
    elif number > 1:
        kept = database.with_name(f"{database.name}.before-restore-{number - 1}")
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            os.replace(f"{database}{suffix}", f"{kept}{suffix}")
    return kept if found else None


def _to_disk(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""SQLite: one file, one server.

It runs in WAL mode with `synchronous=FULL`, so that a commit is on the disk when it returns. A lock file
beside the database keeps a second server out: two would fight over leases and versions.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from penstock.store.database import READERS, Database, DatabaseError, reason

BUSY_TIMEOUT_MS: Final = 5_000


class SqliteDatabase(Database):
    """One SQLite file."""

    def __init__(self, url: URL) -> None:
        """Open the database, and make its file where there is none.

        Raises:
            DatabaseError: the URL names no file, the file cannot be written, or another server has it.
        """
        if not url.database or url.database == ":memory:":
            raise DatabaseError("the database must be a file, so that it outlives the server: sqlite:///FILE")
        self.path = Path(url.database)
        self._lock = _lock(self.path)
        super().__init__(str(self.path), _engine(url, writer=True), _engine(url, writer=False))
        try:
            with self._writer.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
        except SQLAlchemyError as error:
            self.close()
            raise DatabaseError(f"cannot use the database {self.path}: {reason(error)}") from None

    @property
    def shared(self) -> bool:
        """A file has one server, so nobody is disturbed."""
        return False

    @property
    def writers(self) -> int:
        """SQLite lets one write at a time."""
        return 1

    def now(self) -> int:
        """The file's server and its clock are this machine's."""
        return time.time_ns() // 1_000_000

    def keep_copy(self, before: str) -> None:
        """Copy the file as one consistent snapshot.

        Raises:
            DatabaseError: the copy cannot be written.
        """
        try:
            with sqlite3.connect(self.path) as old, sqlite3.connect(f"{self.path}.before-{before}") as new:
                old.backup(new)
            old.close()
            new.close()
        except sqlite3.Error as error:
            raise DatabaseError(f"cannot copy the database {self.path}: {reason(error)}") from None

    def mend(self, connection: sa.Connection) -> None:
        """A connection to a file does not break; `begin` rolls back what a commit that failed has left."""

    def close(self) -> None:
        """Close every connection and let another server have the file."""
        super().close()
        os.close(self._lock)


def _engine(url: URL, *, writer: bool) -> sa.Engine:
    engine = sa.create_engine(
        url,
        pool_size=1 if writer else READERS,
        max_overflow=0,
        connect_args={"check_same_thread": False},
    )
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @sa.event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        if not writer:
            connection.execute("PRAGMA query_only=ON")

    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        driver = cast(sqlite3.Connection, connection.connection.dbapi_connection)
        if driver.in_transaction:
            # A commit failed and left its transaction open; SQLAlchemy does not roll back after that.
            driver.rollback()
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Keep every server from a file inside the block.

    Raises:
        DatabaseError: a server has it.
    """
    handle = _lock(path)
    try:
        yield
    finally:
        os.close(handle)


def _lock(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DatabaseError(f"cannot use the database {path}: {error.strerror}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise DatabaseError(
            f"the database {path} is in use by another Penstock server; stop it, or name another database"
        ) from None
    return handle

"""The connections to one database: a single writer, and readers beside it that never wait for it.

SQLite runs in WAL mode with `synchronous=FULL`, so that a commit is on the disk when it returns. A lock file
beside the database keeps a second server out: two would fight over leases and versions.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

BUSY_TIMEOUT_MS: Final = 5_000
READERS: Final = 4


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class Database:
    """One SQLite database: its writer, its readers and the lock that keeps other servers out."""

    def __init__(self, url: str) -> None:
        """Open the database, and make its file where there is none.

        Arguments:
            url: such as `sqlite:///folder/penstock.db`.

        Raises:
            DatabaseError: the URL is not one of a SQLite file, the file cannot be written, or another server
                has it.
        """
        self.url = _sqlite_url(url)
        self.path = Path(self.url.database or "")
        self._lock = _lock(self.path)
        self._writer = self._engine(writer=True)
        self._reader = self._engine(writer=False)
        try:
            with self._writer.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
        except SQLAlchemyError as error:
            self.close()
            raise DatabaseError(f"cannot use the database {self.path}: {reason(error)}") from None

    def _engine(self, *, writer: bool) -> sa.Engine:
        engine = sa.create_engine(
            self.url,
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

    def writer(self) -> sa.Connection:
        """Give the connection that writes; the caller keeps it, and there is only one."""
        return self._writer.connect()

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Give a connection inside a transaction of its own, committed at the end."""
        with self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one snapshot and cannot write."""
        with self._reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection and let another server have the database."""
        self._writer.dispose()
        self._reader.dispose()
        os.close(self._lock)


OPERATIONAL: Final = (OperationalError, sqlite3.OperationalError)
"""What is raised when the database cannot do its work: by SQLAlchemy, or by the driver underneath."""


def reason(error: Exception) -> str:
    """Give what the driver said, without the statement and its values."""
    return str(getattr(error, "orig", None) or error)


def _sqlite_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise DatabaseError(f"'{text}' is no database URL; one is sqlite:///penstock.db") from None
    if url.get_backend_name() != "sqlite":
        raise DatabaseError(f"'{url.get_backend_name()}' databases are not supported; use sqlite:///FILE")
    if not url.database or url.database == ":memory:":
        raise DatabaseError("the database must be a file, so that it outlives the server: sqlite:///FILE")
    return url


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

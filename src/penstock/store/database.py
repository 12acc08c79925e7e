"""The connections to one database: a single writer, and readers beside it that never wait for it.

What each does in its own way stands in `sqlite.py` and `postgres.py`; `opening.py` chooses.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

READERS: Final = 4


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class Database(ABC):
    """One database: its writer, its readers, and what keeps other servers out."""

    def __init__(self, name: str, writer: sa.Engine, reader: sa.Engine) -> None:
        self.name = name
        """What it is called in messages and logs; without a password."""
        self._writer = writer
        self._reader = reader

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

    @property
    @abstractmethod
    def upgrades_itself(self) -> bool:
        """Whether a server may change the schema as it starts; else somebody runs `penstock db upgrade`."""

    @abstractmethod
    def keep_copy(self, before: str) -> None:
        """Keep what is there from before an upgrade to this revision, where that is ours to do."""

    @abstractmethod
    def mend(self, connection: sa.Connection) -> None:
        """Let the writer go on after a failure: a connection that broke is made anew at its next use."""

    def close(self) -> None:
        """Close every connection and let another server have the database."""
        self._writer.dispose()
        self._reader.dispose()


def _operational() -> tuple[type[Exception], ...]:
    try:
        import psycopg
    except ImportError:  # the driver of PostgreSQL is an extra
        return OperationalError, sqlite3.OperationalError
    return OperationalError, sqlite3.OperationalError, psycopg.OperationalError


OPERATIONAL: Final = _operational()
"""What is raised when the database cannot do its work: by SQLAlchemy, or by a driver underneath."""


def reason(error: Exception) -> str:
    """Give what the driver said, on one line, without the statement and its values."""
    return " ".join(str(getattr(error, "orig", None) or error).split())

